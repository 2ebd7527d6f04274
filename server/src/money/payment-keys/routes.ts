import { adminApproval } from '@bianmin/purchase/api/approvals';
import {
  paymentKeyRequest,
  retireKeyRequest,
  uploadedKeyList,
  uploadedKeyParam,
  type UploadedKeyView,
} from '@bianmin/purchase/api/payments';
import { approvalView } from '../../access/approval-view.ts';
import { adminOf, whereOf } from '../../access/caller.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import type { UploadedKey } from './key-store.ts';
import type { KeyRotation } from './rotation.ts';

const read = { tag: 'admin', auth: 'admin', scope: 'province', permission: 'payment:read' } as const;
const manage = { tag: 'admin', auth: 'admin', scope: 'province', permission: 'payment:manage' } as const;

/** Channels' keys: uploaded by one person, taken into use or out of it by a second. */
export function adminPaymentKeyRoutes({ rotation }: { rotation: KeyRotation }): AnyRoute[] {
  return [
    defineRoute({
      ...read,
      method: 'get',
      path: '/v1/admin/payment-keys',
      summary: 'Keys that were uploaded, newest first; what may be told of them',
      response: uploadedKeyList,
      handler: async () => ({ keys: (await rotation.list()).map(keyView) }),
    }),
    defineRoute({
      ...manage,
      method: 'post',
      path: '/v1/admin/payment-keys',
      stepUp: true,
      summary:
        "Uploads a channel's next key, or ours; a second person allows it, then it counts without a restart",
      body: paymentKeyRequest,
      status: 202,
      response: adminApproval,
      problems: ['payment.key-unusable', 'order.idempotency-mismatch'],
      handler: async (input) =>
        approvalView(await rotation.request(input.body, adminOf(input.principal), whereOf(input))),
    }),
    defineRoute({
      ...manage,
      method: 'post',
      path: '/v1/admin/payment-keys/:id/retire',
      stepUp: true,
      summary: 'Asks that an uploaded key count no more; a second person allows it',
      params: uploadedKeyParam,
      body: retireKeyRequest,
      status: 202,
      response: adminApproval,
      problems: ['request.not-found'],
      handler: async (input) => {
        const init = { id: input.params.id, reason: input.body.reason };
        return approvalView(await rotation.requestRetiring(init, adminOf(input.principal), whereOf(input)));
      },
    }),
  ];
}

function keyView(key: UploadedKey): UploadedKeyView {
  const { _id, channel, whose, fingerprint, status, createdBy } = key;
  return {
    ...{ id: _id, channel, whose, fingerprint, status, createdBy },
    serial: key.serial ?? null,
    notAfter: key.notAfter?.toISOString() ?? null,
    activeFrom: (key.activeFrom ?? key.activatedAt)?.toISOString() ?? null,
    createdAt: key.createdAt.toISOString(),
  };
}
