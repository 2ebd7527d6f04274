import { terminalIdParam } from '@bianmin/shared/api/admin-terminals';
import {
  adminBatch,
  adminBatches,
  adminCommand,
  adminCommands,
  batchIdParam,
  batchProgress,
  commandDetail,
  commandIdParam,
  sendBatch,
  sendCommand,
  targetCount,
  targetQuery,
} from '@bianmin/shared/api/command';
import type { CommandBatches } from './command-batches.ts';
import { batchView, commandView } from './command-views.ts';
import type { Commands } from './commands.ts';
import { withoutBodies } from '../store/terminal-commands.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { adminOf, whereOf } from '../../access/caller.ts';

const READS = { tag: 'admin', auth: 'admin', permission: 'terminal:read', scope: 'own' } as const;
const COMMANDS = { tag: 'admin', auth: 'admin', permission: 'terminal:command', scope: 'own' } as const;

export interface CommandRouteServices {
  readonly commands: Commands;
  readonly batches: CommandBatches;
}

/** What people tell terminals to do. */
export function adminCommandRoutes(services: CommandRouteServices): AnyRoute[] {
  return [...ofOne(services), ...ofMany(services)];
}

function ofOne({ commands }: CommandRouteServices): AnyRoute[] {
  return [
    defineRoute({
      ...READS,
      method: 'get',
      path: '/v1/admin/terminals/:id/commands',
      summary: 'What a terminal was told to do in the last thirty days, newest first',
      params: terminalIdParam,
      response: adminCommands,
      problems: ['request.not-found'],
      handler: async ({ params, principal }) => ({
        commands: (await commands.of(params.id, adminOf(principal).scope)).map(commandView),
      }),
    }),
    defineRoute({
      ...COMMANDS,
      method: 'post',
      path: '/v1/admin/terminals/:id/commands',
      summary: 'Tells a kiosk to do something; it hears of it with its next beat, or when it is back',
      status: 201,
      params: terminalIdParam,
      body: sendCommand,
      response: adminCommand,
      problems: ['request.not-found', 'command.not-possible', 'order.idempotency-mismatch'],
      handler: async (input) =>
        commandView(
          await commands.send(input.params.id, input.body, adminOf(input.principal), whereOf(input)),
        ),
    }),
    defineRoute({
      ...COMMANDS,
      method: 'get',
      path: '/v1/admin/commands/:id',
      summary: 'A command as it is now, with the log or the picture that it brought',
      params: commandIdParam,
      response: commandDetail,
      problems: ['request.not-found'],
      handler: async ({ params, principal }) => {
        const found = await commands.getWithin(params.id, adminOf(principal).scope);
        const { log, picture } = found;
        return {
          command: commandView(withoutBodies(found)),
          log: log === undefined ? null : [...log],
          picture: picture ?? null,
        };
      },
    }),
    defineRoute({
      ...COMMANDS,
      method: 'post',
      path: '/v1/admin/commands/:id/cancel',
      summary: 'Takes back what was not handed out yet; anything else stays as it is',
      params: commandIdParam,
      response: adminCommand,
      problems: ['request.not-found'],
      handler: async (input) => {
        const by = adminOf(input.principal);
        return commandView(withoutBodies(await commands.cancel(input.params.id, by, whereOf(input))));
      },
    }),
  ];
}

function ofMany({ batches }: CommandRouteServices): AnyRoute[] {
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
