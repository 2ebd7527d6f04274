import {
  counterOrderDetail,
  counterOrderRequest,
  counterOrders,
  counterOrdersRequest,
  counterPinRequest,
  counterSession,
  counterSessionRequest,
  counterTakings,
  counterTicket,
} from '@bianmin/purchase/api/counter';
import { handOut, handOutRequest, waitingCashList } from '@bianmin/purchase/api/hand-out';
import { closedShift, closeShiftRequest, shiftNow } from '@bianmin/purchase/api/shift';
import { closedShiftView, openShiftView } from '../../money/float/shift-view.ts';
import type { Shifts } from '../../money/float/shifts.ts';
import type { CounterCash } from './cash.ts';
import type { CounterOrders } from './orders.ts';
import { TICKET_REFUSALS, type CounterSessions } from './sessions.ts';
import type { Takings } from './takings.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { whereOf } from '../../access/caller.ts';
import { terminalOf } from '../../route/caller.ts';

/** All of them POST: neither a ticket nor a customer's number stands in an address. */
const terminal = { tag: 'terminal', auth: 'terminal', method: 'post' } as const;

export interface CounterRouteServices {
  readonly sessions: CounterSessions;
  readonly orders: CounterOrders;
  readonly takings: Takings;
  readonly cash: CounterCash;
  readonly shifts: Pick<Shifts, 'read' | 'close'>;
}

/** Staff mode: who staff at a terminal are, and what they look at there. */
export function terminalCounterRoutes(services: CounterRouteServices): AnyRoute[] {
  return [
    ...sessionRoutes(services),
    ...shiftRoutes(services),
    ...orderRoutes(services),
    ...cashRoutes(services),
  ];
}

function sessionRoutes({ sessions }: CounterRouteServices): AnyRoute[] {
  return [
    defineRoute({
      ...terminal,
      path: '/v1/terminal/staff/sessions',
      summary:
        'Staff sign in by staff number and PIN, and get a ticket for this terminal; where cash is taken, also a shift',
      perMinute: 20,
      status: 201,
      body: counterSessionRequest,
      response: counterSession,
      problems: ['float.bad-pin', 'auth.forbidden'],
      handler: (input) => {
        const by = terminalOf(input.principal);
        if (by.device === 'kiosk') return sessions.enter(by, input.body, whereOf(input));
        throw new ProblemError({ code: 'auth.forbidden', message: 'A family’s box has no staff.' });
      },
    }),
    defineRoute({
      ...terminal,
      path: '/v1/terminal/staff/sessions/pin',
      summary:
        'The same person types their PIN again, after which a ticket that lay unused is good as before',
      perMinute: 20,
      status: 204,
      body: counterPinRequest,
      problems: ['staff.session-over', 'float.bad-pin'],
      handler: async (input) => {
        await sessions.renew(terminalOf(input.principal), input.body, whereOf(input));
        return undefined;
      },
    }),
    defineRoute({
      ...terminal,
      path: '/v1/terminal/staff/sessions/end',
      summary:
        'Staff leave; the ticket is good for nothing from then on. A shift stays open. May be repeated',
      status: 204,
      body: counterTicket,
      handler: async (input) => {
        await sessions.leave(terminalOf(input.principal), input.body.ticket);
        return undefined;
      },
    }),
  ];
}

function shiftRoutes({ sessions, shifts }: CounterRouteServices): AnyRoute[] {
  return [
    defineRoute({
      ...terminal,
      path: '/v1/terminal/staff/shifts/read',
      summary: "What was taken and handed out in one's shift so far, and what should lie in the drawer",
      body: counterTicket,
      response: shiftNow,
      problems: TICKET_REFUSALS,
      handler: async ({ principal, body }) => {
        const holder = await sessions.staffOf(terminalOf(principal), body.ticket, 'cash');
        const shift = await shifts.read(holder.shift);
        return { shift: shift === null ? null : openShiftView(shift) };
      },
    }),
    defineRoute({
      ...terminal,
      path: '/v1/terminal/staff/shifts/close',
      summary: 'The drawer is counted: the shift is over, and so is its ticket. May be repeated',
      perMinute: 20,
      body: closeShiftRequest,
      response: closedShift,
      problems: [...TICKET_REFUSALS, 'shift.none'],
      handler: async (input) => {
        const by = terminalOf(input.principal);
        const holder = await sessions.closerOf(by, input.body.ticket);
        const { terminalId } = by;
        return closedShiftView(await shifts.close({ terminalId, holder }, input.body, whereOf(input)));
      },
    }),
  ];
}

function orderRoutes({ sessions, orders }: CounterRouteServices): AnyRoute[] {
  return [
    defineRoute({
      ...terminal,
      path: '/v1/terminal/staff/orders/search',
      summary:
        "The community's orders, or the terminal's where it stands in none, newest first; by a key too",
      body: counterOrdersRequest,
      response: counterOrders,
      problems: TICKET_REFUSALS,
      handler: async ({ principal, body }) => {
        const { ticket, ...of } = body;
        const by = terminalOf(principal);
        await sessions.staffOf(by, ticket, 'orders');
        return orders.list(by, of);
      },
    }),
    defineRoute({
      ...terminal,
      path: '/v1/terminal/staff/orders/read',
      summary: 'One of these orders, with what staff at this terminal can do about it',
      body: counterOrderRequest,
      response: counterOrderDetail,
      problems: [...TICKET_REFUSALS, 'order.not-found'],
      handler: async ({ principal, body }) => {
        const by = terminalOf(principal);
        await sessions.staffOf(by, body.ticket, 'orders');
        return orders.get(by, body.orderNo);
      },
    }),
  ];
}

function cashRoutes({ sessions, takings, cash }: CounterRouteServices): AnyRoute[] {
  return [
    defineRoute({
      ...terminal,
      path: '/v1/terminal/staff/takings',
      summary: "What the terminal's float holds, and what whoever asks took in cash today",
      body: counterTicket,
      response: counterTakings,
      problems: [...TICKET_REFUSALS, 'float.none'],
      handler: async ({ principal, body }) => {
        const by = terminalOf(principal);
        const { staff } = await sessions.staffOf(by, body.ticket, 'cash');
        return takings.today(by.terminalId, staff._id);
      },
    }),
    defineRoute({
      ...terminal,
      path: '/v1/terminal/staff/cash-waiting',
      summary: "Refunds whose cash waits at the counters of the terminal's float, the longest waiting first",
      body: counterTicket,
      response: waitingCashList,
      problems: [...TICKET_REFUSALS, 'float.none'],
      handler: async ({ principal, body }) => {
        const by = terminalOf(principal);
        await sessions.staffOf(by, body.ticket, 'cash');
        return cash.waiting(by.terminalId);
      },
    }),
    defineRoute({
      ...terminal,
      path: '/v1/terminal/staff/hand-outs',
      summary:
        "Writes down that a refund's cash is handed out, before the notes go over the counter. May be repeated with its slip",
      perMinute: 30,
      body: handOutRequest,
      response: handOut,
      problems: [
        ...TICKET_REFUSALS,
        ...(['float.none', 'refund.not-found', 'refund.no-cash-owed', 'refund.handed-out'] as const),
        ...(['refund.slip-used', 'shift.none'] as const),
      ],
      handler: async (input) => {
        const { ticket, ...request } = input.body;
        const by = terminalOf(input.principal);
        const { staff, shift } = await sessions.staffOf(by, ticket, 'cash');
        const whose = shift === null ? {} : { shift: shift.id };
        return cash.handOut(request, { terminalId: by.terminalId, staff, ...whose }, whereOf(input));
      },
    }),
  ];
}
