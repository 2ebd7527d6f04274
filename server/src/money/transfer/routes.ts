import type { Clock } from '@bianmin/card/clock';
import { adminApproval } from '@bianmin/purchase/api/approvals';
import {
  gridTransferParam,
  gridTransferRequest,
  gridTransferRestRequest,
  gridTransfers,
  gridTransferUndoRequest,
  type GridTransfersView,
  type GridTransferView,
} from '@bianmin/purchase/api/transfer';
import { approvalView } from '../../access/approval-view.ts';
import { adminOf, whereOf } from '../../access/caller.ts';
import { chinaDay, dayPlus } from '../../kernel/china-time.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import type { DayStore } from '../reconcile/day-store.ts';
import type { MissingMoney } from './missing.ts';
import type { GridRests } from './rests.ts';
import { inTheWayOfUndoing, paidDays, type GridTransfer, type PaidDays } from './transfer.ts';
import type { GridTransfers } from './transfers.ts';
import { unpaidDays } from './unpaid-days.ts';

const MOST_ENTRIES = 200;

export interface AdminTransferServices {
  readonly grid: string;
  readonly offered: boolean;
  readonly transfers: GridTransfers;
  readonly rests: Pick<GridRests, 'request'>;
  readonly missing: Pick<MissingMoney, 'of'>;
  readonly days: Pick<DayStore, 'list'>;
  readonly clock: Clock;
}

const request = { tag: 'admin', auth: 'admin', scope: 'province', permission: 'float:request' } as const;

/** What the bank sent to the grid for days of sales: entered by staff, allowed by finance. */
export function adminTransferRoutes(services: AdminTransferServices): AnyRoute[] {
  const { transfers, rests } = services;
  return [
    defineRoute({
      ...request,
      method: 'get',
      path: '/v1/admin/transfers',
      summary: 'Which days of sales the grid was paid for by the bank, and which are next',
      response: gridTransfers,
      handler: () => viewOf(services),
    }),
    defineRoute({
      ...request,
      method: 'post',
      path: '/v1/admin/transfers',
      stepUp: true,
      idempotent: true,
      summary: 'Asks for a bank transfer to be booked for whole days; finance allows it',
      body: gridTransferRequest,
      status: 202,
      response: adminApproval,
      problems: [
        'transfer.not-offered',
        'transfer.not-next',
        'transfer.days-open',
        'transfer.reference-used',
      ],
      handler: async (input) => {
        const by = { maker: adminOf(input.principal), where: whereOf(input) };
        return approvalView(await transfers.request(input.body, by));
      },
    }),
    defineRoute({
      ...request,
      method: 'post',
      path: '/v1/admin/transfers/:transfer/rests',
      stepUp: true,
      idempotent: true,
      summary: 'Asks for what was sent later of its days to be booked; finance allows it',
      params: gridTransferParam,
      body: gridTransferRestRequest,
      status: 202,
      response: adminApproval,
      problems: [
        'request.not-found',
        'transfer.nothing-owed',
        'transfer.days-open',
        'transfer.reference-used',
      ],
      handler: async (input) => {
        const by = { maker: adminOf(input.principal), where: whereOf(input) };
        return approvalView(await rests.request({ ...input.body, ...input.params }, by));
      },
    }),
    defineRoute({
      ...request,
      method: 'post',
      path: '/v1/admin/transfers/:transfer/reversal',
      stepUp: true,
      idempotent: true,
      summary: 'Asks for the newest transfer, or the newest rest of one, to be undone; finance allows it',
      params: gridTransferParam,
      body: gridTransferUndoRequest,
      status: 202,
      response: adminApproval,
      problems: ['request.not-found', 'transfer.not-next'],
      handler: async (input) => {
        const by = { maker: adminOf(input.principal), where: whereOf(input) };
        return approvalView(await transfers.requestUndo({ ...input.body, ...input.params }, by));
      },
    }),
  ];
}

async function viewOf(services: AdminTransferServices): Promise<GridTransfersView> {
  const { grid, offered, transfers, days, missing, clock } = services;
  const history = await transfers.history();
  const next = await transfers.next(history);
  const last = dayPlus(chinaDay(new Date(clock.now())), -1);
  const paid = paidDays(history);
  const newest = history.slice(-MOST_ENTRIES).toReversed();
  return {
    ...{ grid, offered, next: next ?? null },
    ...(next === undefined ? { unpaid: [], payableTo: null } : await unpaidDays(days, { grid, next, last })),
    entries: await Promise.all(newest.map((entry) => entryView(entry, { paid, missing }))),
  };
}

async function entryView(
  entry: GridTransfer,
  { paid, missing }: { readonly paid: readonly PaidDays[] } & Pick<AdminTransferServices, 'missing'>,
): Promise<GridTransferView> {
  const { _id: id, kind, restOf = null, from, to, fen, owedFen, checked, reference, paidOn, by, at } = entry;
  const of = paid.find(({ transfer }) => transfer._id === id);
  return {
    ...{ id, kind, restOf, state: stateOf(entry, paid), from, to, fen, owedFen },
    ...{ owedNowFen: checked?.owedFen ?? null, reference, paidOn, by, at: at.toISOString() },
    paidFen: of?.fen ?? null,
    missingFen: of === undefined ? 0 : await missing.of(of),
  };
}

function stateOf({ _id, kind }: GridTransfer, paid: readonly PaidDays[]): GridTransferView['state'] {
  if (kind === 'undone') return null;
  const obstacle = inTheWayOfUndoing(paid, _id);
  if (obstacle === undefined) return 'newest';
  return obstacle === 'not-standing' ? 'undone' : 'stands';
}
