import { terminalIdParam } from '@bianmin/purchase/api/admin-terminals';
import {
  adminCommand,
  adminCommands,
  commandDetail,
  commandIdParam,
  sendCommand,
} from '@bianmin/purchase/api/command';
import { SUPPORT_MEDIA_TYPE } from '@bianmin/purchase/api/support';
import { answerWithArchive } from '../../route/archive-file.ts';
import type { CommandBatches } from './command-batches.ts';
import { commandBatchRoutes } from './command-batch-routes.ts';
import type { CommandArchives } from './command-archive.ts';
import { commandView } from './command-views.ts';
import type { Commands } from './commands.ts';
import { withoutBodies } from '../store/terminal-commands.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { adminOf, whereOf } from '../../access/caller.ts';

const READS = { tag: 'admin', auth: 'admin', permission: 'terminal:read', scope: 'own' } as const;
const COMMANDS = { tag: 'admin', auth: 'admin', permission: 'terminal:command', scope: 'own' } as const;

export interface CommandRouteServices {
  readonly commands: Commands;
  readonly batches: CommandBatches;
  readonly archives: Pick<CommandArchives, 'fetch'>;
}

/** What people tell terminals to do. */
export function adminCommandRoutes(services: CommandRouteServices): AnyRoute[] {
  return [
    ...readingRoutes(services.commands),
    archiveRoute(services.archives),
    ...sendingRoutes(services.commands),
    ...commandBatchRoutes(services.batches),
  ];
}

function readingRoutes(commands: Commands): AnyRoute[] {
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
  ];
}

function archiveRoute(archives: CommandRouteServices['archives']): AnyRoute {
  return defineRoute({
    ...COMMANDS,
    method: 'get',
    path: '/v1/admin/commands/:id/archive',
    summary: 'The support archive that a terminal sent, for seven days; no secret is in it',
    params: commandIdParam,
    produces: SUPPORT_MEDIA_TYPE,
    also: { 304: 'It is what the caller has already' },
    problems: ['request.not-found'],
    handler: async (input) => {
      const by = adminOf(input.principal);
      answerWithArchive(input.ctx, await archives.fetch(input.params.id, by, whereOf(input)));
      return undefined;
    },
  });
}

function sendingRoutes(commands: Commands): AnyRoute[] {
  return [
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
