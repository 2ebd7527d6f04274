import { streamQuery, streamTicketResponse } from '@bianmin/purchase/api/terminal';
import { ProblemError } from '../../kernel/problem.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import type { OrderStreams } from './order-streams.ts';
import type { StreamTickets } from './stream-tickets.ts';
import { terminalOf } from '../../route/caller.ts';

/** Changes of a terminal's orders, as they happen. */
export function streamRoutes(services: { tickets: StreamTickets; streams: OrderStreams }): AnyRoute[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/terminal/stream-ticket',
      summary: 'Gives a ticket that opens the stream once within thirty seconds',
      tag: 'terminal',
      auth: 'terminal',
      response: streamTicketResponse,
      handler: async ({ principal }) => ({
        ticket: await services.tickets.issue(terminalOf(principal).terminalId),
      }),
    }),
    defineRoute({
      method: 'get',
      path: '/v1/terminal/stream',
      summary: 'Server-sent events: `event: order`, `id` growing with time, `data` an order as it is now',
      tag: 'terminal',
      auth: 'none',
      perMinute: 600,
      query: streamQuery,
      produces: 'text/event-stream',
      problems: ['auth.required'],
      handler: async ({ ctx, query }) => {
        const terminalId = await services.tickets.take(query.ticket);
        if (terminalId === null) {
          throw new ProblemError({
            code: 'auth.required',
            message: 'The ticket is no longer valid. Get a new one for each connection.',
          });
        }
        const header = Number(ctx.get('last-event-id') || Number.NaN);
        const last = Number.isSafeInteger(header) && header >= 0 ? header : query.lastEventId;
        ctx.body = await services.streams.open(terminalId, last);
        ctx.set({ 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' });
        ctx.status = 200;
        return undefined;
      },
    }),
  ];
}
