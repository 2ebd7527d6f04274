import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { channelLine, orderLine } from '../../../server/src/money/reconcile/order-lines.ts';
import type { Item } from '../../../server/src/money/reconcile/items.ts';
import type { DifferenceKind } from '../../../server/src/orders/model/case-sink.ts';

/** Of a day: numbers begin with it. */
const DAY = Date.parse('2026-02-28T16:00:00Z');
const DAY_MS = 86_400_000;
/** One order in so many has something wrong. */
const ONE_IN = 5000;
const FLAWS = [
  'CHANNEL_ONLY',
  'ORDER_ONLY',
  'GRID_ONLY',
  'AMOUNT_DIFF',
  'STATUS_DIFF',
  'DUPLICATE',
] as const satisfies readonly DifferenceKind[];

export interface ReconcileInput {
  readonly paths: { readonly channel: string; readonly orders: string; readonly grid: string };
  /** `KIND orderNo`, sorted. */
  readonly planted: readonly string[];
}

/** What order number `index` is; the same for the same seed. */
export function plannedOrder(index: number, rows: number): { orderNo: string; money: Item; sale: Item } {
  const at = new Date(DAY + Math.floor((index / rows) * DAY_MS));
  const digits = new Date(at.getTime() + 8 * 3_600_000).toISOString().replace(/\D/gu, '');
  const orderNo = digits.slice(2, 14) + String(index % 1_000_000).padStart(6, '0');
  const fen = (1 + (index % 30)) * 1000;
  const time = at.toISOString();
  return {
    orderNo,
    money: {
      ...{ orderNo, pair: 'channel', from: 'orders', parts: [], status: 'paid', at: time, fen },
      item: `wechat/${orderNo}p1`,
      transactionId: `42000${String(index).padStart(23, '0')}`,
    },
    sale: {
      ...{ orderNo, pair: 'grid', from: 'orders', transactionId: '', status: 'sold', at: time, fen },
      item: `S${orderNo}`,
      parts: [fen - 10, 0, 10],
    },
  };
}

/** Three files of so many lines, in orders of their own, with known differences. */
export async function writeReconcileInput(
  folder: string,
  init: { rows: number; seed: number },
): Promise<ReconcileInput> {
  const { rows, seed } = init;
  const paths = {
    channel: join(folder, 'channel.csv'),
    orders: join(folder, 'orders.csv'),
    grid: join(folder, 'grid.csv'),
  };
  const files = {
    channel: new Lines(paths.channel),
    orders: new Lines(paths.orders),
    grid: new Lines(paths.grid),
  };
  const planted: string[] = [];
  const [stepA, stepB] = [strideOf(rows, seed + 7), strideOf(rows, seed + 77)];
  for (let index = 0; index < rows; index += 1) {
    // Each file in an order of its own, as bills are by their makers' clocks and shards.
    await files.channel.add(
      channelText(flawOf((index * stepA) % rows, seed), plannedOrder((index * stepA) % rows, rows)),
    );
    await files.grid.add(
      gridText(flawOf((index * stepB) % rows, seed), plannedOrder((index * stepB) % rows, rows)),
    );
    const { flaw, orderNo, text } = orderText(index, { rows, seed });
    await files.orders.add(text);
    if (flaw !== undefined) planted.push(`${flaw} ${orderNo}`);
  }
  for (const file of Object.values(files)) await file.end();
  return { paths, planted: planted.toSorted() };
}

/** What is wrong with this order, if something is. */
export function flawOf(index: number, seed: number): DifferenceKind | undefined {
  if ((index + seed) % ONE_IN !== 0) return undefined;
  return FLAWS[Math.floor((index + seed) / ONE_IN) % FLAWS.length];
}

function channelText(flaw: DifferenceKind | undefined, { money }: { money: Item }): string {
  if (flaw === 'ORDER_ONLY') return '';
  const line = channelLine(flaw === 'AMOUNT_DIFF' ? { ...money, fen: money.fen + 1 } : money, 600);
  return flaw === 'DUPLICATE' ? line + line : line;
}

function gridText(flaw: DifferenceKind | undefined, order: { orderNo: string; sale: Item }): string {
  const { orderNo, sale } = order;
  const parts = sale.parts.join(',');
  return `${orderNo},${sale.item},650100000001,000000000001,2,${sale.fen},${parts},card,sold,${sale.at}\n`;
}

function orderText(
  index: number,
  { rows, seed }: { rows: number; seed: number },
): { flaw: DifferenceKind | undefined; orderNo: string; text: string } {
  const { orderNo, money, sale } = plannedOrder(index, rows);
  const flaw = flawOf(index, seed);
  const text = orderLine(
    orderNo,
    flaw === 'CHANNEL_ONLY' ? undefined : money,
    flaw === 'GRID_ONLY'
      ? undefined
      : flaw === 'STATUS_DIFF'
        ? { ...sale, item: '', status: 'unsold' }
        : sale,
  );
  return { flaw, orderNo, text };
}

/** A step that visits every index once: coprime to the number of rows. */
function strideOf(rows: number, near: number): number {
  let step = Math.max(1, Math.floor(rows * 0.618) + near);
  while (divisor(step, rows) !== 1) step += 1;
  return step;
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

/** Lines into a file, in pieces. */
class Lines {
  readonly #out;
  #piece = '';

  constructor(path: string) {
    this.#out = createWriteStream(path, { flags: 'wx' });
  }

  async add(text: string): Promise<void> {
    this.#piece += text;
    if (this.#piece.length < 1 << 18) return;
    const piece = this.#piece;
    this.#piece = '';
    if (!this.#out.write(piece)) await once(this.#out, 'drain');
  }

  async end(): Promise<void> {
    this.#out.end(this.#piece);
    await finished(this.#out);
  }
}
