import { adminApproval, type AdminApproval } from '@bianmin/purchase/api/approvals';
import {
  RELEASE_PIECE_BYTES,
  releaseList,
  releaseView,
  type ReleaseView,
} from '@bianmin/purchase/api/release';
import {
  rolloutList,
  rolloutView,
  versionCounts,
  type CreateRollout,
  type RolloutView,
  type VersionCounts,
} from '@bianmin/purchase/api/rollout';
import type { z } from 'zod';
import { call } from '../../api/call.ts';

const RELEASES = '/v1/admin/releases';
const ROLLOUTS = '/v1/admin/rollouts';

export const releasesApi = {
  list: (signal: AbortSignal): Promise<z.infer<typeof releaseList>> =>
    call({ path: RELEASES, response: releaseList, signal }),
  /** `former`: the same for kiosks that know no root. */
  begin: (manifest: string, former: string | undefined): Promise<ReleaseView> =>
    call({
      ...{ path: RELEASES, method: 'POST', response: releaseView },
      body: { manifest, ...(former === undefined ? {} : { former }) },
    }),
  /** Sends what the server has not of a file, piece by piece; `sent` hears how much is there. */
  async file(
    { id }: Pick<ReleaseView, 'id'>,
    init: { file: File; received: number; sent: (bytes: number) => void },
  ): Promise<void> {
    const { file, sent } = init;
    for (let offset = init.received; offset < file.size; offset += RELEASE_PIECE_BYTES) {
      await call({
        path: `${RELEASES}/${encodeURIComponent(id)}/files/${file.name}`,
        method: 'PUT',
        query: { offset },
        headers: { 'Content-Type': 'application/octet-stream' },
        body: file.slice(offset, offset + RELEASE_PIECE_BYTES),
        response: releaseView,
      });
      sent(Math.min(file.size, offset + RELEASE_PIECE_BYTES));
    }
  },
  withdraw: (id: string, reason: string): Promise<ReleaseView> =>
    call({
      path: `${RELEASES}/${encodeURIComponent(id)}/withdraw`,
      method: 'POST',
      body: { reason },
      response: releaseView,
    }),
  rollouts: async (signal: AbortSignal): Promise<RolloutView[]> =>
    (await call({ path: ROLLOUTS, response: rolloutList, signal })).rollouts,
  start: (body: CreateRollout): Promise<AdminApproval> =>
    call({ path: ROLLOUTS, method: 'POST', body, response: adminApproval }),
  halt: (id: string, verb: 'pause' | 'stop', reason: string): Promise<RolloutView> =>
    call({ path: `${ROLLOUTS}/${id}/${verb}`, method: 'POST', body: { reason }, response: rolloutView }),
  ask: (id: string, verb: 'widen' | 'resume', reason: string): Promise<AdminApproval> =>
    call({ path: `${ROLLOUTS}/${id}/${verb}`, method: 'POST', body: { reason }, response: adminApproval }),
  versions: (signal: AbortSignal): Promise<VersionCounts> =>
    call({ path: '/v1/admin/fleet/versions', response: versionCounts, signal }),
};
