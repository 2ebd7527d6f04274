import { stringify } from 'csv-stringify/sync';
import { strToU8, Zip, ZipDeflate } from 'fflate';
import type { CellValue } from './columns.ts';

/** Rows in, bytes out, as they come: nothing of the file is kept but what the compression looks back on. */
export interface SheetWriter {
  add(rows: readonly (readonly CellValue[])[]): void;
  /** The last bytes; nothing may be added afterwards. */
  end(): void;
}

type Out = (bytes: Uint8Array) => void;

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

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
/** As many rows as a sheet may have (ECMA-376 Part 1, as spreadsheet programs limit it); the heads are one. */
const MAX_ROWS = 1_048_576;

/**
 * A workbook, written as it comes: its sheets first, and what names them last, since only then is known how many there
 * are. Cells are inline texts, which no program evaluates, and still begin with an apostrophe where they would be a formula
 * once somebody saves them as CSV.
 */
export function xlsxWriter(heads: readonly string[], out: Out, maxRows = MAX_ROWS): SheetWriter {
  const zip = new Zip((error, bytes) => {
    if (error !== null) throw error;
    out(bytes);
  });
  const part = (name: string): ZipDeflate => {
    const file = new ZipDeflate(name, { level: 6 });
    zip.add(file);
    return file;
  };
  const whole = (name: string, text: string): void => {
    part(name).push(strToU8(XML + text), true);
  };
  let sheets = 0;
  let sheet: ZipDeflate | undefined;
  let room = 0;
  const close = (): void => {
    sheet?.push(strToU8('</sheetData></worksheet>'), true);
  };
  const next = (): void => {
    close();
    sheets += 1;
    sheet = part(`xl/worksheets/sheet${sheets}.xml`);
    sheet.push(strToU8(`${XML}<worksheet xmlns="${MAIN}"><sheetData>${rowXml(heads, 1)}`));
    room = maxRows - 1;
  };
  next();
  return {
    add(rows) {
      let text = '';
      for (const row of rows) {
        if (room === 0) {
          sheet?.push(strToU8(text));
          text = '';
          next();
        }
        text += rowXml(row, 0);
        room -= 1;
      }
      sheet?.push(strToU8(text));
    },
    end() {
      close();
      const all = Array.from({ length: sheets }, (_, index) => index + 1);
      const each = (of: (n: number) => string): string => all.map(of).join('');
      whole(
        'xl/workbook.xml',
        `<workbook xmlns="${MAIN}" xmlns:r="${REL}"><sheets>${each(
          (n) => `<sheet name="${n}" sheetId="${n}" r:id="rId${n}"/>`,
        )}</sheets></workbook>`,
      );
      whole(
        'xl/_rels/workbook.xml.rels',
        `<Relationships xmlns="${PACKAGE}/relationships">${each(
          (n) => `<Relationship Id="rId${n}" Type="${REL}/worksheet" Target="worksheets/sheet${n}.xml"/>`,
        )}<Relationship Id="rId0" Type="${REL}/styles" Target="styles.xml"/></Relationships>`,
      );
      whole('xl/styles.xml', STYLES);
      whole(
        '_rels/.rels',
        `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
      );
      whole(
        '[Content_Types].xml',
        `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/>${each(
          (n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${TYPE}.worksheet+xml"/>`,
        )}<Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/></Types>`,
      );
      zip.end();
    },
  };
}

/** Style 1 is the built-in format 4, `#,##0.00`; 2 is bold. */
const STYLES = `<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Noto Sans SC"/></font><font><b/><sz val="11"/><name val="Noto Sans SC"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" xfId="0"/><xf numFmtId="4" fontId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="0" fontId="1" xfId="0" applyFont="1"/></cellXfs></styleSheet>`;

function rowXml(row: readonly CellValue[], head: 0 | 1): string {
  const cells = row.map((value) =>
    typeof value === 'string'
      ? `<c t="inlineStr"${head === 1 ? ' s="2"' : ''}><is><t xml:space="preserve">${escaped(tamed(value))}</t></is></c>`
      : `<c s="1"><v>${value.yuan}</v></c>`,
  );
  return `<row>${cells.join('')}</row>`;
}

/** The same rule as `escape_formulas` of csv-stringify. */
function tamed(text: string): string {
  return /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/u.test(text) ? `'${text}` : text;
}

/** XML 1.0 §2.2: most control characters cannot be written at all. */
function escaped(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
