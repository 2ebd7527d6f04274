import type { Clock } from '@bianmin/card/clock';
import {
  adminRefund,
  refundList,
  refundListQuery,
  refundNoParam,
  refundRequest,
  type AdminRefund,
} from '@bianmin/purchase/api/refund';
import { cashOwedOf } from '../../orders/model/cash-owed.ts';
import type { HandOut } from '../../orders/model/order.ts';
import { refundableFen } from '../../orders/model/state.ts';
import type { RefundOfOrder, RefundRequests } from './requests.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { adminOf, whereOf } from '../../access/caller.ts';

export interface AdminRefundServices {
  readonly refunds: RefundRequests;
  readonly clock: Clock;
}

const admin = { tag: 'admin', auth: 'admin', scope: 'own' } as const;

/** Refunds: the queue with its age, what staff ask for, and what another person says to it. */
export function adminRefundRoutes({ refunds, clock }: AdminRefundServices): AnyRoute[] {
  const view: View = (found) => refundView(found, clock.now());
  return [queueRoute(refunds, view), ...askingRoutes(refunds, view), ...decisionRoutes(refunds, view)];
}

type View = (found: RefundOfOrder) => AdminRefund;

function queueRoute(refunds: RefundRequests, view: View): AnyRoute {
  return defineRoute({
    ...admin,
    method: 'get',
    path: '/v1/admin/refunds',
    summary: 'Refunds that are not over, or whose cash waits at its counter, the longest waiting first',
    permission: 'order:read',
    query: refundListQuery,
    response: refundList,
    handler: async ({ query, principal }) => {
      const { scope } = adminOf(principal);
      const found =
        query.cash === undefined
          ? await refunds.list(query, scope)
          : await refunds.cashOwed(query.limit, scope);
      return { refunds: found.map(view) };
    },
  });
}

function askingRoutes(refunds: RefundRequests, view: View): AnyRoute[] {
  return [
    defineRoute({
      ...admin,
      method: 'post',
      path: '/v1/admin/refunds',
      stepUp: true,
      summary: 'Asks for money to be given back for a purchase that stands; a second person allows it',
      permission: 'refund:request',
      body: refundRequest,
      status: 202,
      response: adminRefund,
      problems: [
        'order.not-found',
        'request.not-found',
        'refund.nothing-paid',
        'refund.not-final',
        'refund.reverse-first',
        'refund.plan-released',
        'refund.value-on-card',
        'refund.exceeds',
      ],
      handler: async (input) =>
        view(await refunds.request(input.body, adminOf(input.principal), whereOf(input))),
    }),
    defineRoute({
      ...admin,
      method: 'post',
      path: '/v1/admin/refunds/:refundNo/retry',
      stepUp: true,
      summary: 'Sends a refund that its channel could not make once more, under the same number',
      permission: 'refund:request',
      params: refundNoParam,
      response: adminRefund,
      problems: ['refund.not-found', 'refund.not-abnormal'],
      handler: async (input) =>
        view(await refunds.retry(input.params.refundNo, adminOf(input.principal), whereOf(input))),
    }),
  ];
}

/** What may have come up since it was asked for. */
const STANDS_AGAINST = [
  'refund.not-final',
  'refund.reverse-first',
  'refund.plan-released',
  'refund.value-on-card',
] as const;

function decisionRoutes(refunds: RefundRequests, view: View): AnyRoute[] {
  const decide = (path: 'approve' | 'reject', summary: string): AnyRoute =>
    defineRoute({
      ...admin,
      method: 'post',
      path: `/v1/admin/refunds/:refundNo/${path}`,
      stepUp: true,
      summary,
      permission: 'refund:approve',
      params: refundNoParam,
      response: adminRefund,
      problems: [
        'refund.not-found',
        'approval.same-person',
        'approval.already-decided',
        ...(path === 'approve' ? (['approval.too-new', ...STANDS_AGAINST] as const) : []),
      ],
      handler: async (input) => {
        const init = { refundNo: input.params.refundNo, accept: path === 'approve' };
        return view(await refunds.decide(init, adminOf(input.principal), whereOf(input)));
      },
    });
  return [
    decide('approve', 'Allows a refund that another person asked for; its channel is told at once'),
    decide('reject', 'Refuses a refund that another person asked for; its sum is free again'),
  ];
}

function refundView({ order, refund }: RefundOfOrder, now: number): AdminRefund {
  const payment = order.payments.find(({ no }) => no === refund.paymentNo);
  const { handOut } = refund;
  return {
    refundNo: refund.no,
    orderNo: order._id,
    paymentNo: refund.paymentNo,
    channel: payment?.channel ?? 'unknown',
    fen: refund.fen,
    paidFen: payment?.amountFen ?? 0,
    openFen: payment === undefined ? 0 : refundableFen(order, payment),
    status: refund.status,
    reason: refund.reason,
    note: refund.note ?? null,
    caseId: refund.caseId ?? null,
    requestedBy: refund.requestedBy ?? null,
    approvedBy: refund.approvedBy ?? null,
    requestedAt: refund.at.toISOString(),
    sentAt: refund.sentAt?.toISOString() ?? null,
    ...(handOut === undefined ? {} : { handOut: handOutView(handOut) }),
    ageS: ageOf({ order, refund }, now),
  };
}

function ageOf({ order, refund }: RefundOfOrder, now: number): number {
  const cash = cashOwedOf(order).find((owed) => owed.refund.no === refund.no);
  if (cash === undefined && (refund.status === 'done' || refund.status === 'rejected')) return 0;
  return Math.max(0, Math.floor((now - (cash?.since ?? refund.at).getTime()) / 1000));
}

function handOutView(handOut: HandOut): NonNullable<AdminRefund['handOut']> {
  if (handOut.status === 'owed') return { status: 'owed' };
  const { status, at, staff, terminalId, slip } = handOut;
  return { status, at: at.toISOString(), staff, terminalId, slip };
}
