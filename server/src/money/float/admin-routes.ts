import type { Clock } from '@bianmin/card/clock';
import { adminApproval } from '@bianmin/purchase/api/approvals';
import {
  floatEntries,
  floatList,
  floatParam,
  floatRequest,
  topUpParam,
  topUpRequest,
  topUpUndoRequest,
  type AdminFloat,
  type CashSum,
  type FloatEntryView,
} from '@bianmin/purchase/api/float';
import { floatShifts, floatShiftsQuery, type FloatShifts } from '@bianmin/purchase/api/shift';
import { chinaDay } from '../../kernel/china-time.ts';
import { sumOfCash } from '../../orders/model/cash-owed.ts';
import { takenOn, type CommitteeFloat, type FloatEntry } from './float.ts';
import type { FloatScope } from './float-scope.ts';
import type { Floats } from './floats.ts';
import type { HandOuts } from './hand-outs.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { approvalView } from '../../access/approval-view.ts';
import { adminOf, whereOf } from '../../access/caller.ts';
import { pinRoute, type PinServices } from './pin-routes.ts';
import type { Shift } from './shift.ts';
import { closedShiftView, openShiftView } from './shift-view.ts';

export interface AdminFloatServices extends PinServices {
  readonly floats: Floats;
  readonly scopes: FloatScope;
  readonly handOuts: Pick<HandOuts, 'owedOf'>;
  readonly clock: Clock;
}

const admin = { tag: 'admin', auth: 'admin', scope: 'own' } as const;
const request = { ...admin, permission: 'float:request' } as const;

/** Floats (备付金): asked for by staff, allowed by finance; and one's own PIN for the counter. */
export function adminFloatRoutes(services: AdminFloatServices): AnyRoute[] {
  return [...readingRoutes(services), ...requestRoutes(services), pinRoute(services)];
}

function readingRoutes({ floats, scopes, handOuts, clock }: AdminFloatServices): AnyRoute[] {
  return [
    defineRoute({
      ...request,
      method: 'get',
      path: '/v1/admin/floats',
      summary: 'Floats with their balances',
      response: floatList,
      handler: async ({ principal }) => {
        const now = new Date(clock.now());
        const own = await scopes.own(await floats.list(), adminOf(principal).scope);
        const views = own.map(async (float) =>
          floatView(float, { now, waiting: sumOfCash(await handOuts.owedOf(float._id)) }),
        );
        return { floats: await Promise.all(views) };
      },
    }),
    defineRoute({
      ...request,
      method: 'get',
      path: '/v1/admin/floats/:id/entries',
      summary: "A float's entries, newest first",
      params: floatParam,
      response: floatEntries,
      problems: ['request.not-found'],
      handler: async ({ params, principal }) => {
        await scopes.demand(params.id, adminOf(principal).scope);
        return { entries: (await floats.entries(params.id)).map(entryView) };
      },
    }),
    defineRoute({
      ...request,
      method: 'get',
      path: '/v1/admin/floats/:id/shifts',
      summary: "A float's shifts: those that are open, and those that were closed on a day, newest first",
      params: floatParam,
      query: floatShiftsQuery,
      response: floatShifts,
      problems: ['request.not-found'],
      handler: async ({ params, query, principal }) => {
        await scopes.demand(params.id, adminOf(principal).scope);
        const day = query.day ?? chinaDay(new Date(clock.now()));
        const { open, closed } = await floats.shifts(params.id, day);
        return { open: open.map(openRow), closed: closed.map(closedShiftView) };
      },
    }),
  ];
}

/** What finance allows. */
function requestRoutes({ floats, scopes }: AdminFloatServices): AnyRoute[] {
  return [
    defineRoute({
      ...request,
      method: 'post',
      path: '/v1/admin/floats',
      stepUp: true,
      summary:
        "Asks for a committee's float, for other terminals, another limit or a freeze; finance allows it",
      body: floatRequest,
      status: 202,
      response: adminApproval,
      problems: ['request.not-found'],
      handler: async (input) => {
        const maker = adminOf(input.principal);
        await scopes.demandSettable(input.body, maker.scope);
        return approvalView(await floats.requestSet(input.body, maker, whereOf(input)));
      },
    }),
    defineRoute({
      ...request,
      method: 'post',
      path: '/v1/admin/floats/:id/top-ups',
      stepUp: true,
      idempotent: true,
      summary: 'Asks for money that came to be put into the float; finance allows it',
      params: floatParam,
      body: topUpRequest,
      status: 202,
      response: adminApproval,
      problems: ['request.not-found'],
      handler: async (input) => {
        const by = { maker: adminOf(input.principal), where: whereOf(input) };
        await scopes.demand(input.params.id, by.maker.scope);
        return approvalView(await floats.requestTopUp(input.params.id, input.body, by));
      },
    }),
    defineRoute({
      ...request,
      method: 'post',
      path: '/v1/admin/floats/:id/top-ups/:topUp/reversal',
      stepUp: true,
      idempotent: true,
      summary: 'Asks for a wrong top-up to be undone as a whole; finance allows it',
      params: topUpParam,
      body: topUpUndoRequest,
      status: 202,
      response: adminApproval,
      problems: ['request.not-found'],
      handler: async (input) => {
        const { id, topUp } = input.params;
        const by = { maker: adminOf(input.principal), where: whereOf(input) };
        await scopes.demand(id, by.maker.scope);
        return approvalView(await floats.requestUndo(id, { ...input.body, topUp }, by));
      },
    }),
  ];
}

function floatView(float: CommitteeFloat, { now, waiting }: { now: Date; waiting: CashSum }): AdminFloat {
  const { _id, name, terminals, balanceFen, dayLimitFen, frozen = false } = float;
  return {
    ...{ id: _id, name, terminals: [...terminals], balanceFen, dayLimitFen, frozen },
    ...{ takenTodayFen: takenOn(float, now), waiting },
  };
}

function openRow(shift: Shift): FloatShifts['open'][number] {
  const { number, terminalId } = shift;
  return { ...openShiftView(shift), staff: number, terminalId };
}

function entryView(entry: FloatEntry): FloatEntryView {
  const { _id, kind, fen, debit, credit, by, orderNo, reference, slip, undoes, at } = entry;
  return {
    ...{ id: _id, kind, fen, debit, credit, by, at: at.toISOString() },
    orderNo: orderNo ?? null,
    reference: reference ?? slip ?? null,
    undoes: undoes ?? null,
  };
}
