import { strToU8, Zip, ZipDeflate } from 'fflate';
import type { CellValue } from './columns.ts';
import type { Out, SheetWriter } from './sheet-writer.ts';

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
 * once they are saved as CSV.
 */
export function xlsxWriter(heads: readonly string[], out: Out, maxRows = MAX_ROWS): SheetWriter {
  return new Workbook(heads, out, maxRows);
}

class Workbook implements SheetWriter {
  readonly #heads: readonly string[];
  readonly #maxRows: number;
  readonly #zip: Zip;
  #sheets = 0;
  #sheet: ZipDeflate;
  /** Rows that the sheet may still take. */
  #room = 0;

  constructor(heads: readonly string[], out: Out, maxRows: number) {
    this.#heads = heads;
    this.#maxRows = maxRows;
    this.#zip = new Zip((error, bytes) => {
      if (error !== null) throw error;
      out(bytes);
    });
    this.#sheet = this.#next();
  }

  add(rows: readonly (readonly CellValue[])[]): void {
    let text = '';
    for (const row of rows) {
      if (this.#room === 0) {
        this.#sheet.push(strToU8(text));
        text = '';
        this.#close();
        this.#sheet = this.#next();
      }
      text += rowXml(row, 0);
      this.#room -= 1;
    }
    this.#sheet.push(strToU8(text));
  }

  end(): void {
    this.#close();
    for (const [name, text] of frameOf(this.#sheets)) this.#part(name).push(strToU8(XML + text), true);
    this.#zip.end();
  }

  #next(): ZipDeflate {
    this.#sheets += 1;
    const sheet = this.#part(`xl/worksheets/sheet${this.#sheets}.xml`);
    sheet.push(strToU8(`${XML}<worksheet xmlns="${MAIN}"><sheetData>${rowXml(this.#heads, 1)}`));
    this.#room = this.#maxRows - 1;
    return sheet;
  }

  #close(): void {
    this.#sheet.push(strToU8('</sheetData></worksheet>'), true);
  }

  #part(name: string): ZipDeflate {
    const file = new ZipDeflate(name, { level: 6 });
    this.#zip.add(file);
    return file;
  }
}

/** What names the sheets, by its place in the file. */
function frameOf(sheets: number): [name: string, text: string][] {
  const all = Array.from({ length: sheets }, (_, index) => index + 1);
  const each = (of: (n: number) => string): string => all.map(of).join('');
  return [
    [
      'xl/workbook.xml',
      `<workbook xmlns="${MAIN}" xmlns:r="${REL}"><sheets>${each(
        (n) => `<sheet name="${n}" sheetId="${n}" r:id="rId${n}"/>`,
      )}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `<Relationships xmlns="${PACKAGE}/relationships">${each(
        (n) => `<Relationship Id="rId${n}" Type="${REL}/worksheet" Target="worksheets/sheet${n}.xml"/>`,
      )}<Relationship Id="rId0" Type="${REL}/styles" Target="styles.xml"/></Relationships>`,
    ],
    ['xl/styles.xml', STYLES],
    [
      '_rels/.rels',
      `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ],
    [
      '[Content_Types].xml',
      `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/>${each(
        (n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${TYPE}.worksheet+xml"/>`,
      )}<Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/></Types>`,
    ],
  ];
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
