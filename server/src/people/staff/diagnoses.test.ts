import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '@bianmin/purchase/api/diagnosis';
import type { Order, Payment, Refund } from '../../orders/model/order.ts';
import { policyOf } from '../../orders/model/policy.ts';
import { deriveState } from '../../orders/model/state.ts';
import { testConfig } from '../../testing/config.ts';
import { unsaid } from '../../testing/diagnosis-judge.ts';
import { sampleOrder, samplePayment, SAMPLE_TIME } from '../../testing/order-samples.ts';
import { actionsOf } from './actions.ts';
import { diagnosisOf } from './diagnoses.ts';

const MINUTE = 60_000;
const policy = policyOf(testConfig());
const after = (ms: number): Date => new Date(SAMPLE_TIME.getTime() + ms);
const told = (order: Order, now = after(MINUTE), later: readonly Order[] = []): Diagnosis =>
  diagnosisOf(order, { now, policy, later, places: { T1: { terminal: 'one' } } });
const short = (order: Order, now?: Date, later?: readonly Order[]): string => {
  const { money, power, act } = told(order, now, later);
  return `${money.at} ${power.at} ${act.do}`;
};

const paid: Payment = samplePayment({
  ...{ status: 'succeeded', funds: true, paidAt: SAMPLE_TIME, codeUrl: null },
});
const bought = (over: Partial<Order> = {}): Order =>
  sampleOrder({
    payments: [paid],
    sale: { status: 'sold', creditFen: 5000, firstSentAt: SAMPLE_TIME },
    ...over,
  });
const refund = (over: Partial<Refund> = {}): Refund => ({
  ...{ no: `${paid.no}r1`, paymentNo: paid.no, fen: 5000, status: 'done', reason: 'not-sold' },
  at: SAMPLE_TIME,
  ...over,
});
const written = { status: 'written', lease: 1, terminalId: 'T1', at: SAMPLE_TIME } as const;
const released = { status: 'released', lease: 1, terminalId: 'T1', leaseUntil: after(2 * MINUTE) } as const;
const rejected = { payments: [paid], sale: { status: 'rejected' } } as const;
const credited = { status: 'credited', at: SAMPLE_TIME } as const;

describe('a diagnosis', () => {
  it.each([
    ['waits to be paid', sampleOrder({ payments: [samplePayment()] }), 'not-paid not-sold pay'],
    [
      'was never paid',
      sampleOrder({ closure: { status: 'closed', reason: 'expired' } }),
      'not-paid not-sold buy-again',
    ],
    [
      'may have been paid',
      sampleOrder({ payments: [samplePayment({ status: 'unknown' })], closure: { status: 'asked' } }),
      'paid-unknown not-sold wait',
    ],
    [
      'waits for the grid',
      sampleOrder({ payments: [paid], sale: { status: 'unknown', firstSentAt: SAMPLE_TIME, tries: 1 } }),
      'with-us being-asked wait',
    ],
    ['waits for its card', bought(), 'spent for-card bring-card'],
    ['is being written', bought({ write: released }), 'spent being-written wait'],
    [
      'could not be written',
      bought({ write: { ...written, status: 'failed' } }),
      'spent perhaps-on-card rewrite',
    ],
    ['is on its card', bought({ write: written }), 'spent on-card insert-in-meter'],
    [
      'was not taken by its meter',
      bought({
        write: written,
        meter: { status: 'refused', at: SAMPLE_TIME, reason: 'full', belowFen: 900 },
      }),
      'spent refused-by-meter bring-card',
    ],
    ['is in its meter', bought({ write: written, meter: credited }), 'spent in-meter none'],
    [
      'is on its way from afar',
      bought({ kind: 'remote', credit: { status: 'sent', firstSentAt: SAMPLE_TIME } }),
      'spent being-credited wait',
    ],
    [
      'did not reach its meter from afar',
      bought({ kind: 'remote', credit: { status: 'failed' } }),
      'spent not-credited choose',
    ],
    [
      'goes back',
      sampleOrder({ ...rejected, refunds: [refund({ status: 'sent', sentAt: SAMPLE_TIME })] }),
      'going-back refused wait',
    ],
    ['went back', sampleOrder({ ...rejected, refunds: [refund()] }), 'went-back refused buy-again'],
    [
      'waits in cash',
      sampleOrder({ ...rejected, refunds: [refund({ handOut: { status: 'owed' } })] }),
      'cash-owed refused collect-cash',
    ],
    [
      'cannot go back',
      sampleOrder({
        ...rejected,
        refunds: [refund({ status: 'abnormal', sentAt: after(-24 * 60 * MINUTE) })],
      }),
      'not-given-back refused refund-elsewhere',
    ],
    ['was sold otherwise', bought({ attention: 'sale-mismatch' }), 'with-us disputed reverse-refund'],
    [
      'is in a meter though its money went back',
      sampleOrder({ ...rejected, refunds: [refund()], reversal: { status: 'reversed' }, meter: credited }),
      'went-back in-meter settle-with-grid',
    ],
  ] as const)('of one that %s', (...[, order, want]) => {
    expect(short(order)).toBe(want);
  });

  it('takes a later purchase that its meter has as proof of those before', () => {
    const later = bought({ _id: 'later', count: 3, write: written, meter: credited });
    expect(short(bought({ write: written }), undefined, [later])).toBe('spent in-meter none');
    expect(short(bought({ write: written, count: 3 }), undefined, [later])).toBe(
      'spent on-card insert-in-meter',
    );
  });

  it('has the other side asked by hand once it is silent for too long', () => {
    const silent = { status: 'unknown', firstSentAt: SAMPLE_TIME, tries: 1 } as const;
    const order = sampleOrder({ payments: [paid], sale: silent });
    expect(short(order, after(24 * 60 * MINUTE))).toBe('with-us being-asked query-grid');
    const lease = bought({ write: released });
    expect(short(lease, after(3 * MINUTE))).toBe('spent perhaps-on-card bring-card');
  });

  it('is one sentence in every language, with an act that is allowed, whatever the facts are', () => {
    const refunds = [
      [],
      ...(['approved', 'sent', 'unknown', 'abnormal', 'done'] as const).map((status) => [refund({ status })]),
      [refund({ handOut: { status: 'owed' } })],
    ];
    const seen = new Set<string>();
    let combinations = 0;
    for (const kind of ['card', 'remote', 'account'] as const)
      for (const sale of ['none', 'unknown', 'sold', 'rejected'] as const)
        for (const reversal of ['none', 'unknown', 'reversed', 'refused'] as const)
          for (const write of [
            { status: 'none' } as const,
            released,
            written,
            { ...written, status: 'failed' } as const,
          ])
            for (const credit of ['none', 'failed', 'credited'] as const)
              for (const attention of [null, 'late-sale', 'grid-disagrees'] as const)
                for (const back of refunds) {
                  const facts = sampleOrder({
                    ...{ kind, write, attention, refunds: back, payments: [paid] },
                    ...{ sale: { status: sale, firstSentAt: SAMPLE_TIME }, credit: { status: credit } },
                    reversal: { status: reversal, sentAt: SAMPLE_TIME },
                  });
                  const order = { ...facts, state: deriveState(facts) };
                  const now = after(MINUTE);
                  const allowed = actionsOf(order, { now, policy }).flatMap((each) =>
                    each.allowed ? [each.action] : [],
                  );
                  const diagnosis = told(order, now);
                  combinations += 1;
                  const key = JSON.stringify([diagnosis, allowed]);
                  if (seen.has(key)) continue;
                  seen.add(key);
                  // Among these are facts that no move leads to, in which nothing moves.
                  const wrong = unsaid(diagnosis, allowed).filter((each) => each !== 'waits for nothing');
                  if (wrong.length > 0) expect.unreachable(`${JSON.stringify(order)}: ${wrong.join(', ')}`);
                }
    expect(combinations).toBe(12_096);
  });
});
