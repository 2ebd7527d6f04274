import { commandIdParam, commandResult } from '@bianmin/purchase/api/command';
import type { Commands } from './commands.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { terminalOf } from '../../route/caller.ts';

/** What became of what a terminal was told to do. */
export function terminalCommandRoutes({ commands }: { commands: Pick<Commands, 'answer'> }): AnyRoute[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/terminal/commands/:id/result',
      summary: 'What became of a command, with what it brought; may be repeated',
      tag: 'terminal',
      auth: 'terminal',
      status: 204,
      params: commandIdParam,
      body: commandResult,
      problems: ['request.not-found'],
      handler: async ({ params, principal, body }) => {
        await commands.answer(params.id, terminalOf(principal).terminalId, body);
        return undefined;
      },
    }),
  ];
}
