import { numberCell, textCell, type Cell } from '../../adapters/xlsx/cell.ts';
import { Workbook } from '../../adapters/xlsx/workbook.ts';
import type { CellKind, Sheet } from './sheet.ts';

/** Characters that a sheet is wide. */
const WIDE = 110;

/** A workbook of one sheet. The same sheet gives the same bytes. */
export function xlsxOf({ title, facts, columns, rows, totals }: Sheet): Buffer {
  const parts: Uint8Array[] = [];
  const workbook = new Workbook((bytes) => parts.push(bytes));
  workbook.open({ name: title, widths: columns.map(({ share }) => share * WIDE) });
  workbook.add([
    [textCell(title, 'title')],
    ...facts.map(([name, value]) => [textCell(name, 'head'), textCell(value)]),
    [],
    columns.map((column) => textCell(column.title, 'head')),
    ...[...rows, totals].map((row) => row.map((value, index) => valueCell(value, columns[index]?.kind))),
  ]);
  workbook.end();
  return Buffer.concat(parts);
}

function valueCell(value: string | number, kind: CellKind = 'text'): Cell {
  if (typeof value === 'string') return textCell(value);
  // Money is a number in yuan, exact to the fen, so that it can be added up.
  return numberCell(kind === 'fen' ? (value / 100).toFixed(2) : String(value), kind);
}
