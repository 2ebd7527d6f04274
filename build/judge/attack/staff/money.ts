import { randomUUID } from 'node:crypto';
import { stopped, through, type Attack } from '../attack.ts';
import { never } from '../patch.ts';
import { said } from '../site.ts';

export const money: readonly Attack[] = [
  {
    attack: 'refund-own',
    name: 'One person asks for a refund and allows it themselves',
    short: true,
    removes: [
      never('server/src/money/refunds/requests.ts', 'refund.requestedBy === checker.userId'),
      never('server/src/orders/model/moves/compensation.ts', 'refund.requestedBy === init.by'),
    ],
    attempt: async (world) => {
      const orderNo = await world.paid();
      const { token } = await world.member(['refund:request', 'refund:approve', 'order:read']);
      const body = { key: randomUUID(), orderNo, fen: null, reason: 'because' };
      const asked = await world.staff(token, '/v1/admin/refunds', { method: 'POST', body });
      const { refundNo } = asked.json as { refundNo?: string };
      if (refundNo === undefined) throw new Error(`No refund was asked for: ${said(asked)}`);
      const answer = await world.staff(token, `/v1/admin/refunds/${refundNo}/approve`, { method: 'POST' });
      const { refunds = [] } = (await world.orderIn(orderNo)) ?? {};
      const status = refunds.find(({ no }) => no === refundNo)?.status ?? 'none';
      const isAllowed = status !== 'requested' && status !== 'none';
      return isAllowed
        ? through(`${said(answer)}; the refund is ${status}`)
        : stopped(`${said(answer)}; the refund is ${status}`);
    },
  },
];
