import { parse } from 'csv-parse/sync';
import { CUSTOMER_NO, HOUSEHOLD_TAG, MOST_TAGS } from '@bianmin/purchase/api/discount';
import type { LineTrouble, RowTrouble } from '@bianmin/purchase/api/household-file';
import { ProblemError } from '../../../kernel/problem.ts';

/** One household as a line says it. */
interface Line {
  /** From 1. */
  readonly line: number;
  readonly customerNo: string;
  /** An organisation's id or name. */
  readonly organisation: string;
  readonly tags: readonly string[];
}

export interface ReadLines {
  readonly read: readonly Line[];
  readonly troubles: readonly LineTrouble[];
  /** All of them, the header and empty ones among them. */
  readonly lines: number;
}

/** What the first line says, by language. */
const HEADERS = [
  ['customerNo', 'organisation', 'tags'],
  ['户号', '组织', '标签'],
].map((names) => names.join());
const CSV = { delimiter: ',', record_delimiter: '\n', relax_column_count: true, trim: true } as const;
/** Not `TextDecoder`'s own: it takes the mark away at the beginning of any part. */
const MARK = '\uFEFF';

/**
 * Reads a part of the file, which begins with a line and ends with one; `before`: lines before it. A line is a row, also where quotes
 * would go on: so it makes no difference where the file was cut. Throws `discount.file-encoding` and, of the first line,
 * `discount.file-header`.
 */
export function linesOf(bytes: Uint8Array, before: number): ReadLines {
  const text = textOf(bytes);
  const isFirst = before === 0;
  const rows = rowsOf(isFirst && text.startsWith(MARK) ? text.slice(1) : text);
  if (isFirst && !HEADERS.includes((rows[0] ?? []).join())) {
    throw new ProblemError({
      code: 'discount.file-header',
      message: `The first line is none of: ${HEADERS.join('; ')}. Put it there, in this order.`,
    });
  }
  const read: Line[] = [];
  const troubles: LineTrouble[] = [];
  for (const [n, row] of rows.entries()) {
    const line = before + n + 1;
    if (line === 1 || row?.every((cell) => cell === '') === true) continue;
    const one = row === undefined ? 'quotes' : lineOf(row, line);
    if (typeof one === 'string') troubles.push({ line, what: one });
    else read.push(one);
  }
  return { read, troubles, lines: rows.length };
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ProblemError({
      code: 'discount.file-encoding',
      message: 'The file is not UTF-8. Save it as “CSV UTF-8” and choose it again.',
    });
  }
}

/** Cells of each line; undefined: its quotes do not match. */
function rowsOf(text: string): readonly (readonly string[] | undefined)[] {
  const lines = text.replaceAll('\r\n', '\n');
  if (!lines.includes('"')) return cellsOf(lines);
  return lines.replace(/\n$/u, '').split('\n').map(rowOf);
}

function rowOf(line: string): readonly string[] | undefined {
  // Most have none, also where a few do; what the parser costs for a line alone is not small.
  if (!line.includes('"')) return trimmed(line.split(','));
  try {
    return cellsOf(line)[0] ?? [''];
  } catch {
    return undefined;
  }
}

function cellsOf(lines: string): string[][] {
  return parse(lines, CSV).map(trimmed);
}

/** Also of spaces that only Chinese text has. */
function trimmed(cells: readonly string[]): string[] {
  return cells.map((cell) => cell.trim());
}

function lineOf(row: readonly string[], line: number): Line | RowTrouble {
  const [customerNo = '', organisation = '', tagText = ''] = row;
  if (row.length !== 3) return 'columns';
  if (!CUSTOMER_NO.test(customerNo)) return 'number';
  if (organisation === '') return 'organisation';
  const tags = [...new Set(tagText.split(/[\s;；]+/u).filter((tag) => tag !== ''))];
  if (tags.length > MOST_TAGS || !tags.every((tag) => HOUSEHOLD_TAG.test(tag))) return 'tags';
  return { line, customerNo, organisation, tags };
}
