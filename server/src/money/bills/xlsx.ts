import { strToU8, zipSync } from 'fflate';
import type { Column, Sheet } from './sheet.ts';

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
/** The first moment that a zip can name; not the time of making, which would make every file another. */
const ZIP_DATE = '1980-01-01T00:00:00';
/** Characters that a sheet is wide. */
const WIDE = 110;

/** Indexes into `cellXfs` below. */
const STYLE = { text: 0, count: 1, fen: 2, head: 3, title: 4 } as const;

/** A workbook of one sheet: the smallest that spreadsheet programs open. The same sheet gives the same bytes. */
export function xlsxOf(sheet: Sheet): Buffer {
  const files = {
    '[Content_Types].xml': `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`,
    '_rels/.rels': `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${XML}<workbook xmlns="${MAIN}" xmlns:r="${REL}"><sheets><sheet name="${escaped(sheet.title.slice(0, 31))}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${REL}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${REL}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': stylesXml(),
    'xl/worksheets/sheet1.xml': sheetXml(sheet),
  };
  const zipped = Object.entries(files).map(([name, text]) => [name, strToU8(text)] as const);
  return Buffer.from(zipSync(Object.fromEntries(zipped), { level: 6, mtime: ZIP_DATE }));
}

function stylesXml(): string {
  const xf = (font: number, format: number): string =>
    `<xf numFmtId="${format}" fontId="${font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>`;
  const font = (size: number, bold: boolean): string =>
    `<font>${bold ? '<b/>' : ''}<sz val="${size}"/><name val="Noto Sans SC"/></font>`;
  // 1 and 4 are the built-in formats 0 and #,##0.00.
  return `${XML}<styleSheet xmlns="${MAIN}"><fonts count="3">${font(11, false)}${font(11, true)}${font(14, true)}</fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5">${xf(0, 0)}${xf(0, 1)}${xf(0, 4)}${xf(1, 0)}${xf(2, 0)}</cellXfs></styleSheet>`;
}

function sheetXml(sheet: Sheet): string {
  const { columns, facts, rows, totals, title } = sheet;
  const widths = columns
    .map(({ share }, index) => {
      const at = index + 1;
      return `<col min="${at}" max="${at}" width="${(share * WIDE).toFixed(2)}" customWidth="1"/>`;
    })
    .join('');
  const lines = [
    [cell(title, STYLE.title)],
    ...facts.map(([name, value]) => [cell(name, STYLE.head), cell(value, STYLE.text)]),
    [],
    columns.map((column) => cell(column.title, STYLE.head)),
    ...[...rows, totals].map((row) => row.map((value, index) => valueCell(value, columns[index]))),
  ];
  const data = lines
    .map(
      (cells, index) =>
        `<row r="${index + 1}">${cells.map((of, at) => of(ref(at, index + 1))).join('')}</row>`,
    )
    .join('');
  return `${XML}<worksheet xmlns="${MAIN}"><cols>${widths}</cols><sheetData>${data}</sheetData></worksheet>`;
}

type Cell = (ref: string) => string;

function valueCell(value: string | number, column: Column | undefined): Cell {
  const kind = column?.kind ?? 'text';
  if (typeof value === 'string') return cell(value, STYLE.text);
  // Money is a number in yuan, exact to the fen, so that it can be added up.
  const number = kind === 'fen' ? (value / 100).toFixed(2) : String(value);
  return (at) => `<c r="${at}" s="${STYLE[kind]}"><v>${number}</v></c>`;
}

function cell(text: string, style: number): Cell {
  return (at) =>
    `<c r="${at}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;
}

function ref(column: number, row: number): string {
  return `${String.fromCharCode(65 + column)}${row}`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
