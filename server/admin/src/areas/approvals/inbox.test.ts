import { describe, expect, it } from 'vitest';
import type { AdminApproval } from '@bianmin/purchase/api/approvals';
import type { AdminRefund } from '@bianmin/purchase/api/refund';
import { cardOf } from './card.ts';
import { decisionOf, inboxOf, ofWhose } from './inbox.ts';

const approval = (id: string, at: string, maker: string): AdminApproval => ({
  ...{
    id,
    kind: 'role.change',
    content: {},
    status: 'open',
    createdAt: at,
    maker: { id: maker, name: maker },
  },
  ...{ checker: null, decidedAt: null, endedAt: null, failure: null },
});
const refund: AdminRefund = {
  ...{ refundNo: '260301100000999997p1s1', orderNo: '260301100000999997', paymentNo: 'p', channel: 'wechat' },
  ...{
    fen: 700,
    paidFen: 5000,
    openFen: 4300,
    status: 'requested',
    reason: 'compensation',
    note: 'too much',
  },
  ...{ caseId: null, requestedBy: 'anna', approvedBy: null, sentAt: null, ageS: 60 },
  requestedAt: '2026-03-02T00:00:00.000Z',
};
const both = [
  approval('a', '2026-03-01T00:00:00.000Z', 'boris'),
  approval('b', '2026-03-03T00:00:00.000Z', 'anna'),
];

describe('the inbox', () => {
  it('has refunds among what else waits, the oldest first', () => {
    const items = inboxOf(both, [refund]);
    expect(items.map((each) => each.approval.id)).toEqual(['a', refund.refundNo, 'b']);
  });

  it('leaves what is over as the server lists it', () => {
    expect(inboxOf([...both].reverse(), []).map((each) => each.approval.id)).toEqual(['b', 'a']);
  });

  it('tells what one asked for from what one may decide', () => {
    const items = inboxOf(both, [refund]);
    const ids = (whose: 'all' | 'others' | 'mine') =>
      ofWhose(items, whose, 'anna').map((each) => each.approval.id);
    expect([ids('others'), ids('mine'), ids('all').length]).toEqual([['a'], [refund.refundNo, 'b'], 3]);
  });

  it('decides each where it belongs', () => {
    const [first, second] = inboxOf(both, [refund]);
    if (first === undefined || second === undefined) throw new Error('There are three.');
    expect(decisionOf(first, true)).toEqual({
      ...{ path: '/v1/admin/approvals/a/decide', method: 'POST', body: { accept: true } },
    });
    expect(decisionOf(second, true)).toEqual({
      ...{ path: `/v1/admin/refunds/${refund.refundNo}/approve`, method: 'POST' },
    });
    expect(decisionOf(second, false).path).toMatch(/\/reject$/);
  });

  it('says of a refund what is kept of the payment before and after', () => {
    const [item] = inboxOf([], [refund]);
    expect(item && cardOf(item.approval)).toEqual({
      changes: [{ path: 'keptFen', kind: 'changed', before: 5000, after: 4300 }],
      facts: [
        ['orderNo', refund.orderNo],
        ['channel', 'wechat'],
        ['paidFen', 5000],
        ['fen', 700],
      ],
      ...{ reason: 'too much', goodUntil: undefined },
    });
  });
});
