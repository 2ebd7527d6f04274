import { numberCell, textCell, type Cell } from '../../adapters/xlsx/cell.ts';
import { Workbook } from '../../adapters/xlsx/workbook.ts';
import type { CellValue } from './columns.ts';
import type { Out, SheetWriter } from './sheet-writer.ts';

/** As many rows as a sheet may have (ECMA-376 Part 1, as spreadsheet programs limit it); the heads are one. */
const MAX_ROWS = 1_048_576;

/**
 * A workbook, written as it comes; it goes on in another sheet where one is full. Cells are texts, which no program evaluates,
 * and still begin with an apostrophe where they would be a formula once they are saved as CSV.
 */
export function xlsxWriter(heads: readonly string[], out: Out, maxRows = MAX_ROWS): SheetWriter {
  const workbook = new Workbook(out);
  let sheets = 0;
  /** Rows that the sheet may still take. */
  let room = 0;
  const next = (): void => {
    sheets += 1;
    workbook.open({ name: String(sheets) });
    workbook.add([heads.map((head) => textCell(tamed(head), 'head'))]);
    room = maxRows - 1;
  };
  next();
  return {
    add(rows) {
      for (let from = 0; from < rows.length;) {
        if (room === 0) next();
        const some = rows.slice(from, from + room);
        workbook.add(some.map((row) => row.map(cellOf)));
        room -= some.length;
        from += some.length;
      }
    },
    end() {
      workbook.end();
    },
  };
}

function cellOf(value: CellValue): Cell {
  return typeof value === 'string' ? textCell(tamed(value)) : numberCell(value.yuan, 'fen');
}

/** The same rule as `escape_formulas` of csv-stringify. */
function tamed(text: string): string {
  return /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/u.test(text) ? `'${text}` : text;
}
