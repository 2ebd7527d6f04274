import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Repair as RepairView } from '@bianmin/purchase/api/repairs';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { AuditTrail } from '../../access/audit.ts';
import type { User } from '../../access/store/users.ts';
import { scopeOf, WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { serveAdmin, type AdminCalls } from '../../testing/admin-calls.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import type { Terminal } from '../store/terminals.ts';
import { done } from './repair.ts';
import { RepairStore } from './repair-store.ts';
import { Repairs } from './repairs.ts';
import { repairRoutes } from './routes.ts';

const [T1, T2] = [`t${'1'.repeat(30)}`, `t${'2'.repeat(30)}`];
const TERMINALS: Record<string, Partial<Terminal>> = {
  [T1]: { _id: T1, name: 'Kiosk 1', orgPath: ['province', '650100', 'c1'], address: '一楼' },
  [T2]: { _id: T2, name: 'Kiosk 2', orgPath: ['province', '653100', 'c2'] },
};
const user = (name: string, scope: string, roles: string[], status: User['status'] = 'active'): User =>
  ({ _id: randomUUID(), name, scope, roles, status }) as unknown as User;
const USERS = [
  user('bota', '650100', ['works']),
  user('clerk', 'c1', ['looks']),
  user('dina', '653100', ['works']),
  user('zura', 'province', ['works']),
  user('emin', '650100', ['works'], 'disabled'),
];
const idOf = (name: string): string => USERS.find((each) => each.name === name)?._id ?? '';
const people = {
  get: (id: string) => Promise.resolve(USERS.find(({ _id }) => _id === id) ?? null),
  active: () => Promise.resolve(USERS.filter(({ status }) => status === 'active')),
  permissionsOf: (roles: readonly string[]) =>
    Promise.resolve(new Set(roles.includes('works') ? ['terminal:command'] : ['terminal:read'])),
} as unknown as Parameters<typeof repairRoutes>[0]['users'];

let t: TestContext;
let store: RepairStore;
let repairs: Repairs;
let admin: AdminCalls;
const clock = new ManualClock();
/** What happens while a terminal is looked up for a report. */
let meanwhile: () => unknown = () => undefined;
const trail: { action: string; target: string }[] = [];
beforeAll(async () => {
  t = await openTestContext();
  store = new RepairStore(t.db);
  await store.prepare();
  const terminals = {
    get: async (id: string) => {
      const found = (TERMINALS[id] ?? null) as Terminal | null;
      await meanwhile();
      return found;
    },
  };
  repairs = new Repairs({ store, terminals, clock });
  const audit = {
    record: (entry: { action: string; target: string }) => Promise.resolve(void trail.push(entry)),
  } as unknown as AuditTrail;
  admin = await serveAdmin(repairRoutes({ repairs, users: people, audit }), {
    log: pino({ level: 'silent' }),
  });
});
afterAll(async () => {
  await admin.close();
  await t.close();
});

const PATH = '/v1/admin/fleet/repairs';
async function call(method: string, path: string, body?: unknown, as = 'anna') {
  clock.jump(1_000);
  const answer = await admin.call(method, `/v1/admin/fleet/${path}`, {
    as,
    ...(body === undefined ? {} : { body }),
  });
  return { status: answer.status, code: answer.body['code'], body: answer.body as unknown as RepairView };
}
const report = (terminalId: string, text: string, as?: string) =>
  call('post', 'repairs', { terminalId, fault: 'reader', text }, as);
const list = async (query: string, as?: string): Promise<string[]> => {
  const { body } = await admin.call('get', `${PATH}${query}`, { as: as ?? 'anna' });
  return (body['repairs'] as RepairView[]).map(({ id }) => id);
};

describe('repairs of terminals', () => {
  it('are reported once for each journey: what is open has the words as a note', async () => {
    const first = await report(T1, 'The reader blinks red.');
    expect(first.body).toMatchObject({
      ...{ id: `${T1}-1`, name: 'Kiosk 1', address: '一楼', org: 'c1', fault: 'reader', owner: null },
      ...{ status: 'open', steps: [{ did: 'reported', to: null, text: 'The reader blinks red.' }] },
    });
    const both = await Promise.all([report(T1, 'It blinks.'), report(T1, 'It beeps.')]);
    expect(both.map(({ body }) => body.id)).toEqual([`${T1}-1`, `${T1}-1`]);
    expect((await list('')).length).toBe(1);
    const [known] = await repairs.list({ limit: 9 }, WHOLE_PROVINCE);
    expect(known?.steps.map(({ did }) => did)).toEqual(['reported', 'noted', 'noted']);
    expect([...(await repairs.open(WHOLE_PROVINCE)).keys()]).toEqual([T1]);
  });

  it('are taken, handed over to whom looks after that terminal, and ended; then the next is another', async () => {
    const of = `repairs/${T1}-1`;
    for (const name of ['clerk', 'dina', 'emin']) {
      expect((await call('post', `${of}/owner`, { owner: idOf(name) })).status).toBe(404);
    }
    const over = await call('post', `${of}/owner`, { owner: idOf('bota') });
    expect([over.body.owner?.name, over.body.steps.at(-1)]).toMatchObject(['bota', { did: 'handed' }]);
    expect((await call('post', `${of}/owner`, { owner: idOf('bota') })).body.steps.length).toBe(4);
    const ended = await call('post', `${of}/done`, { text: 'A new cable.' });
    expect([ended.body.status, ended.body.owner?.name]).toEqual(['done', 'bota']);
    // Sent again after a lost answer, and said anew.
    const steps = ended.body.steps.length;
    expect((await call('post', `${of}/done`, { text: 'A new cable.' })).body.steps.length).toBe(steps);
    expect((await call('post', `${of}/done`, { text: 'Again.' })).code).toBe('repair.done');
    expect((await call('post', `${of}/notes`, { text: 'It was the plug.' })).body.steps.at(-1)?.text).toBe(
      'It was the plug.',
    );
    expect((await report(T1, 'Broken again.')).body.id).toBe(`${T1}-2`);
    expect(await list('?status=open')).toEqual([`${T1}-2`]);
    expect(await list(`?terminalId=${T1}`)).toEqual([`${T1}-2`, `${T1}-1`]);
  });

  it('are seen and touched within one’s scope alone', async () => {
    const elsewhere = 'dina||653100';
    expect((await report(T1, 'Not mine.', elsewhere)).status).toBe(404);
    expect((await report(T2, 'No picture.', elsewhere)).status).toBe(200);
    expect(await list('', elsewhere)).toEqual([`${T2}-1`]);
    for (const [path, body] of [
      ['notes', { text: 'Not mine.' }],
      ['done', { text: 'Not mine.' }],
      ['owner', { owner: idOf('dina') }],
    ] as const) {
      expect([path, (await call('post', `repairs/${T1}-2/${path}`, body, elsewhere)).status]).toEqual([
        path,
        404,
      ]);
    }
    expect([...(await repairs.open(scopeOf('650100'))).keys()]).toEqual([T1]);
  });

  it('are worked on by those who look after terminals; others report and note', async () => {
    const clerk = 'clerk|terminal:read|c1';
    expect((await report(T1, 'Still broken.', clerk)).status).toBe(200);
    expect((await call('post', `repairs/${T1}-2/notes`, { text: 'I pulled the plug.' }, clerk)).status).toBe(
      200,
    );
    expect((await call('post', `repairs/${T1}-2/done`, { text: 'Works.' }, clerk)).status).toBe(403);
    expect((await call('post', `repairs/${T1}-2/owner`, { owner: idOf('bota') }, clerk)).status).toBe(403);
    const choice = async (id: string) => {
      const { body } = await admin.call('get', `${PATH}/${id}/repairers`, { as: 'anna' });
      return (body['people'] as { name: string }[]).map(({ name }) => name);
    };
    // Also those whose scope lies above the caller's: whoever answers for this terminal.
    expect([await choice(`${T1}-2`), await choice(`${T2}-1`)]).toEqual([
      ['bota', 'zura'],
      ['dina', 'zura'],
    ]);
  });

  it('are reported anew where the one that is open is ended at the same moment', async () => {
    const by = { id: 'u', name: 'u' };
    const real = store.replace.bind(store);
    let isEnded = false;
    store.replace = async (before, after) => {
      if (!isEnded) {
        isEnded = true;
        await repairs.change(before._id, WHOLE_PROVINCE, (known) => done(known, repairs.said(by, 'Works.')));
      }
      return real(before, after);
    };
    const of = { terminalId: T2, fault: 'screen', text: 'Dark again.' } as const;
    const told = await repairs.report(of, by, WHOLE_PROVINCE);
    store.replace = real;
    expect([told._id, told.status, told.steps.length]).toEqual([`${T2}-2`, 'open', 1]);
    const [, ended] = await repairs.list({ terminalId: T2, limit: 9 }, WHOLE_PROVINCE);
    expect(ended?.steps.at(-1)).toMatchObject({ did: 'done', text: 'Works.' });
    await repairs.change(told._id, WHOLE_PROVINCE, (known) => done(known, repairs.said(by, 'Works again.')));
  });

  it('are where their terminal is, also when it is placed elsewhere while it is reported', async () => {
    const was = TERMINALS[T2];
    meanwhile = () => void (TERMINALS[T2] = { ...was, orgPath: ['province', '650100', 'c1'] });
    const of = { terminalId: T2, fault: 'screen', text: 'It is dark.' } as const;
    const told = await repairs.report(of, { id: 'u', name: 'u' }, WHOLE_PROVINCE);
    expect([told._id, told.orgPath?.at(-1)]).toEqual([`${T2}-3`, 'c1']);
    meanwhile = () => undefined;
    TERMINALS[T2] = was ?? {};
    await repairs.follow({ _id: T2, name: 'Kiosk 2', orgPath: ['province', '653100', 'c2'] });
  });

  it('go along with their terminal while they are open: to whoever has it now', async () => {
    const moved = { _id: T1, name: 'Kiosk 1b', orgPath: ['province', '653100', 'c2'] };
    expect(await list('?status=open')).toEqual([`${T2}-3`, `${T1}-2`]);
    await repairs.follow(moved);
    const dina = 'dina||653100';
    expect(await list('?status=open', dina)).toEqual([`${T2}-3`, `${T1}-2`]);
    expect([...(await repairs.open(scopeOf('650100'))).keys()]).toEqual([]);
    const [, seen] = await repairs.list({ status: 'open', limit: 9 }, scopeOf('653100'));
    expect([seen?.name, seen?.address, seen?.status]).toEqual(['Kiosk 1b', undefined, 'open']);
    await store.moved('c2', ['province', '650100', 'c2']);
    expect((await list('?status=open', dina)).length).toBe(0);
    // Those that are over stay where they were.
    expect(await list('?status=done', 'bota||650100')).toEqual([`${T1}-1`]);
    await repairs.follow({ ...moved, address: '二楼', orgPath: TERMINALS[T1]?.orgPath ?? [] });
    expect((await list('?status=open', 'bota||650100')).length).toBe(2);
  });

  it('are in the trail by terminal and repair, without what was written', () => {
    expect(new Set(trail.map(({ action }) => action))).toEqual(
      new Set(['repair.report', 'repair.owner', 'repair.done']),
    );
    expect(JSON.stringify(trail)).not.toContain('cable');
  });
});
