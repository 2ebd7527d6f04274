import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock, settled } from '@bianmin/card/testing/manual-clock';
import type { ReleaseOffer } from '@bianmin/purchase/api/release-offer';
import { ReleaseSigners, signer, times } from '@bianmin/purchase/testing/node/release-signers';
import { releaseCheck } from '../host/release-check.ts';
import { ReleaseTrust } from '../host/release-trust.ts';
import { FEED_EVERY_MS } from '../policy/feed.ts';
import { UPDATE_IDLE_MS } from '../policy/update-moment.ts';
import { HEALTHY_AFTER_MS, HEALTHY_WITHIN_MS, updateState } from '../policy/update-state.ts';
import { appImageReplacement, KeptInstallers, nsisReplacement } from './installers.ts';
import { KeptFile } from '../files/kept-file.ts';
import { INSTALL_WITHIN_MS, Updates } from './updates.ts';
import type { Ready } from './release-source.ts';

let folder: string;
let clock: ManualClock;
let appImage: string;
let told: string[];
let offer: Ready | undefined;
/** What the server answers; undefined: it is away. */
let offered: (() => ReleaseOffer | undefined) | undefined;
let asked: { version: string; refused: string[] }[];
const DAY_MS = 86_400_000;
const signers = new ReleaseSigners();
/** How far this kiosk's clock is ahead of the server's, ms. */
let skewMs: number | null;
const night = { busy: false, idleMs: UPDATE_IDLE_MS, undelivered: 0, hour: 3 };
let moment: typeof night;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bianmin-updates-'));
  clock = new ManualClock();
  appImage = join(folder, 'kiosk.AppImage');
  writeFileSync(appImage, 'release 1.0.0');
  told = [];
  offer = undefined;
  asked = [];
  offered = () => offer && offerOf(offer);
  moment = night;
  skewMs = 0;
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const read = (path: string): string => readFileSync(path, 'utf8');

/** The signed offer of a download. */
function offerOf({ version, installer }: Ready, how?: Parameters<ReleaseSigners['sign']>[1]): ReleaseOffer {
  const bytes = readFileSync(installer);
  const file = {
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    sha512: createHash('sha512').update(bytes).digest('base64'),
  };
  const files = ['kiosk.AppImage', 'latest-linux.yml'].map((name) => ({ name, ...file }));
  const manifest = signers.sign({ kind: 'kiosk-linux', version, notes: '', files }, how);
  return { version, path: '/updates/ticket/', manifest };
}

/** The program of a release that starts. */
function program(version: string): Updates {
  let kept: { roots: string[]; seenAt: number } | undefined;
  const trust = new ReleaseTrust({
    born: signers.root,
    fetch: () => Promise.resolve(undefined),
    file: { read: () => kept, write: (value) => void (kept = value) },
    ...{ clock, serverClock: { skewMs }, onFault: () => undefined },
  });
  return new Updates({
    ...{ clock, version, running: appImage, chance: () => 0.5 },
    file: new KeptFile(join(folder, 'update-state.json'), updateState),
    installers: new KeptInstallers(folder),
    replacement: appImageReplacement(appImage),
    source: {
      ask: ({ step, ...said }) => {
        told.push(step === undefined ? 'ask' : [step.is, step.version, step.code ?? ''].join(' ').trim());
        asked.push(said);
        return offered === undefined ? Promise.reject(new Error('away')) : Promise.resolve(offered());
      },
      check: releaseCheck({ kind: 'kiosk-linux', running: version, trust: () => trust }),
      feedOf: (path) => `https://server.example${path}`,
      updater: {
        download: (feed, takes) => {
          expect(feed).toBe('https://server.example/updates/ticket/');
          return Promise.resolve(offer !== undefined && takes(offer.version) ? offer : undefined);
        },
        install: () => told.push('install'),
      },
    },
    moment: () => Promise.resolve(moment),
    close: async () => void told.push('close'),
    leave: async (again) => void told.push(`leave ${again}`),
    onFault: (where, error) => told.push(`${where}: ${String(error)}`),
  });
}

/** A release that comes up as it should. */
async function healthy(version: string): Promise<Updates> {
  const updates = program(version);
  expect(await updates.start()).toBe(false);
  clock.jump(HEALTHY_AFTER_MS);
  updates.painted();
  return updates;
}

/** A release that the feed offers, downloaded. */
function downloaded(version: string): Ready {
  const installer = join(folder, `download-${version}.AppImage`);
  writeFileSync(installer, `release ${version}`);
  return { version, installer };
}

/** Reading a file takes real time. */
const untilTold = (what: string): Promise<void> => expect.poll(() => told).toContain(what);

/** Asks, and then looks once whether it may install what it got. */
async function takeNext(updates: Updates): Promise<void> {
  clock.jump(FEED_EVERY_MS);
  await updates.look();
  await expect.poll(() => updates.idle).toBe(true);
  void updates.look();
  await settled();
}

/** The same, with what it got installed. */
async function install(updates: Updates): Promise<void> {
  await takeNext(updates);
  await untilTold('install');
}

describe('a new release', () => {
  it('is asked for now and then, and installed when the terminal is idle, with the host closed before', async () => {
    const updates = await healthy('1.0.0');
    await updates.look();
    expect(told).toEqual([]);
    offer = downloaded('1.1.0');
    moment = { ...night, busy: true };
    await takeNext(updates);
    moment = { ...night, undelivered: 1 };
    await updates.look();
    expect(told).toEqual(['ask']);
    moment = night;
    void updates.look();
    await untilTold('install');
    expect(told).toEqual(['ask', 'installing 1.1.0', 'close', 'install']);
    expect(readdirSync(join(folder, 'installers')).sort()).toEqual(['1.0.0.AppImage', '1.1.0.AppImage']);
    // It ends the program; where it does not, the program is started again.
    await clock.advance(INSTALL_WITHIN_MS);
    expect(told.at(-1)).toBe('leave true');
  });

  it('that comes up becomes the one to fall back to', async () => {
    await install(((offer = downloaded('1.1.0')), await healthy('1.0.0')));
    writeFileSync(appImage, 'release 1.1.0');
    await healthy('1.1.0');
    expect(readdirSync(join(folder, 'installers'))).toEqual(['1.1.0.AppImage']);
  });

  it('that ends twice before it is healthy is replaced by the last good one, and not taken again', async () => {
    await install(((offer = downloaded('1.1.0')), await healthy('1.0.0')));
    // The old program is gone.
    await clock.advance(INSTALL_WITHIN_MS);
    writeFileSync(appImage, 'release 1.1.0');
    expect(await program('1.1.0').start()).toBe(false);
    expect(await program('1.1.0').start()).toBe(false);
    told = [];
    expect(await program('1.1.0').start()).toBe(true);
    expect(told).toEqual(['leave true']);
    expect(read(appImage)).toBe('release 1.0.0');
    expect(statSync(appImage).mode & 0o777).toBe(0o755);
    told = [];
    await takeNext(await healthy('1.0.0'));
    expect(told).toEqual(['ask']);
  });

  it('that does not paint in time is replaced while it runs', async () => {
    await healthy('1.0.0');
    writeFileSync(appImage, 'release 1.1.0');
    const updates = program('1.1.0');
    await updates.start();
    // A first picture right after the start proves nothing.
    updates.painted();
    clock.jump(HEALTHY_WITHIN_MS - 1);
    await updates.look();
    expect(read(appImage)).toBe('release 1.1.0');
    clock.jump(1);
    await updates.look();
    expect(read(appImage)).toBe('release 1.0.0');
    expect(told).toEqual(['leave true']);
  });

  it('goes on where there is nothing to fall back to, and says so once', async () => {
    await healthy('1.0.0');
    rmSync(join(folder, 'installers'), { recursive: true });
    const updates = program('1.1.0');
    await updates.start();
    clock.jump(HEALTHY_WITHIN_MS);
    await updates.look();
    await updates.look();
    expect(told).toEqual(['updates: Error: There is no installer to fall back to.']);
  });

  it('does not look for the next one while it is on trial', async () => {
    const updates = program('1.0.0');
    await updates.start();
    clock.jump(2 * FEED_EVERY_MS);
    await updates.look();
    expect(told).toEqual([]);
  });
});

describe('a release that is not ours', () => {
  const failed = (code: string): string => `failed 1.1.0 ${code}`;

  const [first, second] = signers.three;

  it.each([
    ['one of the signers alone', [first]],
    ['strangers', [signer(), signer()]],
    ['one of the signers and a stranger', [second, signer()]],
  ])('is not even downloaded where %s have signed it, and the server is told', async (_, by) => {
    const ready = downloaded('1.1.0');
    offered = () => offerOf(ready, { by });
    await takeNext(await healthy('1.0.0'));
    await untilTold(failed('update.unsigned'));
    expect(told).not.toContain('install');
  });

  it('is not taken that was withheld until it ran out', async () => {
    const ready = downloaded('1.1.0');
    const signed = offerOf(ready);
    offered = () => signed;
    clock.jump(91 * DAY_MS);
    await takeNext(await healthy('1.0.0'));
    await untilTold(failed('update.expired'));
    expect(told).not.toContain('install');
  });

  it('is not installed that ran out while it lay about', async () => {
    const updates = await healthy('1.0.0');
    const brief = { at: times(clock.now(), 1) };
    offer = downloaded('1.1.0');
    const signed = offerOf(offer, brief);
    offered = () => signed;
    moment = { ...night, busy: true };
    await takeNext(updates);
    moment = night;
    clock.jump(2 * DAY_MS);
    await updates.look();
    await untilTold(failed('update.expired'));
    expect(told).not.toContain('install');
  });

  it('is not taken that is older than what runs, or the same', async () => {
    for (const version of ['0.9.0', '1.0.0']) {
      told = [];
      const ready = downloaded(version);
      offered = () => offerOf(ready);
      await takeNext(await healthy('1.0.0'));
      await untilTold(`failed ${version} update.older`);
      expect(told).not.toContain('install');
    }
  });

  it('is not taken whose manifest is of another version or kind than was offered', async () => {
    const ready = downloaded('1.1.0');
    const { manifest } = offerOf(downloaded('1.2.0'));
    const files = ['kiosk.AppImage', 'latest.yml'].map((name) => ({
      ...{ name, bytes: 1, sha256: 'ab'.repeat(32), sha512: `${'A'.repeat(86)}==` },
    }));
    const windows = signers.sign({ kind: 'kiosk-win', version: '1.1.0', notes: '', files });
    for (const mixed of [manifest, windows]) {
      told = [];
      offered = () => ({ ...offerOf(ready), manifest: mixed });
      await takeNext(await healthy('1.0.0'));
      await untilTold(failed('update.unsigned'));
    }
    expect(told).not.toContain('install');
  });

  it('is neither taken nor blamed while a clock says nothing about it', async () => {
    const ready = downloaded('1.1.0');
    offered = () => offerOf(ready);
    for (const [skew, ahead] of [
      // The server's clock is not known yet; this kiosk's own is a year ahead of it.
      [null, 0],
      [365 * DAY_MS, 365 * DAY_MS],
    ] as const) {
      told = [];
      skewMs = skew;
      clock.jump(ahead);
      await takeNext(await healthy('1.0.0'));
      await untilTold('ask');
      expect(told.join('\n')).toMatch(/^ask\nupdates: TrustError/);
    }
  });

  it('is not installed where its installer is none of the signed files, as it came or as it lay about', async () => {
    const updates = await healthy('1.0.0');
    offer = downloaded('1.1.0');
    const signed = offerOf(offer);
    offered = () => signed;
    moment = { ...night, busy: true };
    await takeNext(updates);
    writeFileSync(offer.installer, 'another program');
    moment = night;
    await updates.look();
    await untilTold(failed('update.other-bytes'));
    // And once more from the feed.
    await takeNext(updates);
    await expect.poll(() => told.filter((line) => line === failed('update.other-bytes')).length).toBe(2);
    expect(told).not.toContain('install');
    expect(told).not.toContain('close');
  });
});

describe('a rollout that was halted', () => {
  it('keeps what was downloaded from being installed, and so does a server that is away', async () => {
    const updates = await healthy('1.0.0');
    offer = downloaded('1.1.0');
    moment = { ...night, busy: true };
    await takeNext(updates);
    moment = night;
    offered = undefined;
    await updates.look();
    expect(told.slice(1)).toEqual(['installing 1.1.0', 'updates: Error: away']);
    offered = () => undefined;
    await updates.look();
    await updates.look();
    expect(told.slice(3)).toEqual(['installing 1.1.0']);
  });
});

describe('how a release fared', () => {
  it('is told soon after the next start: by what runs, and by what was given up', async () => {
    await install(((offer = downloaded('1.1.0')), await healthy('1.0.0')));
    await clock.advance(INSTALL_WITHIN_MS);
    writeFileSync(appImage, 'release 1.1.0');
    offered = () => undefined;
    const next = await healthy('1.1.0');
    clock.jump(3 * 60_000);
    await next.look();
    expect(asked.at(-1)).toEqual({ version: '1.1.0', refused: [] });
    for (const fails of [false, false, true]) expect(await program('1.2.0').start()).toBe(fails);
    const back = await healthy('1.1.0');
    clock.jump(3 * 60_000);
    await back.look();
    expect(asked.at(-1)).toEqual({ version: '1.1.0', refused: ['1.2.0'] });
  });
});

describe('kept installers', () => {
  it('have a release’s number for a name, and nothing else', () => {
    const kept = new KeptInstallers(folder);
    for (const version of ['../1.0.0', '1/../../x', '', 'a', '1 0']) {
      expect(() => kept.keep(version, appImage)).toThrow(TypeError);
    }
    kept.keep('1.0.0-beta.1', appImage);
    expect(read(kept.find('1.0.0-beta.1') ?? '')).toBe('release 1.0.0');
    expect(kept.find('1.0.0')).toBeUndefined();
  });
});

it('an NSIS installer is started quietly, and starts the kiosk itself', () => {
  const started: unknown[] = [];
  const replacement = nsisReplacement((file, args) => started.push([file, ...args]));
  replacement.replaceBy('C:\\kept\\1.0.0.exe');
  expect(started).toEqual([['C:\\kept\\1.0.0.exe', '--updated', '/S', '--force-run']]);
  expect(replacement.starts).toBe(true);
});
