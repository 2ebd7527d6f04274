import { createPublicKey } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { codeOf } from '@bianmin/card/errors';
import type { JournalEntry } from '@bianmin/card/meter-card/journal';
import type { CardLayouts } from '@bianmin/card/meter-card/layout';
import { DirectSession } from '@bianmin/card/testing/direct-session';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { tripleDes } from '@bianmin/card/testing/node/triple-des';
import { samplePurchase } from '@bianmin/card/testing/sample-purchase';
import { BOTH_MAKERS } from '@bianmin/card/testing/second-maker';
import { rootOfOneKey } from '@bianmin/purchase/node/release-root';
import { signText } from '@bianmin/purchase/node/signed-document';
import { ReleaseSigners, signer, times } from '@bianmin/purchase/testing/node/release-signers';
import { LayoutKeeper, type KeptLayouts } from './card-layouts.ts';
import { ReleaseTrust } from './release-trust.ts';

const DAY_MS = 86_400_000;
const START = new ManualClock().now();
const signers = new ReleaseSigners();
const [oldKey] = signers.three;
const signed = (version: number, how?: Parameters<ReleaseSigners['signLayouts']>[1]): string =>
  signers.signLayouts({ ...BOTH_MAKERS, version }, how);
/** As the one key of before signed it. */
const former = (version: number, key = oldKey.privateKey): string =>
  signText(JSON.stringify({ format: 1, ...BOTH_MAKERS, version }), {
    ...{ typ: 'bianmin-card-layouts+jws', key },
  });

function kiosk(kept?: KeptLayouts, born: 'root' | 'key' | 'nobody' = 'root') {
  const clock = new ManualClock();
  const disk: { kept: KeptLayouts | undefined; full: boolean } = { kept, full: false };
  const entries: Pick<JournalEntry, 'phase' | 'startedAt'>[] = [];
  const rig = { clock, disk, entries, busy: false, offered: undefined as string | undefined };
  const faults: (string | undefined)[] = [];
  const onFault = (_: string, error: unknown): void =>
    void faults.push(codeOf(error) ?? (error as Error).message);
  const trust = new ReleaseTrust({
    born: born === 'key' ? rootOfOneKey(oldKey.publicKey) : signers.root,
    fetch: (have) => Promise.resolve(have === 0 ? { roots: [signers.document] } : undefined),
    file: { read: () => undefined, write: () => undefined },
    ...{ clock, serverClock: { skewMs: 0 }, onFault },
  });
  const fetch = vi.fn((have: number, root: number) => {
    expect(root).toBe(1);
    const document = rig.offered;
    return Promise.resolve(document === undefined || have > 90 ? undefined : { document });
  });
  const open = (): LayoutKeeper =>
    new LayoutKeeper({
      trust: born === 'nobody' ? undefined : trust,
      formerKey: born === 'key' ? createPublicKey(oldKey.privateKey) : undefined,
      fetch,
      file: {
        read: () => disk.kept,
        write: (value) => {
          if (disk.full) throw new Error('the disk is full');
          disk.kept = value;
        },
      },
      journal: { list: () => Promise.resolve(entries as JournalEntry[]) },
      busy: () => rig.busy,
      clock,
      onFault,
    });
  return { rig, faults, fetch, open };
}

async function layoutOf(keeper: LayoutKeeper): Promise<string | undefined> {
  const { card } = samplePurchase('second-SLE4442', { cipher: tripleDes, seed: 3 });
  const found = await keeper.recognise(new DirectSession(card), { memoryDialect: 'acs' });
  return found.layout?.id;
}

it('is born with version 1, and uses a newer one from the next card on, after a restart too', async () => {
  const { rig, open, fetch, faults } = kiosk();
  const keeper = open();
  expect(keeper.version).toBe(1);
  expect(await layoutOf(keeper)).toBe('sandbox-SLE4442');
  rig.offered = signed(2);
  await keeper.refresh();
  expect(fetch).toHaveBeenCalledWith(1, 1);
  expect(keeper.version).toBe(2);
  expect(await layoutOf(keeper)).toBe('second-SLE4442');
  expect(rig.disk.kept).toEqual({ used: rig.offered, next: null });
  expect(open().version).toBe(2);
  expect(faults).toEqual([]);
});

it.each<[string, string, string]>([
  ['signed by one alone', signed(2, { by: [oldKey] }), 'layouts.unsigned'],
  ['signed by one and a stranger', signed(2, { by: [oldKey, signer()] }), 'layouts.unsigned'],
  ['signed as one key did before', former(2), 'layouts.unsigned'],
  ['that was withheld until it ran out', signed(2, { at: times(START - 30 * DAY_MS, 29) }), 'trust.expired'],
  ['of no newer version', signed(1), 'layouts.older'],
  ['that is none', 'a.b.c', 'layouts.unsigned'],
])('takes no document %s', async (_, document, code) => {
  const { rig, open, faults } = kiosk();
  const keeper = open();
  rig.offered = document;
  await keeper.refresh();
  expect(faults).toEqual([code]);
  expect(keeper.version).toBe(1);
  expect(rig.disk.kept).toBeUndefined();
});

it('never goes back, whatever the server gives', async () => {
  const { rig, open, faults } = kiosk({ used: signed(5), next: null });
  const keeper = open();
  rig.offered = signed(4);
  await keeper.refresh();
  expect([keeper.version, ...faults]).toEqual([5, 'layouts.older']);
});

it('waits for the end of a purchase', async () => {
  const { rig, open } = kiosk();
  const keeper = open();
  rig.offered = signed(2);
  rig.busy = true;
  await keeper.refresh();
  expect(keeper.version).toBe(1);
  expect(rig.disk.kept).toEqual({ used: null, next: rig.offered });
  rig.offered = undefined;
  rig.busy = false;
  await keeper.refresh();
  expect(keeper.version).toBe(2);
});

it.each(['intent', 'presenting', 'writing'] as const)(
  'waits for a card that was torn under the layouts before, over a restart: %s',
  async (phase) => {
    const { rig, open, fetch } = kiosk();
    rig.offered = signed(2);
    rig.entries.push({ phase, startedAt: rig.clock.now() });
    await open().refresh();
    rig.offered = undefined;
    const again = open();
    expect(again.version).toBe(1);
    await again.refresh();
    expect(fetch).toHaveBeenLastCalledWith(2, 1);
    expect(again.version).toBe(1);
    rig.entries.length = 0;
    await again.refresh();
    expect(again.version).toBe(2);
  },
);

it('does not wait for a card that is done, or that has not come back in a week', async () => {
  for (const [phase, age] of [
    ['written', 0],
    ['failed', 0],
    ['writing', 7 * DAY_MS],
  ] as const) {
    const { rig, open } = kiosk();
    rig.offered = signed(2);
    rig.entries.push({ phase, startedAt: rig.clock.now() - age });
    const keeper = open();
    await keeper.refresh();
    expect(keeper.version, phase).toBe(2);
  }
});

it('uses nothing that it could not keep', async () => {
  const { rig, open, faults } = kiosk();
  const keeper = open();
  rig.offered = signed(2);
  rig.disk.full = true;
  await keeper.refresh();
  expect([keeper.version, ...faults]).toEqual([1, 'the disk is full']);
});

it('goes on with what it was born with where what is kept is damaged or older, and without a key', async () => {
  const older: CardLayouts = { ...BOTH_MAKERS, version: 1 };
  for (const used of ['a.b.c', '{}', signers.signLayouts(older), former(2)]) {
    expect(kiosk({ used, next: null }).open().version).toBe(1);
  }
  const without = kiosk({ used: signed(2), next: null }, 'nobody');
  const keeper = without.open();
  await keeper.refresh();
  expect(keeper.version).toBe(1);
  expect(without.fetch).not.toHaveBeenCalled();
});

it('goes on with what it keeps of before roots, and takes the next one as two have signed it', async () => {
  const { rig, open, faults } = kiosk({ used: former(2), next: null }, 'key');
  const keeper = open();
  expect(keeper.version).toBe(2);
  rig.offered = former(3);
  await keeper.refresh();
  expect([keeper.version, ...faults]).toEqual([2, 'layouts.unsigned']);
  rig.offered = signed(3);
  await keeper.refresh();
  expect([keeper.version, ...faults.slice(1)]).toEqual([3]);
  expect(open().version).toBe(3);
});

it('reads on by what has run out since it was taken', async () => {
  const { rig, open, faults } = kiosk();
  rig.offered = signed(2);
  const keeper = open();
  await keeper.refresh();
  rig.offered = undefined;
  rig.clock.jump(365 * DAY_MS);
  expect(open().version).toBe(2);
  await keeper.refresh();
  expect([keeper.version, ...faults]).toEqual([2]);
});
