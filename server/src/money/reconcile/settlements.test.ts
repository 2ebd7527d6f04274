import { describe, expect, it } from 'vitest';
import { caseIdOf } from '../../cases/case.ts';
import { staffMember } from '../../testing/staff-members.ts';
import { ADJUSTMENT, DIFFERENCE, ID, settlementRig } from '../../testing/settlement-rig.ts';

describe('a difference that is to be settled', () => {
  it('waits for a second person, with what was asked and nothing else', async () => {
    const { ask, office, turnover, cases } = await settlementRig();
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
    const { ask, office } = await settlementRig();
    const clerk = staffMember('carl', ['approval:decide', 'case:work']);
    const judge = staffMember('dora', ['reconcile:settle']);
    const asked = await ask();
    await expect(office.allow(asked, { checker: clerk })).rejects.toMatchObject({ code: 'auth.forbidden' });
    expect(await office.allow(asked, { checker: judge })).toMatchObject({ status: 'done' });
  });

  it('is refused where it is resolved already', async () => {
    const { ask, office } = await settlementRig();
    await office.allow(await ask());
    await expect(ask()).rejects.toMatchObject({
      code: 'case.resolved',
      message: 'This case is already resolved. Only notes can be added.',
    });
  });

  it('is refused where it is no case, or none of a reconciliation', async () => {
    const { ask, cases } = await settlementRig();
    await expect(ask(undefined, 'f'.repeat(32))).rejects.toMatchObject({ code: 'request.not-found' });
    const other = { ...DIFFERENCE, kind: 'stuck' } as const;
    await cases.openOnce(other);
    await expect(ask(undefined, caseIdOf(other))).rejects.toMatchObject({
      code: 'request.malformed',
      message: 'This case does not come from a reconciliation. Resolve it among the cases.',
    });
  });

  it.each([
    ['payer:held', 'commission:c00000000000000a1'],
    ['agency:collection-v1', 'grid:collection-v1:credit'],
    ['agency:collection-v1', 'commission:c00000000000000a1'],
    ['cost:commission', 'float:tianshan-1'],
  ])('never sets %s against %s', async (debit, credit) => {
    const { ask } = await settlementRig();
    await expect(ask({ ...ADJUSTMENT, debit, credit })).rejects.toMatchObject({
      code: 'request.malformed',
      message:
        'What is owed for agency or commissions is never set against money, nor one against the other.',
    });
    await expect(
      ask({ ...ADJUSTMENT, debit: 'cost:commission', credit: 'commission:c00000000000000a1' }),
    ).resolves.toMatchObject({ status: 'open' });
  });

  it.each([
    { ...ADJUSTMENT, debit: 'our:pockets' },
    { ...ADJUSTMENT, credit: 'cash' },
    { ...ADJUSTMENT, credit: ADJUSTMENT.debit },
  ])(
    'is refused with an adjustment that is not between two accounts of the chart (%#)',
    async (adjustment) => {
      const { ask } = await settlementRig();
      await expect(ask(adjustment)).rejects.toMatchObject({
        code: 'request.malformed',
        message: 'An adjustment goes from one account of the chart to another. Name two of docs/books.md.',
      });
    },
  );
});
