import { open, type FileHandle } from 'node:fs/promises';
import { ReconcileError } from '../error.ts';
import { LAYOUTS, SIDES, type Layout, type Side } from './layout.ts';
import { LineHash, randomSeed } from './line-hash.ts';
import { SetTable } from './set-table.ts';

const CHUNK = 1 << 20;
/** Lines are some hundred bytes; one of this length is no line. */
const MAX_LINE = 4096;
const LINE_FEED = 0x0a;
/** The order number. */
const KEY = [0];
/** Lines that a person's day cannot hold; above them something else is wrong. */
const MAX_UNEVEN = 200_000;
/** Guess of a line's length, to size the table once. */
const LINE_BYTES = 90;

/** `credited` in a grid's bill: a remote credit, which is no money of its own. */
const CREDITED = 'c'.charCodeAt(0);

interface SideTotals {
  readonly lines: number;
  /** Fen by the first letter of the status: `p` paid, `r` refunded or reversed, `s` sold. */
  readonly fen: Readonly<Record<string, number>>;
  readonly count: Readonly<Record<string, number>>;
}

/** A line that did not come out even, as text. */
export interface UnevenLine {
  readonly side: Side;
  readonly text: string;
}

export interface EngineResult {
  readonly totals: Readonly<Record<Side, SideTotals>>;
  /** One array for each slot that did not come out even; its lines can be of several order numbers. */
  readonly uneven: readonly (readonly UnevenLine[])[];
}

/**
 * Reads three files once and gives the lines of every order number that does not come out even. Streamed: what stays in
 * memory is 40 bytes a line or so. Throws `reconcile.bill-unsound` for a line that is none, `reconcile.too-many`.
 */
export async function compareFiles(
  paths: Readonly<Record<Side, string>>,
  init: { readonly seed?: readonly [number, number]; readonly maxUneven?: number } = {},
): Promise<EngineResult> {
  const handles: Partial<Record<Side, FileHandle>> = {};
  try {
    let bytes = 0;
    for (const side of SIDES) {
      const handle = await open(paths[side], 'r');
      handles[side] = handle;
      bytes = Math.max(bytes, (await handle.stat()).size);
    }
    const table = new SetTable(Math.ceil(bytes / LINE_BYTES));
    const hash = new LineHash(init.seed ?? randomSeed());
    const totals: Partial<Record<Side, SideTotals>> = {};
    const firstRow: number[] = [];
    for (const side of SIDES) {
      const handle = handles[side] as FileHandle;
      firstRow.push(table.rows);
      totals[side] = await new SideScan(side, table, hash).run(handle);
    }
    return {
      totals: totals as Record<Side, SideTotals>,
      uneven: await unevenLines(table, handles as Record<Side, FileHandle>, {
        firstRow,
        most: init.maxUneven ?? MAX_UNEVEN,
      }),
    };
  } finally {
    for (const handle of Object.values(handles)) await handle.close();
  }
}

/** Reads one side's file once, line by line, where the bytes lie. */
class SideScan {
  readonly #side: Side;
  readonly #layout: Layout;
  readonly #sign: 1 | -1;
  readonly #table: SetTable;
  readonly #hash: LineHash;
  readonly #buffer = Buffer.allocUnsafe(CHUNK + MAX_LINE);
  readonly #fen = new Float64Array(128);
  readonly #count = new Float64Array(128);

  constructor(side: Side, table: SetTable, hash: LineHash) {
    this.#side = side;
    this.#layout = LAYOUTS[side];
    this.#sign = side === 'orders' ? -1 : 1;
    this.#table = table;
    this.#hash = hash;
  }

  async run(handle: FileHandle): Promise<SideTotals> {
    const buffer = this.#buffer;
    let [kept, position, lines] = [0, 0, 0];
    for (;;) {
      const { bytesRead } = await handle.read(buffer, kept, CHUNK, position);
      if (bytesRead === 0) break;
      const filled = buffer.subarray(0, kept + bytesRead);
      const origin = position - kept;
      position += bytesRead;
      let start = 0;
      for (let feed = filled.indexOf(LINE_FEED); feed !== -1; feed = filled.indexOf(LINE_FEED, start)) {
        this.#line(start, feed, origin + start);
        lines += 1;
        start = feed + 1;
      }
      kept = filled.length - start;
      if (kept > MAX_LINE) throw unsound(this.#side, 'has a line without an end');
      filled.copy(buffer, 0, start);
    }
    if (kept > 0) throw unsound(this.#side, 'ends in the middle of a line');
    return { lines, fen: byLetter(this.#fen), count: byLetter(this.#count) };
  }

  #line(start: number, end: number, offset: number): void {
    const [buffer, hash, table, layout, sign] = [
      this.#buffer,
      this.#hash,
      this.#table,
      this.#layout,
      this.#sign,
    ];
    if (hash.split(buffer, start, end) !== layout.columns)
      throw unsound(this.#side, 'has a line of other columns');
    const status = hash.firstByte(buffer, layout.status);
    if (this.#side === 'grid' && status === CREDITED) return;
    if (!hash.isEmpty(layout.fen)) this.#total(status);
    hash.hash(buffer, KEY);
    const slot = table.add(hash.hash1, hash.hash2, offset);
    if (layout.channel !== undefined && status !== 0) {
      hash.hash(buffer, layout.channel);
      table.sumChannel(slot, sign * hash.hash1, sign * hash.hash2);
    }
    if (layout.grid !== undefined && !hash.isEmpty(layout.saleStatus)) {
      hash.hash(buffer, layout.grid);
      table.sumGrid(slot, sign * hash.hash1, sign * hash.hash2);
    }
  }

  #total(status: number): void {
    const amount = this.#hash.numberOf(this.#buffer, this.#layout.fen);
    if (Number.isNaN(amount) || status > 127) throw unsound(this.#side, 'has an amount that is none');
    this.#fen[status] = (this.#fen[status] as number) + amount;
    this.#count[status] = (this.#count[status] as number) + 1;
  }
}

async function unevenLines(
  table: SetTable,
  handles: Readonly<Record<Side, FileHandle>>,
  init: { firstRow: readonly number[]; most: number },
): Promise<UnevenLine[][]> {
  const uneven: UnevenLine[][] = [];
  const buffer = Buffer.allocUnsafe(MAX_LINE);
  let lines = 0;
  for (const rows of table.uneven()) {
    lines += rows.length;
    if (lines > init.most) {
      throw new ReconcileError({
        code: 'reconcile.too-many',
        message: `More than ${init.most} lines differ. Check that each file is complete and of this day.`,
      });
    }
    const texts: UnevenLine[] = [];
    for (const { row, offset } of rows) {
      const index = init.firstRow.findLastIndex((first) => first <= row);
      const side = SIDES[index] ?? 'grid';
      const { bytesRead } = await handles[side].read(buffer, 0, MAX_LINE, offset);
      const end = buffer.subarray(0, bytesRead).indexOf(LINE_FEED);
      texts.push({ side, text: buffer.toString('utf8', 0, end) });
    }
    // Newest first in the table: as the files have them, so that the same files always give the same.
    uneven.push(texts.reverse());
  }
  return uneven;
}

function byLetter(sums: Float64Array): Record<string, number> {
  const named: Record<string, number> = {};
  for (const [code, sum] of sums.entries()) if (sum !== 0) named[String.fromCharCode(code)] = sum;
  return named;
}

function unsound(side: Side, why: string): ReconcileError {
  return new ReconcileError({
    code: 'reconcile.bill-unsound',
    message: `The ${side} file ${why}. Fetch it again; if that does not help, ask its maker.`,
    context: { side },
  });
}
