import { generateKeyPairSync } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { codeOf } from '@bianmin/shared/errors';
import type { JournalEntry } from '@bianmin/shared/meter-card/journal';
import type { CardLayouts } from '@bianmin/shared/meter-card/layout';
import { signLayouts } from '@bianmin/shared/node/signed-layouts';
import { DirectSession } from '@bianmin/shared/testing/direct-session';
import { ManualClock } from '@bianmin/shared/testing/manual-clock';
import { tripleDes } from '@bianmin/shared/testing/node/triple-des';
import { samplePurchase } from '@bianmin/shared/testing/sample-purchase';
import { BOTH_MAKERS } from '@bianmin/shared/testing/second-maker';
import { LayoutKeeper, type KeptLayouts } from './card-layouts.ts';

const DAY_MS = 86_400_000;
const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const signed = (version: number, key = keys.privateKey): string =>
  signLayouts({ ...BOTH_MAKERS, version }, key);

function kiosk(kept?: KeptLayouts, withKey = true) {
  const clock = new ManualClock();
  const disk: { kept: KeptLayouts | undefined; full: boolean } = { kept, full: false };
  const entries: Pick<JournalEntry, 'phase' | 'startedAt'>[] = [];
  const rig = { clock, disk, entries, busy: false, offered: undefined as string | undefined };
  const faults: (string | undefined)[] = [];
  const fetch = vi.fn((have: number) => {
    const document = rig.offered;
    return Promise.resolve(document === undefined || have > 90 ? undefined : { document });
  });
  const open = (): LayoutKeeper =>
    new LayoutKeeper({
      key: withKey ? keys.publicKey : undefined,
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
      onFault: (_, error) => faults.push(codeOf(error) ?? (error as Error).message),
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
  expect(fetch).toHaveBeenCalledWith(1);
  expect(keeper.version).toBe(2);
  expect(await layoutOf(keeper)).toBe('second-SLE4442');
  expect(rig.disk.kept).toEqual({ used: rig.offered, next: null });
  expect(open().version).toBe(2);
  expect(faults).toEqual([]);
});

it.each<[string, string, string]>([
  ['signed by another key', signed(2, other.privateKey), 'layouts.unsigned'],
  ['of no newer version', signLayouts({ ...BOTH_MAKERS, version: 1 }, keys.privateKey), 'layouts.older'],
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
    expect(fetch).toHaveBeenLastCalledWith(2);
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
  for (const used of ['a.b.c', signLayouts(older, keys.privateKey)]) {
    expect(kiosk({ used, next: null }).open().version).toBe(1);
  }
  const without = kiosk({ used: signed(2), next: null }, false);
  const keeper = without.open();
  await keeper.refresh();
  expect(keeper.version).toBe(1);
  expect(without.fetch).not.toHaveBeenCalled();
});
