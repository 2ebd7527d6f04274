import { beforeEach, describe, expect, it } from 'vitest';
import type { FleetKiosks } from '@bianmin/purchase/api/fleet-kiosks';
import { serveAdmin, type AdminCalls } from '../../testing/admin-calls.ts';
import {
  eachBeatingFleet,
  KASHI,
  KIOSK_BEATS_MS,
  says,
  terminalNo,
  URUMQI,
} from '../../testing/beating-fleet.ts';
import { fakeTerminal } from '../../testing/order-world.ts';
import { RolloutJournal } from '../releases/journal-store.ts';
import { TerminalCommandStore } from '../store/terminal-commands.ts';
import { TerminalStore } from '../store/terminals.ts';
import { KioskRoll } from './kiosk-roll.ts';
import { adminKioskRoutes } from './kiosk-routes.ts';
import { pino } from 'pino';

const fleet = eachBeatingFleet();
let terminals: TerminalStore;
let journal: RolloutJournal;
let commands: TerminalCommandStore;
let admin: AdminCalls;

beforeEach(async () => {
  const { t } = fleet.current;
  t.db.deleteModel(/^(?:Terminal|RolloutEntry|TerminalCommand)$/u);
  terminals = new TerminalStore(t.db);
  journal = new RolloutJournal(t.db);
  commands = new TerminalCommandStore(t.db);
  for (const name of ['terminals', 'rollout_terminals', 'terminal_commands'])
    await t.db.collection(name).deleteMany({});
  const roll = new KioskRoll({
    ...{ ...fleet.current.heard(), terminals },
    updates: async (ids) => new Map([...(await journal.underWay(ids)), ...(await commands.restarting(ids))]),
  });
  const org = {
    id: 'c1',
    kind: 'community',
    names: { 'zh-CN': '天山社区', en: 'Tianshan' },
    parent: '650100',
  } as const;
  const tree = [{ ...org, path: [...URUMQI], cell: null, version: 1, terminals: 0 }];
  const orgs = { tree: () => Promise.resolve(tree) };
  const repairs = { open: () => Promise.resolve(new Map()) };
  admin = await serveAdmin(adminKioskRoutes({ roll, orgs, repairs }), { log: pino({ level: 'silent' }) });
  return () => admin.close();
});

async function accept(
  no: number,
  orgPath: readonly string[],
  kind: 'kiosk' | 'box' = 'kiosk',
): Promise<void> {
  const at = new Date(fleet.current.clock.now());
  const { sealKey } = await fakeTerminal(terminalNo(no));
  const known = { signKey: sealKey, sealKey, kind, name: `Kiosk ${no}`, version: '0.9.0', enrolledAt: at };
  await terminals.enrol({ _id: terminalNo(no), ...known });
  await terminals.decide({ id: terminalNo(no), from: ['pending'], to: 'accepted', by: 'test', at });
  await terminals.place(terminalNo(no), { _id: orgPath.at(-1) ?? '', path: orgPath });
}
const beat = (no: number, orgPath: readonly string[], said: object = says('1.0.0')) =>
  fleet.current.board.beat(terminalNo(no), { kind: 'kiosk', orgPath }, { ...says('1.0.0'), ...said });

async function kiosks(query = '', as = 'anna'): Promise<FleetKiosks> {
  const { status, body } = await admin.call('get', `/v1/admin/fleet/kiosks${query}`, { as });
  expect(status).toBe(200);
  return body as unknown as FleetKiosks;
}

describe('the kiosks in service', () => {
  it('come with what their silence most likely comes from, those that need a hand first', async () => {
    const { current } = fleet;
    const alone = (no: number) => ['province', '650100', `c${no}`];
    const places = [URUMQI, URUMQI, alone(3), alone(4), alone(5), alone(6), alone(7), KASHI];
    for (const [at, path] of places.entries()) await accept(at + 1, path);
    await accept(9, KASHI);
    await accept(10, KASHI, 'box');
    const faults = (code: string) => says('1.0.0', { [code]: 3 });
    const said: Readonly<Record<number, object>> = {
      3: faults('server.unavailable'),
      4: faults('reader.timeout'),
      5: { blocked: true },
    };
    for (const [at, path] of places.entries()) await beat(at + 1, path, said[at + 1]);
    const now = new Date(current.clock.now());
    const entry = {
      rolloutId: 'r',
      kind: 'kiosk-linux',
      release: '1.1.0',
      from: '1.0.0',
      offeredAt: now,
    } as const;
    await journal.offer({ ...entry, terminalId: terminalNo(6) });
    await commands.insert({
      ...{ _id: 'c', terminalId: terminalNo(7), kind: 'restart', reason: 'a test', issuedBy: 'anna' },
      ...{ issuedAt: now, expiresAt: now, state: 'delivered', deliveredAt: now },
    });
    await current.keeper().round();
    await current.pass(30 * KIOSK_BEATS_MS);
    await beat(8, KASHI, { readers: [] });
    await current.keeper().round();
    const { kiosks: rows, counts, versions, more } = await kiosks();
    expect(
      rows.map(({ name, presence, cause, readerTrouble, blocked }) => [
        name,
        presence,
        cause,
        readerTrouble,
        blocked,
      ]),
    ).toEqual([
      ['Kiosk 4', 'missing', 'reader', true, false],
      ['Kiosk 3', 'missing', 'network', false, false],
      ['Kiosk 1', 'missing', 'power', false, false],
      ['Kiosk 2', 'missing', 'power', false, false],
      ['Kiosk 5', 'missing', 'blocked', false, true],
      ['Kiosk 6', 'missing', 'updating', false, false],
      ['Kiosk 7', 'missing', 'updating', false, false],
      ['Kiosk 9', 'never', null, false, false],
      ['Kiosk 8', 'online', null, true, false],
    ]);
    expect(counts).toEqual({ all: 9, offline: 8, online: 1, reader: 2, blocked: 1, repair: 0 });
    expect([versions, more]).toEqual([['0.9.0', '1.0.0'], 0]);
    const names = async (query: string, as?: string) =>
      (await kiosks(query, as)).kiosks.map(({ name }) => name);
    expect(await names('?show=online')).toEqual(['Kiosk 8']);
    expect(await names('?show=reader')).toEqual(['Kiosk 4', 'Kiosk 8']);
    expect(await names('?version=0.9.0')).toEqual(['Kiosk 9']);
    expect(await names('?org=653100')).toEqual(['Kiosk 9', 'Kiosk 8']);
    expect(await names(`?text=${encodeURIComponent('天山')}`)).toEqual(['Kiosk 1', 'Kiosk 2']);
    expect(await names(`?text=${terminalNo(5)}`)).toEqual(['Kiosk 5']);
    expect(await names('', 'anna|terminal:read|653100')).toEqual(['Kiosk 9', 'Kiosk 8']);
    const first = await kiosks('?limit=2');
    expect([first.kiosks.length, first.more]).toEqual([2, 7]);
  });

  it('are likely without network where a beat came late before, and not where we were away ourselves', async () => {
    const { current } = fleet;
    const away = async (no: number, path: readonly string[], gapMs: number): Promise<void> => {
      await accept(no, path);
      const late = { kind: 'kiosk', orgPath: path, lateAfterMs: 2.5 * KIOSK_BEATS_MS } as const;
      await current.board.beat(terminalNo(no), late, says('1.0.0'));
      await current.pass(gapMs);
      await current.board.beat(terminalNo(no), late, says('1.0.0'));
    };
    // We have not heard for long: the fleet may have been on its way back.
    await away(1, ['province', '650100', 'c1'], 5 * KIOSK_BEATS_MS);
    await current.pass(20 * KIOSK_BEATS_MS);
    await away(2, ['province', '650100', 'c2'], 5 * KIOSK_BEATS_MS);
    await away(3, ['province', '650100', 'c3'], 2 * KIOSK_BEATS_MS);
    await away(4, ['province', '650100', 'c4'], 12 * KIOSK_BEATS_MS);
    await current.keeper().round();
    await current.pass(30 * KIOSK_BEATS_MS);
    const rows = (await kiosks()).kiosks.map(({ name, cause }) => [name, cause]);
    expect(Object.fromEntries(rows)).toEqual({
      'Kiosk 1': 'unknown',
      'Kiosk 2': 'network',
      'Kiosk 3': 'unknown',
      'Kiosk 4': 'unknown',
    });
  });

  it('are not known, and blamed for nothing, while nobody could be heard', async () => {
    await accept(1, URUMQI);
    await beat(1, URUMQI);
    await fleet.current.keeper().round();
    await fleet.current.t.redis.flushdb();
    await fleet.current.pass(5 * KIOSK_BEATS_MS);
    expect((await kiosks()).kiosks).toMatchObject([
      { presence: 'unknown', cause: null, seenAt: expect.any(String) as unknown },
    ]);
    expect((await kiosks()).counts).toEqual({
      all: 1,
      offline: 0,
      online: 0,
      reader: 0,
      blocked: 0,
      repair: 0,
    });
  });

  it('want the permission to read terminals', async () => {
    const { status, body } = await admin.call('get', '/v1/admin/fleet/kiosks', { as: 'carl|order:read' });
    expect([status, body['code']]).toEqual([403, 'auth.forbidden']);
  });
});
