import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Cases } from '../../cases/cases.ts';
import { caseIdOf } from '../../cases/case.ts';
import type { Approval } from '../../access/store/approvals.ts';
import { BooksWorld } from '../../testing/books-world.ts';
import { DAY } from '../../testing/bought-orders.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { ANNA, BORIS, HERE, staffMember } from '../../testing/staff-world.ts';
import type { Adjustment } from './settlements.ts';
import { codeOf } from '../../testing/problem-code.ts';

const DIFFERENCE = {
  kind: 'ORDER_ONLY',
  orderNo: '260301100000000001',
  key: 'wechat/p1',
  facts: {},
} as const;
const ADJUSTMENT = { debit: 'suspense:reconcile', credit: 'channel:wechat', fen: 5000 } as const;

let t: TestContext;
let w: BooksWorld;
/** Dies where it calls a case resolved, once for each: before that, or after. */
let deaths: ('before' | 'after')[];
class DyingCases extends Cases {
  override async resolve(...of: Parameters<Cases['resolve']>): ReturnType<Cases['resolve']> {
    const death = deaths.shift();
    if (death === 'before') throw new Error('Killed.');
    const resolved = await super.resolve(...of);
    if (death === 'after') throw new Error('Killed.');
    return resolved;
  }
}

beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  deaths = [];
  w = await BooksWorld.open(t, { casesOf: (init) => new DyingCases(init) });
  await w.cases.openOnce(DIFFERENCE);
});

const caseId = caseIdOf(DIFFERENCE);
const ask = (adjustment?: Adjustment, id = caseId): Promise<Approval> =>
  w.settlements.request({ caseId: id, text: 'Paid a day later.', adjustment, maker: ANNA, where: HERE });
const decide = (id: string, over: object = {}) =>
  w.access.approvals.decide({ id, checker: BORIS, accept: true, where: HERE, ...over });
const turnover = async () => Object.fromEntries(await w.books.ledger.turnover());

describe('a difference that two persons settle', () => {
  it('is resolved with both names, and the books get what they agreed on', async () => {
    const asked = await ask(ADJUSTMENT);
    expect(await turnover()).toEqual({});
    expect(await decide(asked._id)).toMatchObject({ status: 'done' });
    expect(await turnover()).toEqual({ 'suspense:reconcile': 5000, 'channel:wechat': -5000 });
    expect(await w.cases.get(caseId)).toMatchObject({
      status: 'resolved',
      resolution: { text: 'Paid a day later. (anna, boris)', by: { id: 'boris' } },
    });
    // On the day on which it was allowed: a day that is reconciled does not change.
    expect((await w.books.ledger.turnover({ from: DAY, to: '2026-03-04' })).size).toBe(0);
  });

  it('needs no adjustment, and then the books stay as they are', async () => {
    await decide((await ask())._id);
    expect([await turnover(), (await w.cases.get(caseId)).status]).toEqual([{}, 'resolved']);
  });

  it('is posted once, though the process dies before and after the case is resolved', async () => {
    deaths = ['before', 'after'];
    const asked = await ask(ADJUSTMENT);
    await expect(decide(asked._id)).rejects.toThrow('Killed.');
    expect((await w.cases.get(caseId)).status).toBe('open');
    const failures: string[] = [];
    const resume = () => w.access.approvals.resume((error) => failures.push(String(error)));
    expect(await resume()).toBe(0);
    expect([failures, (await w.cases.get(caseId)).status, await turnover()]).toEqual([
      ['Error: Killed.'],
      'resolved',
      {},
    ]);
    expect([await resume(), await resume()]).toEqual([1, 0]);
    expect(await turnover()).toEqual({ 'suspense:reconcile': 5000, 'channel:wechat': -5000 });
    expect((await w.cases.get(caseId)).status).toBe('resolved');
  });

  it('is settled neither by its maker, nor without the permission, nor when it is refused', async () => {
    const asked = await ask(ADJUSTMENT);
    expect(await codeOf(decide(asked._id, { checker: ANNA }))).toBe('approval.same-person');
    const clerk = staffMember('carl', ['approval:decide', 'case:work']);
    expect(await codeOf(decide(asked._id, { checker: clerk }))).toBe('auth.forbidden');
    expect(await decide(asked._id, { accept: false })).toMatchObject({ status: 'refused' });
    expect(await codeOf(decide(asked._id))).toBe('approval.already-decided');
    expect([await turnover(), (await w.cases.get(caseId)).status]).toEqual([{}, 'open']);
  });

  it('is asked for of an open difference only, between two accounts of the chart', async () => {
    const wrong = [
      { ...ADJUSTMENT, debit: 'our:pockets' },
      { ...ADJUSTMENT, credit: 'cash' },
      { ...ADJUSTMENT, credit: ADJUSTMENT.debit },
    ];
    for (const each of wrong) expect(await codeOf(ask(each))).toBe('request.malformed');
    expect(await codeOf(ask(undefined, 'f'.repeat(32)))).toBe('request.not-found');
    const other = { ...DIFFERENCE, kind: 'stuck' } as const;
    await w.cases.openOnce(other);
    expect(await codeOf(ask(undefined, caseIdOf(other)))).toBe('request.malformed');
    await decide((await ask())._id);
    expect(await codeOf(ask())).toBe('case.resolved');
  });

  it('is settled by the first of two who ask; the second one’s adjustment is not posted', async () => {
    const [first, second] = [await ask(ADJUSTMENT), await ask({ ...ADJUSTMENT, fen: 1 })];
    await decide(first._id);
    expect(await decide(second._id)).toMatchObject({ status: 'failed', failure: 'case.resolved' });
    expect(await turnover()).toEqual({ 'suspense:reconcile': 5000, 'channel:wechat': -5000 });
  });
});
