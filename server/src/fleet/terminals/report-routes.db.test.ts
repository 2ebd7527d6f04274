import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { Diagnostics } from '@bianmin/purchase/api/diagnostics';
import { MachineReports } from './reports.ts';
import { TerminalStore } from '../store/terminals.ts';
import { serveAdmin, type AdminCalls } from '../../testing/admin-calls.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { fakeTerminal, type FakeTerminal } from '../../testing/order-world.ts';
import { watchedLog } from '../../testing/watched-log.ts';
import { terminalReportRoutes } from './report-routes.ts';

const REPORT: Diagnostics = {
  ...{ at: '2026-01-15T02:00:00Z', fingerprint: 'Ab1-Cd2_Ef3g', terminalId: null, uptimeS: 60 },
  versions: { app: '0.1.0', node: 'v24.0.0', electron: null, chromium: null, system: 'linux x64' },
  readers: [{ name: 'ACS ACR38U-CCID', card: 'none', lastChip: 'SLE4442' }],
  server: { link: 'online', lastAnswerAt: '2026-01-15T01:59:59Z', roundTripMs: 12, skewMs: 0 },
  disk: { freeMb: 1000, totalMb: 8000 },
  journal: { entries: 0, undelivered: 0 },
  screen: { name: 'wait', problem: null },
  faults: [],
};

let t: TestContext;
let kiosk: FakeTerminal;
let clock: ManualClock;
let calls: AdminCalls;
let drawn: number[];
let reports: MachineReports;

beforeAll(async () => {
  t = await openTestContext();
  kiosk = await fakeTerminal(`t${'5'.repeat(30)}`);
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.empty();
  t.db.deleteModel(/.*/u);
  clock = new ManualClock();
  drawn = [];
  let next = 1;
  reports = new MachineReports({ db: t.db, clock, draw: () => drawn.shift() ?? next++ });
  await reports.prepare();
  const terminals = new TerminalStore(t.db);
  await terminals.prepare();
  const at = new Date(clock.now());
  const { terminalId, sealKey } = kiosk;
  const known = { signKey: sealKey, sealKey, kind: 'kiosk', name: 'k', version: '1' } as const;
  await terminals.enrol({ _id: terminalId, ...known, enrolledAt: at });
  await terminals.place(terminalId, { _id: '650100', path: ['province', '650100'] });
  calls = await serveAdmin(terminalReportRoutes({ reports, terminals }), { log: watchedLog() }, kiosk);
  return () => calls.close();
});

const send = (report: object = REPORT) => calls.call('post', '/v1/terminal/diagnostics', { body: report });
const read = async (as?: string) =>
  calls.call('get', `/v1/admin/terminals/${kiosk.terminalId}/reports`, as === undefined ? {} : { as });
const numbers = async () =>
  ((await read()).body['reports'] as { reportNo: string }[]).map(({ reportNo }) => reportNo);

describe('what a terminal says of itself', () => {
  it('has a number to be read out, and is at the console, newest first', async () => {
    expect(await send()).toMatchObject({ status: 201, body: { reportNo: '00000001' } });
    clock.jump(1_000);
    // A number that is taken is drawn again.
    drawn = [1, 2];
    expect((await send()).body).toEqual({ reportNo: '00000002' });
    expect((await read()).body['reports']).toMatchObject([
      { reportNo: '00000002', at: new Date(clock.now()).toISOString(), report: REPORT },
      { reportNo: '00000001' },
    ]);
  });

  it('is read with terminal:read alone, and within the scope alone', async () => {
    await send();
    expect((await read('carl|terminal:read|650100')).status).toBe(200);
    expect((await read('carl|terminal:read|653100')).body['code']).toBe('request.not-found');
    expect((await read('carl|terminal:accept|650100')).body['code']).toBe('auth.forbidden');
  });

  it('is what the schema says and nothing else, and no larger than that', async () => {
    expect((await send({ ...REPORT, plan: 'secret' })).body['code']).toBe('request.malformed');
    const fault = { at: REPORT.at, where: 'x', code: 'y', sentence: 'z', times: 1 };
    expect((await send({ ...REPORT, faults: Array(31).fill(fault) })).body['code']).toBe('request.malformed');
    expect((await send({ ...REPORT, faults: [{ ...fault, sentence: 'z'.repeat(301) }] })).status).toBe(400);
  });

  it('is kept for thirty days, twenty of one terminal', async () => {
    for (let n = 0; n < 22; n += 1) {
      clock.jump(1_000);
      await send();
    }
    const kept = await numbers();
    expect([kept.length, kept[0], kept.at(-1)]).toEqual([20, '00000022', '00000003']);
    expect(await t.db.collection('machinereports').countDocuments()).toBe(20);
    clock.jump(31 * 86_400_000);
    expect(await numbers()).toEqual([]);
    const indexes = await t.db.collection('machinereports').indexes();
    const ttl = indexes.find(({ key }) => Object.keys(key)[0] === 'at');
    expect(ttl).toMatchObject({ key: { at: 1 }, expireAfterSeconds: 30 * 86_400 });
  });
});
