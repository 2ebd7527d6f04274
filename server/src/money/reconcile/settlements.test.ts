import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/shared/testing/manual-clock';
import { caseIdOf } from '../../cases/case.ts';
import { Cases } from '../../cases/cases.ts';
import type { CaseReport } from '../../orders/model/case-sink.ts';
import { MemoryCaseStore } from '../../testing/memory-cases.ts';
import { MemoryLedger } from '../../testing/memory-ledger.ts';
import { MemoryOffice } from '../../testing/memory-office.ts';
import { ANNA, HERE, staffMember } from '../../testing/staff-members.ts';
import { Settlements, type Adjustment } from './settlements.ts';

const DIFFERENCE = {
  ...{ kind: 'ORDER_ONLY', orderNo: '260301100000000001', key: 'wechat/p1', facts: {} },
} as const satisfies CaseReport;
const ADJUSTMENT = { debit: 'suspense:reconcile', credit: 'channel:wechat', fen: 5000 };
const ID = caseIdOf(DIFFERENCE);

async function rig() {
  // Half past midnight in China, and still the day before in London.
  const clock = new ManualClock(Date.parse('2026-03-04T16:30:00Z'));
  const [ledger, office, store] = [new MemoryLedger(), new MemoryOffice(clock), new MemoryCaseStore()];
  const cases = new Cases({ store, clock });
  const settlements = new Settlements({ cases, ledger: ledger.store, approvals: office.approvals, clock });
  await cases.openOnce(DIFFERENCE);
  const ask = (adjustment?: Adjustment, caseId = ID) =>
    settlements.request({ caseId, text: 'Paid a day later.', adjustment, maker: ANNA, where: HERE });
  const turnover = async () => Object.fromEntries(await ledger.turnover());
  return { clock, ledger, office, cases, ask, turnover };
}

describe('a difference that is to be settled', () => {
  it('waits for a second person, with what was asked and nothing else', async () => {
    const { ask, office, turnover, cases } = await rig();
    const text = 'Paid a day later.';
    expect(await ask(ADJUSTMENT)).toMatchObject({
      ...{ kind: 'case.settle', status: 'open', maker: { id: 'anna' } },
      content: { caseId: ID, text, adjustment: ADJUSTMENT },
    });
    expect((await ask()).content).toEqual({ caseId: ID, text });
    expect([await turnover(), (await cases.get(ID)).status]).toEqual([{}, 'open']);
    expect(office.recorded.map(({ action }) => action)).toEqual(['approval.request', 'approval.request']);
  });

  it('is allowed only by who may settle', async () => {
    const { ask, office } = await rig();
    const clerk = staffMember('carl', ['approval:decide', 'case:work']);
    const judge = staffMember('dora', ['reconcile:settle']);
    const asked = await ask();
    await expect(office.allow(asked, { checker: clerk })).rejects.toMatchObject({ code: 'auth.forbidden' });
    expect(await office.allow(asked, { checker: judge })).toMatchObject({ status: 'done' });
  });

  it('is refused where it is resolved already', async () => {
    const { ask, office } = await rig();
    await office.allow(await ask());
    await expect(ask()).rejects.toMatchObject({
      code: 'case.resolved',
      message: 'This case is already resolved. Only notes can be added.',
    });
  });

  it('is refused where it is no case, or none of a reconciliation', async () => {
    const { ask, cases } = await rig();
    await expect(ask(undefined, 'f'.repeat(32))).rejects.toMatchObject({ code: 'request.not-found' });
    const other = { ...DIFFERENCE, kind: 'stuck' } as const;
    await cases.openOnce(other);
    await expect(ask(undefined, caseIdOf(other))).rejects.toMatchObject({
      code: 'request.malformed',
      message: 'This case does not come from a reconciliation. Resolve it among the cases.',
    });
  });

  it.each([
    { ...ADJUSTMENT, debit: 'our:pockets' },
    { ...ADJUSTMENT, credit: 'cash' },
    { ...ADJUSTMENT, credit: ADJUSTMENT.debit },
  ])(
    'is refused with an adjustment that is not between two accounts of the chart (%#)',
    async (adjustment) => {
      const { ask } = await rig();
      await expect(ask(adjustment)).rejects.toMatchObject({
        code: 'request.malformed',
        message: 'An adjustment goes from one account of the chart to another. Name two of docs/books.md.',
      });
    },
  );
});

describe('a difference that two persons settled', () => {
  it('is resolved with both names, and posted on the day on which it was allowed', async () => {
    const { ask, office, cases, ledger, clock } = await rig();
    const asked = await ask(ADJUSTMENT);
    clock.jump(60_000);
    await office.allow(asked);
    expect(await cases.get(ID)).toMatchObject({
      status: 'resolved',
      resolution: { text: 'Paid a day later. (anna, boris)', by: { id: 'boris', name: 'boris' } },
    });
    expect([...ledger.postings.values()]).toEqual([
      {
        ...{ source: `case:${ID}`, n: 1, group: 'adjustment', name: 'case.settled' },
        ...{ at: new Date(clock.now()), day: '2026-03-05' },
        legs: [
          { account: 'suspense:reconcile', fen: 5000 },
          { account: 'channel:wechat', fen: -5000 },
        ],
      },
    ]);
  });

  it('without an adjustment is resolved, and the books stay as they are', async () => {
    const { ask, office, cases, turnover } = await rig();
    await office.allow(await ask());
    expect([(await cases.get(ID)).status, await turnover()]).toEqual(['resolved', {}]);
  });

  it('is settled again once it was opened again, even in the same words', async () => {
    const { ask, office, cases, ledger } = await rig();
    await office.allow(await ask(ADJUSTMENT));
    await cases.open(DIFFERENCE);
    await office.allow(await ask(ADJUSTMENT));
    expect([...ledger.postings.keys()]).toEqual([`case:${ID}:1:adjustment`, `case:${ID}:2:adjustment`]);
  });

  it('is the first one’s of two who asked; the other’s adjustment is not posted', async () => {
    const { ask, office, turnover } = await rig();
    const [first, second] = [await ask(ADJUSTMENT), await ask({ ...ADJUSTMENT, fen: 1 })];
    await office.allow(first, { checker: staffMember('dora') });
    expect(await office.allow(second)).toMatchObject({ status: 'failed', failure: 'case.resolved' });
    expect(await turnover()).toEqual({ 'suspense:reconcile': 5000, 'channel:wechat': -5000 });
  });

  it('of two who asked in the same words but for other sums, keeps the first one’s', async () => {
    const { ask, office, turnover } = await rig();
    const [first, second] = [await ask(ADJUSTMENT), await ask({ ...ADJUSTMENT, fen: 1 })];
    await office.allow(first);
    expect(await office.allow(second)).toMatchObject({ status: 'failed', failure: 'case.resolved' });
    expect(await turnover()).toEqual({ 'suspense:reconcile': 5000, 'channel:wechat': -5000 });
  });

  it('is posted once where the ledger was gone after it was resolved', async () => {
    const { ask, office, cases, ledger, turnover } = await rig();
    const asked = await ask(ADJUSTMENT);
    const add = ledger.add.bind(ledger);
    const gone = new Error('The database is gone.');
    ledger.add = () => Promise.reject(gone);
    await expect(office.allow(asked)).rejects.toBe(gone);
    expect((await cases.get(ID)).status).toBe('resolved');
    ledger.add = add;
    for (const finished of [1, 0]) expect(await office.approvals.resume(() => undefined)).toBe(finished);
    expect(await turnover()).toEqual({ 'suspense:reconcile': 5000, 'channel:wechat': -5000 });
  });

  it('is not settled by what is no request of ours any more', async () => {
    const { office, turnover } = await rig();
    for (const content of [
      { caseId: ID, text: 'x', adjustment: { ...ADJUSTMENT, fen: 0 } },
      { caseId: ID, text: 'x', adjustment: { ...ADJUSTMENT, fen: 100_000_000 } },
      { caseId: ID, text: 'x', adjustment: { debit: 'bank', fen: 1 } },
      { caseId: ID, text: 'x', force: true },
      { caseId: ID },
    ]) {
      const asked = await office.approvals.request({
        kind: 'case.settle',
        content,
        maker: ANNA,
        where: HERE,
      });
      expect(await office.allow(asked)).toMatchObject({ status: 'failed', failure: 'request.malformed' });
    }
    expect(await turnover()).toEqual({});
  });
});
