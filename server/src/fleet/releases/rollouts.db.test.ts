import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { adminApproval } from '@bianmin/purchase/api/approvals';
import { PROVINCE } from '@bianmin/purchase/api/org';
import { rolloutList, type RolloutStage, type RolloutView } from '@bianmin/purchase/api/rollout';
import { ReleaseSigners } from '@bianmin/purchase/testing/node/release-signers';
import { createAudit } from '../../wiring/audit.ts';
import { madeRelease, rootFile, uploadRelease } from '../../testing/release-kit.ts';
import { SimulatedKiosk, type Fares } from '../../testing/simulated-kiosk.ts';
import { staffMember } from '../../testing/staff-world.ts';
import { watchedLog } from '../../testing/watched-log.ts';
import { ADMIN_PASSWORD, openTestWeb, type TestWeb } from '../../testing/web.ts';
import { LISTEN_EVERY_MS } from '../terminals/hearing.ts';
import { PresenceBoard } from '../terminals/presence.ts';
import { createWatch } from '../../wiring/releases.ts';
import type { RolloutWatch } from './watch.ts';

const FLEET = 200;
const AT_ONCE = 20;
const MINUTE = 60_000;
const keys = new ReleaseSigners();
const STAGES: RolloutStage[] = [
  { permille: 400, soakS: 3600, successPermille: 900, next: 'itself' },
  { permille: 1000, soakS: 3600, successPermille: 900, next: 'itself' },
];
let on: TestWeb;
let folder: string;
let clock: ManualClock;
let token: string;
let kiosks: SimulatedKiosk[];
/** Two workers. */
let watches: RolloutWatch[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollouts-'));
  clock = new ManualClock();
  const RELEASE_ROOT_FILE = rootFile(`${folder}.roots`, keys);
  const own = { RELEASE_DIR: folder, RELEASE_ROOT_FILE, RELEASE_BYTES_PER_S: 0 };
  on = await openTestWeb(own, clock);
  const { url, fleet } = on.web;
  const make = (no: number): Promise<SimulatedKiosk> => {
    const orgPath = [PROVINCE, no % 2 === 0 ? '650100' : '653100'];
    return SimulatedKiosk.accepted({ url, clock, terminals: fleet.terminals, orgPath });
  };
  kiosks = await Promise.all(Array.from({ length: FLEET }, (_, no) => make(no)));
  const deps = { db: on.t.db, redis: on.t.redis, clock, log: watchedLog('worker'), config: on.config };
  watches = await Promise.all(
    [0, 1].map(async () => createWatch(deps, (await createAudit({ ...deps, config: on.config })).audit)),
  );
});
afterEach(async () => {
  await Promise.all(
    ['releases', 'rollouts', 'rollout_terminals', 'approvals'].map((name) =>
      on.t.db.collection(name).deleteMany({}),
    ),
  );
  await rm(join(folder, 'kiosk-linux'), { recursive: true, force: true });
  // Presence, and how often tokens were asked for.
  await on.t.redis.flushdb();
  for (const kiosk of kiosks) Object.assign(kiosk, { version: '1.0.0', refused: [] });
});
afterAll(async () => {
  await on.close();
  await Promise.all([rm(folder, { recursive: true }), rm(`${folder}.roots`)]);
});

async function send(path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${on.web.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const said: unknown = await answer.json();
  // A login is good for half an hour of nothing.
  if (answer.status === 401 && !path.endsWith('/login')) {
    await logIn();
    return send(path, body);
  }
  if (!answer.ok) throw new Error(JSON.stringify(said));
  return said;
}

async function logIn(): Promise<void> {
  const body = { name: 'admin', password: ADMIN_PASSWORD };
  token = ((await send('/v1/admin/login', body)) as { token: string }).token;
}

async function allow(asked: unknown): Promise<string> {
  const { id } = adminApproval.parse(asked);
  const where = { ip: '', traceId: '' };
  const done = await on.web.access.approvals.decide({
    id,
    checker: staffMember('second'),
    accept: true,
    where,
  });
  return done.failure ?? done.status;
}

async function started(more: Record<string, unknown> = {}, version = '1.1.0'): Promise<RolloutView> {
  await logIn();
  const made = madeRelease(keys, { version, bytes: 1000 });
  await uploadRelease(on.web.url, token, made);
  const asked = await send('/v1/admin/rollouts', {
    ...{ key: crypto.randomUUID(), release: made.id, org: PROVINCE, terminals: [], reason: 'a test' },
    ...{ stages: STAGES, errorPermille: 50, leastBad: 3, faultFactor: 0, onErrors: 'stop', ...more },
  });
  expect(await allow(asked)).toBe('done');
  return rollout();
}

async function rollout(): Promise<RolloutView> {
  const [found] = rolloutList.parse(await send('/v1/admin/rollouts')).rollouts;
  if (found === undefined) throw new Error('There is no rollout.');
  return found;
}

/** That they are there, as their beats leave it: how those come in is looked at elsewhere. */
async function beat(those: readonly SimulatedKiosk[]): Promise<void> {
  const where = { kind: 'kiosk', orgPath: [PROVINCE] } as const;
  const { board } = on.web.fleet;
  await Promise.all(those.map(({ id, version }) => board.beat(id, where, { version, readers: [] })));
}

/** Both workers, at once. */
const judge = async (): Promise<number> =>
  (await Promise.all(watches.map((watch) => watch.round()))).reduce((sum, moved) => sum + moved, 0);

/** So long a web process takes beats. */
async function hear(ms: number): Promise<void> {
  const { hearing } = new PresenceBoard(on.t.redis, clock);
  for (let left = ms; left > 0; left -= LISTEN_EVERY_MS) {
    clock.jump(LISTEN_EVERY_MS);
    await hearing.listen();
  }
}

/** All of them ask; those who are offered it take it. Gives who was. `bad`: how the first so many of them fare. */
async function asks(
  bad: { how: 'falls-back' | 'goes-dark'; count: number } | undefined,
): Promise<SimulatedKiosk[]> {
  let left = bad?.count ?? 0;
  const fares = (): Fares => (bad !== undefined && (left -= 1) >= 0 ? bad.how : 'well');
  const took: SimulatedKiosk[] = [];
  for (let no = 0; no < kiosks.length; no += AT_ONCE) {
    const some = kiosks.slice(no, no + AT_ONCE);
    const were = await Promise.all(some.map((kiosk) => kiosk.update(fares)));
    took.push(...some.filter((_, at) => were[at]));
  }
  return took;
}

describe('a release that works', () => {
  it('reaches the first group, then everybody, without anybody’s help after the start', async () => {
    const begun = await started();
    expect(begun).toMatchObject({ state: 'running', stage: 0, version: '1.1.0' });
    const first = await asks(undefined);
    expect(first.length).toBeGreaterThan(FLEET * 0.25);
    expect(first.length).toBeLessThan(FLEET * 0.55);
    expect(await judge()).toBe(0);
    clock.jump(61 * MINUTE);
    // Of two workers one moves it.
    expect(await judge()).toBe(1);
    expect(await rollout()).toMatchObject({
      state: 'running',
      stage: 1,
      counts: { installed: first.length },
    });
    const rest = await asks(undefined);
    expect(rest.length + first.length).toBe(FLEET);
    clock.jump(61 * MINUTE);
    expect(await judge()).toBe(1);
    expect(await rollout()).toMatchObject({ state: 'done', counts: { installed: FLEET, offered: 0 } });
    expect(new Set(kiosks.map(({ version }) => version))).toEqual(new Set(['1.1.0']));
  });
});

describe('a release that breaks one in twenty of its first group', () => {
  it.each(['falls-back', 'goes-dark'] as const)('ends by itself where the terminal %s', async (how) => {
    await started();
    // How large the group is shows when it is offered; one in twenty of it, rounded up, breaks.
    const group = Math.ceil(0.05 * FLEET * 0.55);
    if (how === 'goes-dark') await beat(kiosks);
    const first = await asks({ how, count: group });
    if (how === 'goes-dark') {
      expect(await judge()).toBe(0);
      await hear(25 * MINUTE);
      // Those that are there say so; the others do not.
      const dark = new Set(first.filter(({ version }) => version === '1.0.0'));
      expect(dark.size).toBe(group);
      await beat(kiosks.filter((kiosk) => !dark.has(kiosk)));
    }
    expect(await judge()).toBe(1);
    const now = await rollout();
    const bad = how === 'goes-dark' ? 'missing' : 'fell-back';
    expect(now).toMatchObject({
      ...{ state: 'stopped', stage: 0, counts: { [bad]: group } },
      moves: [
        { state: 'stopped', cause: 'errors', by: null, counts: { [bad]: group } },
        { state: 'running' },
      ],
    });
    // No other kiosk gets it, however long they ask: nor those of the group that had not installed it.
    clock.jump(61 * MINUTE);
    expect(await judge()).toBe(0);
    expect(await asks(undefined)).toEqual([]);
    const { entries } = await audited();
    expect(entries).toContainEqual(expect.objectContaining({ action: 'rollout.move', target: now.id }));
  });

  it('halts where it was said so, and goes on when two persons want it, until more fare badly', async () => {
    await started({ onErrors: 'pause', leastBad: 4 });
    await asks({ how: 'falls-back', count: 5 });
    await judge();
    const halted = await rollout();
    expect(halted).toMatchObject({ state: 'paused', moves: [{ cause: 'errors' }, {}] });
    expect(await asks(undefined)).toEqual([]);
    const path = `/v1/admin/rollouts/${halted.id}/resume`;
    expect(await allow(await send(path, { reason: 'those five had an old disk' }))).toBe('done');
    expect(await judge()).toBe(0);
    expect((await rollout()).state).toBe('running');
    // The five are known; a sixth alone does not halt it again.
    expect(await allow(await send(`/v1/admin/rollouts/${halted.id}/widen`, { reason: 'go on' }))).toBe(
      'done',
    );
    await asks({ how: 'falls-back', count: 1 });
    expect(await judge()).toBe(0);
  });
});

describe('a person', () => {
  it('halts and ends a rollout at once, alone; what was downloaded is not installed then', async () => {
    const { id } = await started();
    const [offered] = (
      await Promise.all(kiosks.map(async (kiosk) => [kiosk, await kiosk.ask()] as const))
    ).filter(([, offer]) => offer !== undefined);
    await send(`/v1/admin/rollouts/${id}/pause`, { reason: 'a complaint' });
    expect(await offered?.[0].ask({ version: '1.1.0', is: 'installing' })).toBeUndefined();
    await send(`/v1/admin/rollouts/${id}/stop`, { reason: 'it is true' });
    expect(await rollout()).toMatchObject({ state: 'stopped', counts: { taken: 0 } });
    await expect(send(`/v1/admin/rollouts/${id}/resume`, { reason: 'or not' })).rejects.toThrow(
      'rollout.state',
    );
  });

  it('does not start one alone, and not what was ended meanwhile', async () => {
    await logIn();
    const made = madeRelease(keys, { bytes: 1000 });
    await uploadRelease(on.web.url, token, made);
    const asked = await send('/v1/admin/rollouts', {
      ...{ key: crypto.randomUUID(), release: made.id, org: PROVINCE, terminals: [], reason: 'a test' },
      ...{ stages: STAGES, errorPermille: 50, leastBad: 3, faultFactor: 0, onErrors: 'stop' },
    });
    expect(await asks(undefined)).toEqual([]);
    const { id } = await rollout();
    await send(`/v1/admin/rollouts/${id}/stop`, { reason: 'not today' });
    expect(await allow(asked)).toBe('rollout.state');
    expect(await asks(undefined)).toEqual([]);
  });
});

describe('whom it is for', () => {
  it('is a region, a list, and never who has it or something newer already', async () => {
    const listed = kiosks.filter((_, no) => no < 4);
    const [newer] = listed;
    if (newer === undefined) throw new Error('There are no kiosks.');
    newer.version = '2.0.0';
    await started({ org: '650100', terminals: listed.map(({ id }) => id), stages: STAGES.slice(1) });
    // Two of the four stand in 650100, and one of them has a newer one.
    const took = await asks(undefined);
    expect(took.map(({ id }) => id)).toEqual([listed[2]?.id]);
  });

  it('is offered the newest of several', async () => {
    await started({ stages: STAGES.slice(1) });
    await started({ stages: STAGES.slice(1) }, '1.10.0');
    expect(await kiosks[0]?.ask()).toMatchObject({ version: '1.10.0' });
  });

  it('that came back as it went counts as failed', async () => {
    await started({ stages: STAGES.slice(1) });
    const [kiosk] = kiosks;
    await kiosk?.ask();
    await kiosk?.ask({ version: '1.1.0', is: 'installing' });
    clock.jump(16 * MINUTE);
    expect(await kiosk?.ask()).toBeUndefined();
    expect((await rollout()).counts).toMatchObject({ taken: 0, failed: 1 });
  });
});

async function audited(): Promise<{ entries: unknown[] }> {
  return (await send('/v1/admin/audit?action=rollout.move')) as { entries: unknown[] };
}
