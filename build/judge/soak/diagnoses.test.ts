import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '@bianmin/purchase/api/diagnosis';
import { diagnosisFindings, type DiagnosedBooks, type ToldOrder } from './diagnoses.ts';

const AT = '2026-12-02T06:00:00.000Z';
const FEN = 5_000;
const diagnosis = (over: Partial<Diagnosis> = {}): Diagnosis => ({
  at: AT,
  money: { at: 'spent', fen: FEN, since: AT, takenFen: FEN, backFen: 0 },
  power: { at: 'in-meter', creditFen: FEN, since: AT },
  act: { do: 'none', by: 'nobody', because: 'all-done' },
  ...over,
});
const told = (over: Partial<ToldOrder> = {}): ToldOrder => ({
  ...{ orderNo: '1', meterNo: 'm', count: 2, meter: { status: 'credited', at: AT } },
  diagnosis: diagnosis(),
  ...over,
});
const books = (over: Partial<DiagnosedBooks> = {}): DiagnosedBooks => ({
  orders: [{ orderNo: '1', meterNo: 'm', state: 'done', takenFen: FEN, refundedFen: 0 }],
  sales: [{ orderNo: '1', status: 'sold', meterNo: 'm', faceFen: FEN, creditFen: FEN, count: 2 }],
  meters: [{ meterNo: 'm', count: 2, isAccount: false }],
  told: [told()],
  ...over,
});
const said = (over: Partial<Diagnosis>, of: Partial<ToldOrder> = {}): DiagnosedBooks =>
  books({ told: [told({ ...of, diagnosis: diagnosis(over) })] });
const power = (at: Diagnosis['power']['at']): Partial<Diagnosis> => ({
  power: { at, creditFen: FEN, since: AT },
});

describe('the judge of diagnoses', () => {
  it('finds nothing where all of it is true', () => {
    expect(diagnosisFindings(books())).toEqual([]);
    const onCard = {
      ...power('on-card'),
      act: { do: 'insert-in-meter', by: 'household', because: 'not-inserted' },
    };
    const untaken = { ...said(onCard as Partial<Diagnosis>, { meter: undefined }) };
    expect(diagnosisFindings({ ...untaken, meters: [{ meterNo: 'm', count: 1, isAccount: false }] })).toEqual(
      [],
    );
  });

  it.each([
    [
      'the wrong sum',
      said({ money: { at: 'spent', fen: FEN, since: AT, takenFen: 1, backFen: 0 } }),
      '1 fen came',
    ],
    ['the wrong place of the money', said({ money: { ...diagnosis().money, at: 'with-us' } }), 'is with-us'],
    ['the wrong place of the power', said(power('undone')), 'is undone'],
    [
      'a meter that did not take it',
      { ...books(), meters: [{ meterNo: 'm', count: 1, isAccount: false }] },
      'in-meter',
    ],
    ['what its meter has said', said(power('on-card')), 'is on-card, not in-meter'],
    [
      'what its meter has said of a later purchase',
      {
        ...books({ meters: [{ meterNo: 'm', count: 3, isAccount: false }] }),
        told: [
          told({ meter: undefined, diagnosis: diagnosis(power('on-card')) }),
          told({ orderNo: '1', count: 3 }),
        ],
      },
      'is on-card, not in-meter',
    ],
    [
      'a wait for nothing',
      said({ act: { do: 'wait', by: 'nobody', because: 'grid-silent' } }),
      'nothing moves',
    ],
    [
      'work that is done',
      said({ act: { do: 'rewrite', by: 'staff', because: 'write-failed' } }),
      'all is done',
    ],
    ['an order that nobody knows', books({ orders: [] }), 'nobody outside knows'],
  ] as const)('finds %s', (...[, wrong, sentence]) => {
    expect(diagnosisFindings(wrong).join('\n')).toContain(sentence);
  });

  it('takes what a bill alone tells as known or not', () => {
    const closed = { at: 'not-paid', fen: FEN, since: AT, takenFen: 0, backFen: 0 } as const;
    const wrong = said({
      money: closed,
      power: { at: 'not-sold', creditFen: FEN, since: AT },
      act: { do: 'buy-again', by: 'household', because: 'nothing-kept' },
    });
    const order = { orderNo: '1', meterNo: 'm', state: 'closed', takenFen: FEN, refundedFen: 0 } as const;
    const of = (untoldFen?: number): DiagnosedBooks => ({
      ...wrong,
      sales: [],
      orders: [{ ...order, ...(untoldFen === undefined ? {} : { untoldFen }) }],
    });
    expect(diagnosisFindings(of())).not.toEqual([]);
    expect(diagnosisFindings(of(FEN))).toEqual([]);
  });
});
