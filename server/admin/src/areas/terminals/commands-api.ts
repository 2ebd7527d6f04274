import {
  adminBatch,
  adminBatches,
  adminCommand,
  adminCommands,
  batchProgress,
  commandDetail,
  targetCount,
  type AdminBatch,
  type AdminCommand,
  type BatchProgress,
  type SendBatch,
  type SendCommand,
  type TargetQuery,
} from '@bianmin/purchase/api/command';
import type { z } from 'zod';
import { call } from '../../api/call.ts';
import { downloadFile } from '../../api/download.ts';

const FLEET = '/v1/admin/fleet';

/** What kiosks are told to do. */
export const commandsApi = {
  of: async (terminalId: string, signal: AbortSignal): Promise<AdminCommand[]> =>
    (await call({ path: `/v1/admin/terminals/${terminalId}/commands`, response: adminCommands, signal }))
      .commands,
  send: (terminalId: string, body: SendCommand): Promise<AdminCommand> =>
    call({
      path: `/v1/admin/terminals/${terminalId}/commands`,
      method: 'POST',
      body,
      response: adminCommand,
    }),
  read: (id: string): Promise<z.infer<typeof commandDetail>> =>
    call({ path: `/v1/admin/commands/${id}`, response: commandDetail }),
  archive: (id: string): Promise<void> => downloadFile({ path: `/v1/admin/commands/${id}/archive` }),
  cancel: (id: string): Promise<AdminCommand> =>
    call({ path: `/v1/admin/commands/${id}/cancel`, method: 'POST', response: adminCommand }),
  count: async (target: TargetQuery): Promise<number> =>
    (await call({ path: `${FLEET}/targets`, query: { ...target }, response: targetCount })).terminals,
  batches: async (signal: AbortSignal): Promise<AdminBatch[]> =>
    (await call({ path: `${FLEET}/batches`, response: adminBatches, signal })).batches,
  sendBatch: (body: SendBatch): Promise<AdminBatch> =>
    call({ path: `${FLEET}/batches`, method: 'POST', body, response: adminBatch }),
  progress: (id: string, signal: AbortSignal): Promise<BatchProgress> =>
    call({ path: `${FLEET}/batches/${id}`, response: batchProgress, signal }),
  cancelBatch: (id: string): Promise<AdminBatch> =>
    call({ path: `${FLEET}/batches/${id}/cancel`, method: 'POST', response: adminBatch }),
};
