import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Channel } from '@bianmin/purchase/api/channels';
import type { BillTotals, PaymentChannel } from '../../gateways/payment/contract.ts';
import type { OrderDays } from '../../orders/store/order-days.ts';
import type { MeterCredit } from './account-check.ts';
import { channelBillLines, type Source } from './bills.ts';
import { creditsIn, gridBillText, type BillingGrid, type FilePart } from './grid-bill.ts';
import type { ReconciledOrder } from './order-items.ts';
import { linesOfOrders } from './order-lines.ts';
import { spool } from './spool.ts';
import { Wanted } from './wanted.ts';

export interface DayFiles {
  readonly paths: { readonly channel: string; readonly orders: string; readonly grid: string };
  readonly sources: readonly Source[];
  /** Those that have no bills at all, so that nothing of theirs is in these files: `channel:bestpay`. */
  readonly notCompared: readonly string[];
  readonly channelTotals: readonly {
    readonly channel: Channel;
    readonly day: string;
    readonly totals: BillTotals;
  }[];
  /** What meters say on a day, by the grid's bill. */
  credits(day: string): AsyncIterable<MeterCredit>;
  close(): Promise<void>;
}

/** The three files of some days, in a folder of their own that goes when it is closed. Bills are checked first. */
export async function filesOf(
  days: readonly string[],
  from: {
    readonly channels: Iterable<PaymentChannel>;
    readonly grid: BillingGrid;
    readonly orders: Pick<OrderDays<ReconciledOrder>, 'documents' | 'some'>;
  },
): Promise<DayFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'bianmin-reconcile-'));
  const close = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const paths = {
    channel: join(folder, 'channel'),
    orders: join(folder, 'orders'),
    grid: join(folder, 'grid'),
  };
  const sources: Source[] = [];
  const gridBills = new Map<string, FilePart>();
  const channelTotals: { channel: Channel; day: string; totals: BillTotals }[] = [];
  const all = [...from.channels];
  const notCompared = [
    ...(from.grid.bills ? [] : [`grid:${from.grid.grid}`]),
    ...all.filter(({ bills }) => !bills).map(({ channel }) => `channel:${channel}`),
  ];
  try {
    await spool(
      paths.grid,
      gridTexts(days, from.grid, {
        onSource: (source) => sources.push(source),
        onPart: (day, part) => gridBills.set(day, { path: paths.grid, ...part }),
      }),
    );
    const channels = all.filter(({ bills }) => bills);
    await spool(
      paths.channel,
      channelTexts(days, channels, ({ channel, source, totals }) => {
        sources.push(source);
        channelTotals.push({ channel, day: source.day, totals });
      }),
    );
    const range = { first: days[0] ?? '', last: days.at(-1) ?? '' };
    await spool(paths.orders, linesOfOrders(from.orders, new Wanted(range, notCompared)));
    const credits = (day: string): AsyncIterable<MeterCredit> =>
      creditsIn(gridBills.get(day) ?? { path: paths.grid, start: 0, end: 0 });
    return { paths, sources, notCompared, channelTotals, credits, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function* gridTexts(
  days: readonly string[],
  grid: BillingGrid,
  on: {
    readonly onSource: (source: Source) => void;
    /** Where in the file the day's bill is. */
    readonly onPart: (day: string, part: Omit<FilePart, 'path'>) => void;
  },
): AsyncGenerator<string> {
  if (!grid.bills) return;
  let end = 0;
  for (const day of days) {
    const start = end;
    for await (const piece of gridBillText(grid, day, on.onSource)) {
      end += Buffer.byteLength(piece);
      yield piece;
    }
    on.onPart(day, { start, end });
  }
}

async function* channelTexts(
  days: readonly string[],
  channels: readonly PaymentChannel[],
  onSource: (found: { channel: Channel; source: Source; totals: BillTotals }) => void,
): AsyncGenerator<string> {
  for (const day of days) {
    for (const channel of channels) {
      yield* channelBillLines(channel, day, (source, totals) => {
        onSource({ channel: channel.channel, source, totals });
      });
    }
  }
}
