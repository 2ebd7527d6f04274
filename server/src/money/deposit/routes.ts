import type { Clock } from '@bianmin/card/clock';
import { adminApproval } from '@bianmin/purchase/api/approvals';
import {
  depositTopUpParam,
  depositTopUpRequest,
  depositUndoRequest,
  depositView,
  type DepositEntryView,
  type DepositView,
} from '@bianmin/purchase/api/deposit';
import { approvalView } from '../../access/approval-view.ts';
import { adminOf, whereOf } from '../../access/caller.ts';
import { paidOfLastWeek } from '../../insight/report/paid-week.ts';
import type { RollupStore } from '../../insight/report/rollup-store.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import type { VendorCreditStore } from '../vendor-credit/credit-store.ts';
import { daysLeft } from '../vendor-credit/days-left.ts';
import type { DepositBooks } from './deposit-books.ts';
import { undoneBy, type DepositEntry } from './deposit-store.ts';
import type { DepositComparison } from './deposit-difference.ts';
import type { Deposits } from './deposits.ts';

const MOST = 200;

export interface AdminDepositServices {
  readonly grid: string;
  readonly deposits: Deposits;
  readonly credit: Pick<VendorCreditStore, 'known'>;
  readonly books: Pick<DepositBooks, 'get'>;
  readonly rollups: Pick<RollupStore, 'state' | 'read'>;
  readonly clock: Clock;
}

const request = { tag: 'admin', auth: 'admin', scope: 'province', permission: 'float:request' } as const;

/** Our deposit at the grid: seen and topped up by staff, allowed by finance. */
export function adminDepositRoutes(services: AdminDepositServices): AnyRoute[] {
  const { deposits } = services;
  return [
    defineRoute({
      ...request,
      method: 'get',
      path: '/v1/admin/deposit',
      summary: 'Our deposit at the grid: what is left, how long it lasts, what was paid in',
      response: depositView,
      handler: () => viewOf(services),
    }),
    defineRoute({
      ...request,
      method: 'post',
      path: '/v1/admin/deposit/top-ups',
      stepUp: true,
      idempotent: true,
      summary: 'Asks for a transfer to the grid to be put into the books; finance allows it',
      body: depositTopUpRequest,
      status: 202,
      response: adminApproval,
      handler: async (input) => {
        const by = { maker: adminOf(input.principal), where: whereOf(input) };
        return approvalView(await deposits.requestTopUp(input.body, by));
      },
    }),
    defineRoute({
      ...request,
      method: 'post',
      path: '/v1/admin/deposit/top-ups/:topUp/reversal',
      stepUp: true,
      idempotent: true,
      summary: 'Asks for a wrong top-up to be undone as a whole; finance allows it',
      params: depositTopUpParam,
      body: depositUndoRequest,
      status: 202,
      response: adminApproval,
      problems: ['request.not-found'],
      handler: async (input) => {
        const by = { maker: adminOf(input.principal), where: whereOf(input) };
        return approvalView(await deposits.requestUndo({ ...input.body, topUp: input.params.topUp }, by));
      },
    }),
  ];
}

async function viewOf(of: AdminDepositServices): Promise<DepositView> {
  const { grid, deposits, credit, books, rollups, clock } = of;
  const now = new Date(clock.now());
  const [entries, known, book, paidFen] = await Promise.all([
    deposits.entries(),
    credit.known(),
    books.get(grid),
    paidOfLastWeek(rollups, now),
  ]);
  const { availableFen, asOf, batch, refusedAt } = known;
  return {
    ...{ grid, availableFen, batch },
    asOf: asOf?.toISOString() ?? null,
    refusedAt: refusedAt?.toISOString() ?? null,
    weekFen: paidFen.reduce((sum, fen) => sum + fen, 0),
    daysLeft: availableFen === null ? null : daysLeft(availableFen, { paidFen, now }),
    paidInFen: entries.reduce((sum, { kind, fen }) => sum + (kind === 'top-up' ? fen : -fen), 0),
    compared: comparedView(book?.last),
    entries: entries.slice(0, MOST).map(entryView),
  };
}

function comparedView(last: DepositComparison | undefined): DepositView['compared'] {
  if (last === undefined) return null;
  const { at, gridFen, booksFen, underWayFen } = last;
  return { at: at.toISOString(), gridFen, booksFen, underWayFen };
}

function entryView(entry: DepositEntry): DepositEntryView {
  const { _id: id, kind, fen, reference, paidOn, by, at } = entry;
  const undoes = undoneBy(entry) ?? null;
  return { id, kind, undoes, fen, reference, paidOn, by, at: at.toISOString() };
}
