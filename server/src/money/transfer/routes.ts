import type { Clock } from '@bianmin/card/clock';
import { adminApproval } from '@bianmin/purchase/api/approvals';
import {
  gridTransferParam,
  gridTransferRequest,
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
import { standing, type GridTransfer } from './transfer.ts';
import type { GridTransfers } from './transfers.ts';
import { unpaidDays } from './unpaid-days.ts';

const MOST_ENTRIES = 200;

export interface AdminTransferServices {
  readonly grid: string;
  readonly offered: boolean;
  readonly transfers: GridTransfers;
  readonly days: Pick<DayStore, 'list'>;
  readonly clock: Clock;
}

const request = { tag: 'admin', auth: 'admin', scope: 'province', permission: 'float:request' } as const;

/** What the bank sent to the grid for days of sales: entered by staff, allowed by finance. */
export function adminTransferRoutes(services: AdminTransferServices): AnyRoute[] {
  const { transfers } = services;
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
      path: '/v1/admin/transfers/:transfer/reversal',
      stepUp: true,
      idempotent: true,
      summary: 'Asks for the newest transfer to be undone; finance allows it',
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

async function viewOf({
  grid,
  offered,
  transfers,
  days,
  clock,
}: AdminTransferServices): Promise<GridTransfersView> {
  const history = await transfers.history();
  const next = await transfers.next(history);
  const last = dayPlus(chinaDay(new Date(clock.now())), -1);
  const stand = standing(history);
  return {
    ...{ grid, offered, next: next ?? null },
    ...(next === undefined ? { unpaid: [], payableTo: null } : await unpaidDays(days, { grid, next, last })),
    entries: history
      .slice(-MOST_ENTRIES)
      .toReversed()
      .map((entry) => entryView(entry, stand)),
  };
}

function entryView(entry: GridTransfer, stand: readonly GridTransfer[]): GridTransferView {
  const { _id: id, kind, from, to, fen, owedFen, checked, reference, paidOn, by, at } = entry;
  return {
    ...{ id, kind, state: stateOf(entry, stand), from, to, fen, owedFen },
    ...{ owedNowFen: checked?.owedFen ?? null, reference, paidOn, by, at: at.toISOString() },
  };
}

function stateOf({ _id, kind }: GridTransfer, stand: readonly GridTransfer[]): GridTransferView['state'] {
  if (kind === 'undone') return null;
  if (stand.at(-1)?._id === _id) return 'newest';
  return stand.some((each) => each._id === _id) ? 'stands' : 'undone';
}
