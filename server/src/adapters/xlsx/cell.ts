/** Indexes into `cellXfs` of `STYLES`. */
const STYLE = { text: 0, fen: 1, head: 2, count: 3, title: 4 } as const;

/** A cell as it stands in its sheet. */
export type Cell = string & { readonly cell: unique symbol };

/** Inline text, which no program evaluates; `text` is a cell's own, the others stand over a table. */
export function textCell(text: string, style: 'text' | 'head' | 'title' = 'text'): Cell {
  const styled = style === 'text' ? '' : ` s="${STYLE[style]}"`;
  return `<c t="inlineStr"${styled}><is><t xml:space="preserve">${escaped(text)}</t></is></c>` as Cell;
}

/** A number that can be added up, as digits so that it stays exact; of `fen` the digits are yuan. */
export function numberCell(digits: string, style: 'text' | 'fen' | 'count'): Cell {
  return `<c s="${STYLE[style]}"><v>${digits}</v></c>` as Cell;
}

/** XML 1.0 §2.2: most control characters cannot be written at all. */
export function escaped(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

const font = (size: number, bold: boolean): string =>
  `<font>${bold ? '<b/>' : ''}<sz val="${size}"/><name val="Noto Sans SC"/></font>`;
const format = (font: number, number: number): string =>
  `<xf numFmtId="${number}" fontId="${font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>`;

/** The part of a workbook that `STYLE` points into; 1 and 4 are the built-in formats `0` and `#,##0.00`. */
export const STYLES = [
  `<fonts count="3">${font(11, false)}${font(11, true)}${font(14, true)}</fonts>`,
  '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>',
  '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>',
  `<cellXfs count="5">${format(0, 0)}${format(0, 4)}${format(1, 0)}${format(0, 1)}${format(2, 0)}</cellXfs>`,
].join('');
