import {
  adminBatch,
  adminBatches,
  batchIdParam,
  batchProgress,
  sendBatch,
  targetCount,
  targetQuery,
} from '@bianmin/purchase/api/command';
import { adminOf, whereOf } from '../../access/caller.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import type { CommandBatches } from './command-batches.ts';
import { batchView } from './command-views.ts';

const READS = { tag: 'admin', auth: 'admin', permission: 'terminal:read', scope: 'own' } as const;
const COMMANDS = { tag: 'admin', auth: 'admin', permission: 'terminal:command', scope: 'own' } as const;

/** What people tell many terminals at once. */
export function commandBatchRoutes(batches: CommandBatches): AnyRoute[] {
  return [...readingRoutes(batches), ...sendingRoutes(batches)];
}

function readingRoutes(batches: CommandBatches): AnyRoute[] {
  return [
    defineRoute({
      ...COMMANDS,
      method: 'get',
      path: '/v1/admin/fleet/targets',
      summary: 'How many accepted kiosks a batch with this target would tell now',
      query: targetQuery,
      response: targetCount,
      problems: ['request.not-found'],
      handler: async ({ query, principal }) => ({
        terminals: await batches.count(query, adminOf(principal)),
      }),
    }),
    defineRoute({
      ...READS,
      method: 'get',
      path: '/v1/admin/fleet/batches',
      summary: 'The newest batches of commands',
      response: adminBatches,
      handler: async ({ principal }) => ({
        batches: (await batches.list(adminOf(principal).scope)).map(batchView),
      }),
    }),
    defineRoute({
      ...READS,
      method: 'get',
      path: '/v1/admin/fleet/batches/:id',
      summary: 'How far a batch is: how many of its commands are in each state',
      params: batchIdParam,
      response: batchProgress,
      problems: ['request.not-found'],
      handler: async ({ params, principal }) => {
        const batch = await batches.getWithin(params.id, adminOf(principal).scope);
        return { batch: batchView(batch), states: await batches.progress(batch._id) };
      },
    }),
  ];
}

function sendingRoutes(batches: CommandBatches): AnyRoute[] {
  return [
    defineRoute({
      ...COMMANDS,
      method: 'post',
      path: '/v1/admin/fleet/batches',
      summary: 'Tells many kiosks to do the same; the worker makes the commands piece by piece',
      stepUp: true,
      status: 201,
      body: sendBatch,
      response: adminBatch,
      problems: ['request.not-found', 'command.not-possible', 'order.idempotency-mismatch'],
      handler: async (input) =>
        batchView(await batches.send(input.body, adminOf(input.principal), whereOf(input))),
    }),
    defineRoute({
      ...COMMANDS,
      method: 'post',
      path: '/v1/admin/fleet/batches/:id/cancel',
      summary: 'Makes no more of a batch and takes back what was not handed out yet',
      params: batchIdParam,
      response: adminBatch,
      problems: ['request.not-found'],
      handler: async (input) =>
        batchView(await batches.cancel(input.params.id, adminOf(input.principal), whereOf(input))),
    }),
  ];
}
