import PDFDocument from 'pdfkit';
import { FontSlices } from './fonts.ts';
import { cellText, type Column, type Sheet } from './sheet.ts';

/** A4 upright, in points. */
const PAGE = { width: 595.28, height: 841.89, margin: 40 } as const;
const SIZE = { title: 15, text: 8.5 } as const;
const LINE = 15;
const INNER = PAGE.width - 2 * PAGE.margin;
const BLACK = '#1a1a1a';
const GREY = '#999999';

/** The sheet as pages to print, with the characters that it uses embedded. The same sheet gives the same bytes. */
export function pdfOf(sheet: Sheet): Promise<Buffer> {
  const writer = new PdfWriter(sheet);
  return writer.write();
}

type Weight = 'regular' | 'bold';

class PdfWriter {
  readonly #sheet: Sheet;
  readonly #document: PDFKit.PDFDocument;
  readonly #fonts = { regular: new FontSlices(400), bold: new FontSlices(700) };
  #y: number = PAGE.margin;
  #page = 1;

  constructor(sheet: Sheet) {
    this.#sheet = sheet;
    // Its id is made from this, and its date is the bill's and not the moment's.
    const info = { Title: sheet.title, Producer: 'Bianmin', Creator: 'Bianmin', CreationDate: sheet.asOf };
    this.#document = new PDFDocument({
      size: 'A4',
      margin: 0,
      info,
      autoFirstPage: true,
      // The document's own first font would be one of a computer's, not of a file's.
      font: '',
    });
  }

  write(): Promise<Buffer> {
    const { title, facts, columns, rows, totals } = this.#sheet;
    const ended = collected(this.#document);
    this.#text(title, { x: PAGE.margin, size: SIZE.title, weight: 'bold' });
    this.#y += LINE * 1.8;
    for (const [name, value] of facts) {
      this.#text(name, { x: PAGE.margin, weight: 'bold' });
      this.#text(value, { x: PAGE.margin + 90 });
      this.#y += LINE;
    }
    this.#y += LINE / 2;
    this.#head(columns);
    for (const row of rows) {
      if (this.#y > PAGE.height - PAGE.margin - 3 * LINE) this.#turn(columns);
      this.#row(row, columns, 'regular');
    }
    this.#rule(BLACK);
    this.#row(totals, columns, 'bold');
    this.#foot();
    this.#document.end();
    return ended;
  }

  #head(columns: readonly Column[]): void {
    this.#row(
      columns.map(({ title }) => title),
      columns,
      'bold',
    );
    this.#rule(BLACK);
  }

  #turn(columns: readonly Column[]): void {
    this.#foot();
    this.#document.addPage();
    this.#page += 1;
    this.#y = PAGE.margin;
    this.#head(columns);
  }

  #foot(): void {
    const y = this.#y;
    this.#y = PAGE.height - PAGE.margin;
    this.#text(`${this.#page}`, { x: PAGE.margin, right: INNER, color: GREY });
    this.#y = y;
  }

  #row(cells: readonly (string | number)[], columns: readonly Column[], weight: Weight): void {
    let x: number = PAGE.margin;
    for (const [index, column] of columns.entries()) {
      const width = column.share * INNER;
      const text = cellText(cells[index] ?? '', column.kind);
      this.#text(text, { x, weight, ...(column.kind === 'text' ? {} : { right: width - 4 }) });
      x += width;
    }
    this.#y += LINE;
  }

  #rule(color: string): void {
    const y = this.#y - 2;
    this.#document
      .moveTo(PAGE.margin, y)
      .lineTo(PAGE.margin + INNER, y)
      .lineWidth(0.5)
      .strokeColor(color)
      .stroke();
    this.#y += 3;
  }

  /** Text from `x`, or so that it ends `right` of it; each run in the file that has its characters. */
  #text(
    text: string,
    init: { x: number; size?: number; weight?: Weight; right?: number; color?: string },
  ): void {
    const { x, size = SIZE.text, weight = 'regular', right, color = BLACK } = init;
    const document = this.#document;
    const runs = this.#fonts[weight].runsOf(text).map((run) => ({
      ...run,
      width: document.font(run.file).fontSize(size).widthOfString(run.text),
    }));
    const whole = runs.reduce((sum, { width }) => sum + width, 0);
    let at = right === undefined ? x : x + right - whole;
    for (const run of runs) {
      document.font(run.file).fontSize(size).fillColor(color);
      document.text(run.text, at, this.#y, { lineBreak: false, baseline: 'top' });
      at += run.width;
    }
  }
}

function collected(document: PDFKit.PDFDocument): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    document.on('data', (piece: Buffer) => pieces.push(piece));
    document.on('end', () => {
      resolve(Buffer.concat(pieces));
    });
    document.on('error', reject);
  });
}
