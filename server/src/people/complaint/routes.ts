import { z } from 'zod';
import {
  complaintDetail,
  complaintListQuery,
  complaintParam,
  complaintReply,
  complaintView,
  type ComplaintView,
} from '@bianmin/purchase/api/complaint';
import type { AuditTrail } from '../../access/audit.ts';
import { deadlineOf, type Complaint } from './complaint.ts';
import type { Principal } from '../../kernel/principal.ts';
import type { Complaints, Person } from './complaints.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { adminOf, recordFor } from '../../access/caller.ts';

/** What payers complained about at their wallets, and what we say to it. */
export function adminComplaintRoutes(services: { complaints: Complaints; audit: AuditTrail }): AnyRoute[] {
  const { complaints, audit } = services;
  const admin = { tag: 'admin', auth: 'admin', scope: 'own' } as const;
  return [
    defineRoute({
      ...admin,
      method: 'get',
      path: '/v1/admin/complaints',
      summary: 'Complaints at wallets, newest first, without the words of the payer',
      permission: 'complaint:read',
      query: complaintListQuery,
      response: z.object({ complaints: z.array(complaintView) }),
      handler: async ({ query, principal }) => ({
        complaints: (await complaints.list(query, adminOf(principal).scope)).map(viewOf),
      }),
    }),
    defineRoute({
      ...admin,
      method: 'get',
      path: '/v1/admin/complaints/:id',
      summary: "One complaint with the payer's words; reading them is recorded",
      permission: 'complaint:read',
      params: complaintParam,
      response: complaintDetail,
      problems: ['request.not-found'],
      handler: async (input) => {
        const found = await complaints.get(input.params.id, adminOf(input.principal).scope);
        await recordFor(audit, input, { action: 'complaint.read', target: found._id });
        return { ...viewOf(found), text: complaints.wordsOf(found) };
      },
    }),
    defineRoute({
      ...admin,
      method: 'post',
      path: '/v1/admin/complaints/:id/reply',
      summary: 'Answers the payer; the wallet is told until it has heard',
      permission: 'complaint:work',
      params: complaintParam,
      body: complaintReply,
      response: complaintView,
      problems: ['request.not-found', 'complaint.finished'],
      handler: async (input) => {
        const { _id } = await complaints.get(input.params.id, adminOf(input.principal).scope);
        await recordFor(audit, input, { action: 'complaint.reply', target: _id });
        return viewOf(await complaints.reply(_id, byOf(input.principal), input.body.text));
      },
    }),
    defineRoute({
      ...admin,
      method: 'post',
      path: '/v1/admin/complaints/:id/finish',
      summary: 'Says that it is settled, once it was answered',
      permission: 'complaint:work',
      params: complaintParam,
      response: complaintView,
      problems: ['request.not-found', 'complaint.finished', 'complaint.unanswered'],
      handler: async (input) => {
        const { _id } = await complaints.get(input.params.id, adminOf(input.principal).scope);
        await recordFor(audit, input, { action: 'complaint.finish', target: _id });
        return viewOf(await complaints.finish(_id, byOf(input.principal)));
      },
    }),
  ];
}

function byOf(principal: Principal): Person {
  const { userId: id, name, scope } = adminOf(principal);
  return { id, name, scope };
}

function viewOf(complaint: Complaint): ComplaintView {
  const { _id, channel, problem, state, orderNo, transactionId, amountFen, raisedAt, steps } = complaint;
  return {
    ...{ id: _id, channel, problem, state, orderNo, transactionId, amountFen },
    raisedAt: raisedAt.toISOString(),
    deadline: deadlineOf(complaint)?.toISOString() ?? null,
    steps: steps.map(({ kind, text, at, byName, status }) => ({
      kind,
      text,
      at: at.toISOString(),
      byName,
      status,
    })),
  };
}
