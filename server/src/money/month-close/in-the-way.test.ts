import { describe, expect, it } from 'vitest';
import { daysBetween } from '../../kernel/china-time.ts';
import type { CaseKind } from '../../orders/model/case-sink.ts';
import { inTheWay, monthOfCase, sentenceOf, type MonthFacts } from './in-the-way.ts';

const done = (first: string, last: string) =>
  daysBetween(first, last).map((_id) => ({ _id, state: 'done' as const, stale: false }));
const facts = (over: Partial<MonthFacts> = {}): MonthFacts => ({
  ...{ month: '2026-03', today: '2026-04-02', firstDay: '2026-01-10', beforeIsOpen: false, cases: [] },
  days: done('2026-03-01', '2026-03-31'),
  ...over,
});
const found = (over: Partial<MonthFacts>) =>
  inTheWay(facts(over)).map(({ what, days, caseIds }) => [what, ...days, ...caseIds]);
const openCase = (kind: CaseKind, day?: string, openedAt = new Date('2026-03-31T20:00:00Z')) => ({
  ...{ _id: `${kind}-${day ?? ''}`, kind, openedAt },
  facts: day === undefined ? {} : { day },
});

describe('what is in the way of closing a month', () => {
  it('is nothing where every day was compared and no case about its money is open', () => {
    expect(found({})).toEqual([]);
    expect(found({ cases: [openCase('written-not-credited', '2026-03-03'), openCase('stuck')] })).toEqual([]);
  });

  it('is that it goes on, until China’s midnight', () => {
    expect(found({ today: '2026-03-31', days: done('2026-03-01', '2026-03-30') })).toEqual([['not-over']]);
    expect(found({ today: '2026-04-01' })).toEqual([]);
  });

  it('is each day that was not compared, or must be again', () => {
    const days = facts().days.flatMap((day) => {
      if (day._id === '2026-03-07') return [];
      if (day._id === '2026-03-08') return [{ ...day, state: 'failed' as const }];
      return [{ ...day, stale: day._id === '2026-03-31' }];
    });
    expect(found({ days })).toEqual([
      ['days-not-compared', '2026-03-07', '2026-03-08'],
      ['days-stale', '2026-03-31'],
    ]);
  });

  it('is no day from before the first of all', () => {
    const days = done('2026-03-20', '2026-03-31');
    expect(found({ days, firstDay: '2026-03-20' })).toEqual([]);
    expect(found({ days, firstDay: '2026-03-19' })).toEqual([['days-not-compared', '2026-03-19']]);
  });

  it('is a case of its money or of earlier, and none of later', () => {
    expect(found({ cases: [openCase('ACCOUNT_DIFF', '2026-03-31')] })).toEqual([
      ['cases-open', 'ACCOUNT_DIFF-2026-03-31'],
    ]);
    expect(found({ cases: [openCase('AMOUNT_DIFF', '2026-02-01')] })).toHaveLength(1);
    expect(found({ cases: [openCase('AMOUNT_DIFF', '2026-04-01')] })).toEqual([]);
    expect(
      found({ cases: [openCase('ledger-unsound', undefined, new Date('2026-03-31T15:00:00Z'))] }),
    ).toEqual([['ledger-unsound', 'ledger-unsound-']]);
  });

  it('is the month before', () => {
    expect(found({ beforeIsOpen: true })).toEqual([['month-before-open']]);
  });

  it('is said in a sentence each', () => {
    const all = inTheWay(
      facts({
        ...{
          beforeIsOpen: true,
          today: '2026-03-03',
          days: [{ _id: '2026-03-01', state: 'done', stale: true }],
        },
        cases: [openCase('ledger-unsound', '2026-03-01'), openCase('ACCOUNT_DIFF', '2026-03-01')],
      }),
    );
    expect(all.map(sentenceOf)).toEqual([
      'The month before is not closed.',
      'The month is not over.',
      'Days were not compared: 2026-03-02.',
      'Days must be compared again: 2026-03-01.',
      'The ledger does not fit 1 orders or entries.',
      'Cases about its money are open: 1.',
    ]);
  });
});

describe('the month of an open case', () => {
  it('is that of its day, else of when it was found; what came too late is put right when it is found', () => {
    const openedAt = new Date('2026-03-31T20:00:00Z');
    expect(monthOfCase(openCase('AMOUNT_DIFF', '2026-02-28', openedAt))).toBe('2026-02');
    expect(monthOfCase(openCase('late-sale', undefined, openedAt))).toBe('2026-04');
    expect(monthOfCase(openCase('late-posting', '2026-02-28', openedAt))).toBe('2026-04');
  });
});
