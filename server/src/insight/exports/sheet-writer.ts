import { stringify } from 'csv-stringify/sync';
import { strToU8 } from 'fflate';
import type { CellValue } from './columns.ts';

/** Rows in, bytes out, as they come: nothing of the file is kept but what the compression looks back on. */
export interface SheetWriter {
  add(rows: readonly (readonly CellValue[])[]): void;
  /** The last bytes; nothing may be added afterwards. */
  end(): void;
}

export type Out = (bytes: Uint8Array) => void;

/**
 * RFC 4180 with a mark at the start by which spreadsheet programs know UTF-8. A text that one of them would take for a
 * formula begins with an apostrophe.
 */
export function csvWriter(heads: readonly string[], out: Out): SheetWriter {
  const write = (rows: readonly (readonly string[])[], bom: boolean): void => {
    const text = stringify([...rows], { bom, escape_formulas: true, record_delimiter: 'windows' });
    out(strToU8(text));
  };
  write([heads], true);
  return {
    add(rows) {
      write(
        rows.map((row) => row.map((value) => (typeof value === 'string' ? value : value.yuan))),
        false,
      );
    },
    end: () => undefined,
  };
}
