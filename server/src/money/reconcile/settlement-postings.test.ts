import { describe, expect, it } from 'vitest';
import { ANNA, HERE, staffMember } from '../../testing/staff-members.ts';
import { ADJUSTMENT, DIFFERENCE, ID, settlementRig } from '../../testing/settlement-rig.ts';

describe('a difference that two persons settled', () => {
  it('is resolved with both names, and posted on the day on which it was allowed', async () => {
    const { ask, office, cases, ledger, clock } = await settlementRig();
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
    const { ask, office, cases, turnover } = await settlementRig();
    await office.allow(await ask());
    expect([(await cases.get(ID)).status, await turnover()]).toEqual(['resolved', {}]);
  });

  it('is settled again once it was opened again, even in the same words', async () => {
    const { ask, office, cases, ledger } = await settlementRig();
    await office.allow(await ask(ADJUSTMENT));
    await cases.open(DIFFERENCE);
    await office.allow(await ask(ADJUSTMENT));
    expect([...ledger.postings.keys()]).toEqual([`case:${ID}:1:adjustment`, `case:${ID}:2:adjustment`]);
  });

  it('is the first one’s of two who asked; the other’s adjustment is not posted', async () => {
    const { ask, office, turnover } = await settlementRig();
    const [first, second] = [await ask(ADJUSTMENT), await ask({ ...ADJUSTMENT, fen: 1 })];
    await office.allow(first, { checker: staffMember('dora') });
    expect(await office.allow(second)).toMatchObject({ status: 'failed', failure: 'case.resolved' });
    expect(await turnover()).toEqual({ 'suspense:reconcile': 5000, 'channel:wechat': -5000 });
  });

  it('of two who asked in the same words but for other sums, keeps the first one’s', async () => {
    const { ask, office, turnover } = await settlementRig();
    const [first, second] = [await ask(ADJUSTMENT), await ask({ ...ADJUSTMENT, fen: 1 })];
    await office.allow(first);
    expect(await office.allow(second)).toMatchObject({ status: 'failed', failure: 'case.resolved' });
    expect(await turnover()).toEqual({ 'suspense:reconcile': 5000, 'channel:wechat': -5000 });
  });

  it('is posted once where the ledger was gone after it was resolved', async () => {
    const { ask, office, cases, ledger, turnover } = await settlementRig();
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
    const { office, turnover } = await settlementRig();
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
