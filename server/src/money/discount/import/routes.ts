import { adminApproval } from '@bianmin/purchase/api/approvals';
import {
  beginHouseholdFile,
  finishHouseholdFile,
  householdFile,
  householdFileList,
  householdFileParam,
  HOUSEHOLD_PART_BYTES,
  householdPartQuery,
  type HouseholdFileView,
} from '@bianmin/purchase/api/household-file';
import { approvalView } from '../../../access/approval-view.ts';
import { adminOf, whereOf } from '../../../access/caller.ts';
import type { AdminPrincipal } from '../../../access/sessions.ts';
import { defineRoute, type AnyRoute } from '../../../route/route.ts';
import type { HouseholdFile } from './file.ts';
import { isOver } from './fitness.ts';
import type { HouseholdFiles } from './household-files.ts';

const manage = { tag: 'admin', auth: 'admin', scope: 'own', permission: 'discount:manage' } as const;
const PATH = '/v1/admin/discounts/household-files';

/** Files of households for discounts: sent in parts, allowed as a whole, carried out by the worker. */
export function householdFileRoutes(files: HouseholdFiles, clock: { now(): number }): AnyRoute[] {
  const view = (file: HouseholdFile, reader: AdminPrincipal): HouseholdFileView =>
    viewOf(file, { reader, now: clock.now() });
  return [
    defineRoute({
      ...manage,
      method: 'get',
      path: PATH,
      summary: 'Files of households that people of the own scope sent, newest first, and how far each is',
      response: householdFileList,
      handler: async ({ principal }) => {
        const reader = adminOf(principal);
        return { files: (await files.list(reader.scope)).map((file) => view(file, reader)) };
      },
    }),
    defineRoute({
      ...manage,
      method: 'post',
      path: PATH,
      summary: 'Begins a file of households, or goes on with the same one; its parts follow',
      body: beginHouseholdFile,
      status: 201,
      response: householdFile,
      handler: async ({ body, principal }) => {
        const maker = adminOf(principal);
        return view(await files.begin(body, maker), maker);
      },
    }),
    defineRoute({
      ...manage,
      method: 'put',
      path: `${PATH}/:id/parts`,
      summary:
        'Takes the next part of a file, 256 KiB of whole lines at most, from the byte where the last one ended',
      params: householdFileParam,
      query: householdPartQuery,
      rawBody: true,
      bodyLimit: HOUSEHOLD_PART_BYTES,
      response: householdFile,
      problems: ['request.not-found', 'discount.file-part', 'discount.file-encoding', 'discount.file-header'],
      handler: async ({ params, query, rawBody, principal }) => {
        const maker = adminOf(principal);
        const part = { offset: query.offset, bytes: rawBody };
        return view(await files.append(params.id, part, maker), maker);
      },
    }),
    defineRoute({
      ...manage,
      method: 'post',
      path: `${PATH}/:id/finish`,
      stepUp: true,
      summary: 'Asks for all households of a file at once; a second person allows it by its SHA-256',
      params: householdFileParam,
      body: finishHouseholdFile,
      status: 202,
      response: adminApproval,
      problems: ['request.not-found', 'discount.file-unfit'],
      handler: async (input) => {
        const { params, body, principal } = input;
        return approvalView(await files.finish(params.id, body.reason, adminOf(principal), whereOf(input)));
      },
    }),
  ];
}

function viewOf(
  file: HouseholdFile,
  { reader, now }: { readonly reader: AdminPrincipal; readonly now: number },
): HouseholdFileView {
  const { maker, bytes, sha256, rows, repeated, wrong, outcome } = file;
  return {
    ...{ id: file._id, own: maker.id === reader.userId, by: maker.name, status: statusOf(file, now) },
    ...{ bytes, sha256, received: file.offset, rows, repeated, wrong, outcome },
    troubles: [...file.troubles],
    createdAt: file.createdAt.toISOString(),
    allowedAt: file.allowedAt?.toISOString() ?? null,
    endedAt: file.endedAt?.toISOString() ?? null,
    failure: file.failure ?? null,
  };
}

function statusOf(file: HouseholdFile, now: number): HouseholdFileView['status'] {
  const { status } = file;
  if (status === 'allowed') return 'carrying';
  return (status === 'receiving' || status === 'waits') && isOver(file, now) ? 'left' : status;
}
