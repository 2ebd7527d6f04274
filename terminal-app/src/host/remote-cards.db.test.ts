import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { systemClock } from '@bianmin/card/node/system-clock';
import { openCcidReader, type CcidReader } from '@bianmin/card/reader/ccid-reader';
import { SimulatedReader } from '@bianmin/card/testing/sim-reader';
import type { AdminCardSession } from '@bianmin/purchase/api/card-session';
import { axiosCall } from '@bianmin/purchase/api/axios-call';
import { ApiClient } from '@bianmin/purchase/api/client';
import type { RemoteCardView } from '@bianmin/purchase/remote-card/view';
import { RemoteCardWorld } from '../../../server/src/testing/remote-card-world.ts';
import { loadHostEnvironment } from './env.ts';
import { startHost, type Host } from './host.ts';
import { loadOrCreateIdentity } from './identity.ts';
import { createLog } from './log.ts';

const SOON = { interval: 20 };

let w: RemoteCardWorld;
let staff: string;
let folder: string;
let terminalId: string;
let reader: SimulatedReader;
let opened: CcidReader;
let host: Host | undefined;
beforeAll(async () => {
  w = await RemoteCardWorld.open();
  staff = await w.staff('anna');
});
afterAll(() => w.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bianmin-remote-'));
  const identity = await loadOrCreateIdentity(folder);
  ({ terminalId } = identity);
  const code = await w.enrolCode();
  const facts = { kind: 'kiosk', name: 'Kiosk', version: '0', code } as const;
  const client = new ApiClient({ baseUrl: w.web.url, identity, clock: systemClock, http: axiosCall() });
  await client.enrol((at) => identity.signEnrolment(facts, at));
  reader = new SimulatedReader({ clock: systemClock, id: 'kiosk' });
  opened = openCcidReader(reader.attach(), systemClock);
});
afterEach(async () => {
  await host?.close();
  await opened.close();
  await rm(folder, { recursive: true, force: true });
});

/** It asks for a session as soon as it is up. */
async function start(): Promise<Host> {
  const slots = {
    slots: () => opened.slots,
    onChange: () => () => undefined,
    close: () => Promise.resolve(),
  };
  const env = { BIANMIN_SERVER_URL: w.web.url, BIANMIN_DATA_DIR: folder };
  host = await startHost({ env: loadHostEnvironment(env), shell: 'none', slots, log: createLog('silent') });
  return host;
}

const see = (up: Host): ReturnType<typeof expect.poll> =>
  expect.poll(() => up.bridge.call('remote-card.view', null), SOON);
const purchase = (up: Host): ReturnType<typeof expect.poll> =>
  expect.poll(() => up.bridge.call('purchase.view', null), SOON);
const press = (up: Host, command: 'yes' | 'no' | 'stop' | 'seen'): Promise<null> =>
  up.bridge.call('remote-card.command', { command });

async function ask(body: object): Promise<AdminCardSession> {
  const { session, status } = await w.admin(staff, '', { terminalId, reason: 'Lost its write.', ...body });
  expect(status).toBe(201);
  return session;
}

async function step(id: string, n: number, command: object): Promise<AdminCardSession> {
  expect((await w.admin(staff, `/${id}/steps`, { n, command })).status).toBe(200);
  await expect
    .poll(async () => (await w.admin(staff, `GET /${id}`)).session.steps[n - 1]?.outcome, SOON)
    .not.toBeNull();
  return (await w.admin(staff, `GET /${id}`)).session;
}

it('a kiosk writes a card that staff drive, shows it, keeps residents away from it, and is theirs again', async () => {
  const { card, meter, orderNo, amountFen } = await w.soldOrder('SLE4442', 71);
  const { id } = await ask({ kind: 'rewrite', orderNo });
  const up = await start();
  const views: RemoteCardView[] = [];
  up.bridge.on('remote-card.view', (view) => views.push(view));
  const who = { kind: 'rewrite', askedBy: 'anna', reason: 'Lost its write.' };
  await see(up).toEqual({ state: 'asked', ...who, busy: false });
  expect(up.busy()).toBe(false);
  await press(up, 'yes');
  await see(up).toMatchObject({ state: 'working', ...who, card: 'none' });
  expect(up.busy()).toBe(true);

  reader.insert(card);
  expect((await step(id, 1, { do: 'identify' })).steps[0]).toMatchObject({
    outcome: 'done',
    chip: 'SLE4442',
  });
  await see(up).toMatchObject({ state: 'working', card: 'held', done: 1 });
  expect(await up.bridge.call('purchase.view', null)).toMatchObject({ screen: 'wait' });
  await step(id, 2, { do: 'read-card' });
  expect((await step(id, 3, { do: 'write' })).steps[2]).toMatchObject({ outcome: 'done' });
  expect(views).toContainEqual(expect.objectContaining({ doing: { n: 3, verb: 'write' } }));
  expect(views.some((view) => view.state === 'working' && (view.progress?.fraction ?? 0) > 0)).toBe(true);
  await expect
    .poll(async () => (await w.web.services.store.get(orderNo))?.write.status, SOON)
    .toBe('written');

  expect((await w.admin(staff, `/${id}/finish`)).session.end).toBe('finished');
  await see(up).toEqual({ state: 'ended', end: 'finished' });
  // The card is still in: now it is the residents' side that sees it.
  await purchase(up).not.toMatchObject({ screen: 'wait' });
  await press(up, 'seen');
  await see(up).toEqual({ state: 'none' });
  reader.eject();
  await purchase(up).toMatchObject({ screen: 'wait' });
  expect(meter.insert(card)).toEqual({ creditedFen: amountFen, error: undefined });
});

it('a resident who is being served is not disturbed', async () => {
  const { card } = await w.soldOrder('SLE4442', 72);
  const { id } = await ask({ kind: 'inspect' });
  reader.insert(card);
  const up = await start();
  await purchase(up).not.toMatchObject({ screen: 'wait' });
  await see(up).toMatchObject({ state: 'asked', busy: false });
  await press(up, 'yes');
  await see(up).toMatchObject({ state: 'asked', busy: true });
  await press(up, 'no');
  await expect.poll(async () => (await w.admin(staff, `GET /${id}`)).session.end, SOON).toBe('declined');
});

it('the person at the kiosk has the last word', async () => {
  const { id } = await ask({ kind: 'inspect' });
  const up = await start();
  await see(up).toMatchObject({ state: 'asked' });
  await press(up, 'yes');
  await see(up).toMatchObject({ state: 'working' });
  await press(up, 'stop');
  await see(up).toEqual({ state: 'ended', end: 'declined' });
  await expect.poll(async () => (await w.admin(staff, `GET /${id}`)).session.end, SOON).toBe('declined');
});

it('a host that is closed in a session ends it', async () => {
  const { id } = await ask({ kind: 'inspect' });
  const up = await start();
  await see(up).toMatchObject({ state: 'asked' });
  await press(up, 'yes');
  await see(up).toMatchObject({ state: 'working' });
  await up.close();
  host = undefined;
  expect((await w.admin(staff, `GET /${id}`)).session.end).toBe('restarted');
});
