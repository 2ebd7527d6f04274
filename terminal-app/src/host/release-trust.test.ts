import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { codeOf } from '@bianmin/card/errors';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { rootOfOneKey, type ReleaseRoot } from '@bianmin/purchase/node/release-root';
import {
  ReleaseSigners,
  rootContent,
  signedRoot,
  signer,
  times,
} from '@bianmin/purchase/testing/node/release-signers';
import { bornRoot, ReleaseTrust, type KeptTrust } from './release-trust.ts';

const DAY_MS = 86_400_000;
const signers = new ReleaseSigners();
const [a, b, c] = signers.three;
const second = signedRoot(rootContent([a, b, signer()], { version: 2 }), [a, b]);
const third = signedRoot(rootContent([a, b, c], { version: 3 }), [a, b]);

function terminal(born: ReleaseRoot = signers.root, kept?: KeptTrust) {
  const clock = new ManualClock();
  const rig = {
    ...{ clock, kept, served: [] as string[], full: false },
    serverClock: { skewMs: 0 as number | null },
    faults: [] as (string | undefined)[],
  };
  const open = (as = born): ReleaseTrust =>
    new ReleaseTrust({
      ...{ born: as, clock, serverClock: rig.serverClock },
      fetch: () => Promise.resolve(rig.served.length === 0 ? undefined : { roots: rig.served }),
      file: {
        read: () => rig.kept,
        write: (value) => {
          if (rig.full) throw new Error('the disk is full');
          rig.kept = value;
        },
      },
      onFault: (_, error) => void rig.faults.push(codeOf(error) ?? (error as Error).message),
    });
  return { rig, open };
}

function failure(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return codeOf(error);
  }
}

describe('the root of a terminal', () => {
  it('follows the server’s chain, is kept, and is verified again at each start', async () => {
    const { rig, open } = terminal();
    const trust = open();
    rig.served = [second, third];
    await trust.refresh();
    expect([trust.root.version, open().root.version, rig.faults]).toEqual([3, 3, []]);
    rig.kept = { roots: [third], seenAt: 0 };
    expect(open().root.version).toBe(1);
    // A later program is born with a later root.
    rig.kept = { roots: [second, third], seenAt: 0 };
    const later = terminal(signers.root);
    later.rig.served = [second];
    const born = later.open();
    await born.refresh();
    expect(open(born.root).root.version).toBe(3);
  });

  it.each([
    [
      'that the signers before have not signed',
      signedRoot(rootContent([a, signer(), signer()], { version: 2 }), [a]),
    ],
    ['that leaves one out', third],
    ['that was there before', signers.document],
    ['that is none', '{"payload":"e30","signatures":[]}'],
  ])('is none %s, whatever the server says', async (_, document) => {
    const { rig, open } = terminal();
    const trust = open();
    rig.served = [document];
    await trust.refresh();
    expect([trust.root.version, rig.faults.length, rig.kept]).toEqual([1, 1, undefined]);
  });

  it('is not used that could not be kept', async () => {
    const { rig, open } = terminal();
    const trust = open();
    [rig.served, rig.full] = [[second], true];
    await trust.refresh();
    expect([trust.root.version, ...rig.faults]).toEqual([1, 'the disk is full']);
  });

  it('leads a terminal of before roots over, by the key that it knows', async () => {
    const { rig, open } = terminal(rootOfOneKey(b.publicKey));
    const trust = open();
    expect(trust.root.version).toBe(0);
    rig.served = [signers.document, second];
    await trust.refresh();
    expect([trust.root.version, open().root.version, rig.faults]).toEqual([2, 2, []]);
  });
});

describe('whether a document is still good', () => {
  const fresh = times();

  it('is judged by the server’s clock: a terminal that woke in 1970 takes what is good', () => {
    const { rig, open } = terminal();
    const behind = new ManualClock(0);
    rig.serverClock.skewMs = -rig.clock.now();
    Object.assign(rig.clock, { now: () => behind.now() });
    expect(failure(() => open().requireFresh(fresh))).toBeUndefined();
  });

  it('ends with its last moment', () => {
    const { rig, open } = terminal();
    rig.clock.jump(90 * DAY_MS - 1);
    expect(failure(() => open().requireFresh(fresh))).toBeUndefined();
    rig.clock.jump(1);
    expect(failure(() => open().requireFresh(fresh))).toBe('trust.expired');
  });

  it('ends with the root', () => {
    const { rig, open } = terminal();
    rig.clock.jump(1100 * DAY_MS);
    expect(failure(() => open().requireFresh(times(rig.clock.now())))).toBe('trust.root-expired');
  });

  it('is not said before the server’s clock is known, nor by a clock that is far ahead of it', () => {
    const { rig, open } = terminal();
    rig.serverClock.skewMs = null;
    expect(failure(() => open().requireFresh(fresh))).toBe('trust.clock');
    rig.clock.jump(365 * DAY_MS);
    rig.serverClock.skewMs = 365 * DAY_MS;
    expect(failure(() => open().requireFresh(fresh))).toBe('trust.clock');
  });

  it('is not said of one that was signed in the future, which would end all others', () => {
    const { rig, open } = terminal();
    const trust = open();
    expect(failure(() => trust.requireFresh(times(rig.clock.now() + 30 * DAY_MS)))).toBe('trust.clock');
    expect(failure(() => trust.requireFresh(fresh))).toBeUndefined();
  });

  it('is not undone by a server whose clock was set back, over a restart too', () => {
    const { rig, open } = terminal();
    const withheld = times(rig.clock.now(), 10);
    rig.clock.jump(60 * DAY_MS);
    open().requireFresh(times(rig.clock.now()));
    // Both clocks go back to when what was withheld was good.
    const back = rig.clock.now() - 59 * DAY_MS;
    Object.assign(rig.clock, { now: () => back });
    expect(failure(() => open().requireFresh(withheld))).toBe('trust.expired');
  });
});

describe('what a terminal is born with', () => {
  const folder = mkdtempSync(join(tmpdir(), 'born-'));
  const file = join(folder, 'roots.jsonl');
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const env = (of: { file?: string; key?: string }) => ({
    BIANMIN_RELEASE_ROOT: of.file,
    BIANMIN_RELEASE_KEY: of.key,
  });

  it('is the last root of its file, else the way over from one key, else nothing', () => {
    writeFileSync(file, `${signers.document}\n${second}\n`);
    expect(bornRoot(env({ file, key: a.publicKey }))?.version).toBe(2);
    expect(bornRoot(env({ key: a.publicKey }))?.version).toBe(0);
    expect(bornRoot(env({}))).toBeUndefined();
  });

  it('is no file that is missing, damaged or not signed', () => {
    writeFileSync(file, signedRoot(rootContent(signers.three), [a]));
    expect(failure(() => bornRoot(env({ file })))).toBe('trust.root-unsigned');
    expect(() => bornRoot(env({ file: join(folder, 'none') }))).toThrow(/ENOENT/);
    expect(() => bornRoot(env({ key: 'AAAA' }))).toThrow(TypeError);
  });
});
