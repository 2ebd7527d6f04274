import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createCanvas, GlobalFonts, type Canvas, type SKRSContext2D } from '@napi-rs/canvas';
import iconv from 'iconv-lite';
import QRCode from 'qrcode';
import type { Op } from './escpos-parser.ts';

const FAMILY = 'Virtual Printer';
const FONTS = [400, 700].map((weight) => `noto-sans-sc-chinese-simplified-${weight}-normal.woff2`);
const LATIN = [400, 700].map((weight) => `noto-sans-sc-latin-${weight}-normal.woff2`);
/** Dots: of a character's height, of half its width, of a line. */
const [HEIGHT, HALF, LINE] = [24, 12, 30];
const MARGIN = 16;

let registered = false;
function register(): void {
  if (registered) return;
  const find = createRequire(import.meta.url);
  for (const [family, files] of [
    [FAMILY, FONTS],
    [`${FAMILY} Latin`, LATIN],
  ] as const) {
    for (const file of files) {
      GlobalFonts.register(readFileSync(find.resolve(`@fontsource/noto-sans-sc/files/${file}`)), family);
    }
  }
  registered = true;
}

type Draw = (context: SKRSContext2D) => void;

/** The paper as it comes out of a printer: what each command does to it, and its picture. */
export class Paper {
  readonly #dots: number;
  readonly #draws: Draw[] = [];
  readonly #texts: string[] = [];
  #y = 0;
  #line: { text: string; wide: number; high: number; bold: boolean }[] = [];
  #align = 0;
  #bold = false;
  #size = { wide: 1, high: 1 };
  #chinese = false;
  #qr = { dots: 3, text: '' };

  constructor(dots: number) {
    register();
    this.#dots = dots;
  }

  /** Dots that have come out. */
  get length(): number {
    return this.#y;
  }

  /** Its lines of characters, and what its codes say. */
  get text(): string {
    return this.#texts.join('\n');
  }

  /** How many dots of paper this needs. */
  needs(op: Op): number {
    if (op.do === 'line') return LINE * Math.max(1, ...this.#line.map(({ high }) => high));
    if (op.do === 'feed') return LINE * op.lines;
    if (op.do === 'raster') return op.height;
    return op.do === 'qr-print' ? this.#modules().size * this.#qr.dots : 0;
  }

  do(op: Op): void {
    switch (op.do) {
      case 'text':
        this.#line.push({ text: this.#decode(op.bytes), ...this.#size, bold: this.#bold });
        return;
      case 'line':
        this.#print(this.needs(op));
        return;
      case 'reset':
        [this.#align, this.#bold, this.#size, this.#chinese] = [0, false, { wide: 1, high: 1 }, false];
        return;
      case 'align':
        this.#align = op.to;
        return;
      case 'bold':
        this.#bold = op.on;
        return;
      case 'size':
        this.#size = { wide: op.wide, high: op.high };
        return;
      case 'chinese':
        this.#chinese = op.on;
        return;
      case 'feed':
        this.#y += this.needs(op);
        return;
      case 'raster':
        this.#raster(op);
        return;
      case 'qr-module':
        this.#qr.dots = op.dots;
        return;
      case 'qr-data':
        this.#qr.text = op.text;
        return;
      case 'qr-print':
        this.#printQr();
        return;
      case 'cut':
      case 'tell-paper':
      case 'nothing':
    }
  }

  canvas(): Canvas {
    const canvas = createCanvas(this.#dots + 2 * MARGIN, this.#y + 2 * MARGIN);
    const context = canvas.getContext('2d');
    context.fillStyle = '#fff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.fillStyle = '#000';
    context.translate(MARGIN, MARGIN);
    for (const draw of this.#draws) draw(context);
    return canvas;
  }

  /** Outside Chinese mode a printer prints each byte by its code page: nothing that we could have meant. */
  #decode(bytes: Uint8Array): string {
    if (this.#chinese) return iconv.decode(Buffer.from(bytes), 'gb18030');
    return [...bytes].map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : '▯')).join('');
  }

  #print(height: number): void {
    const width = this.#line.reduce((sum, { text, wide }) => sum + columnsOf(text) * HALF * wide, 0);
    if (width > this.#dots)
      throw new Error(`A line is wider than the paper: ${this.#line.map((l) => l.text).join('')}`);
    let x = this.#start(width);
    const base = this.#y + height;
    for (const { text, wide, high, bold } of this.#line) {
      for (const char of text) {
        const [left, latin] = [x, columnsOf(char) === 1];
        this.#draws.push((context) => {
          context.save();
          context.translate(left, base - (LINE - HEIGHT) - 4);
          context.scale(wide, high);
          // A printer's own half-width letters are 12 dots wide each.
          context.font = `${bold ? 700 : 400} ${latin ? 21 : HEIGHT}px "${latin ? `${FAMILY} Latin` : FAMILY}"`;
          context.textAlign = 'center';
          context.fillText(char, latin ? HALF / 2 : HALF, 0);
          context.restore();
        });
        x += columnsOf(char) * HALF * wide;
      }
    }
    if (this.#line.length > 0) this.#texts.push(this.#line.map(({ text }) => text).join(''));
    this.#line = [];
    this.#y += height;
  }

  #raster({ width, height, rows }: Extract<Op, { do: 'raster' }>): void {
    const [left, top] = [this.#start(width), this.#y];
    this.#draws.push((context) => {
      for (let at = 0; at < width * height; at += 1) {
        if (((rows[at >> 3] ?? 0) & (0x80 >> (at & 7))) === 0) continue;
        context.fillRect(left + (at % width), top + Math.floor(at / width), 1, 1);
      }
    });
    this.#y += height;
  }

  #modules(): { size: number; get(row: number, column: number): number } {
    return QRCode.create(this.#qr.text, { errorCorrectionLevel: 'M' }).modules;
  }

  #printQr(): void {
    const [modules, { dots, text }] = [this.#modules(), this.#qr];
    const [left, top] = [this.#start(modules.size * dots), this.#y];
    this.#draws.push((context) => {
      for (let row = 0; row < modules.size; row += 1) {
        for (let column = 0; column < modules.size; column += 1) {
          if (modules.get(row, column)) context.fillRect(left + column * dots, top + row * dots, dots, dots);
        }
      }
    });
    this.#texts.push(text);
    this.#y += modules.size * dots;
  }

  #start(width: number): number {
    return this.#align === 0 ? 0 : Math.floor((this.#dots - width) / (this.#align === 1 ? 2 : 1));
  }
}

function columnsOf(text: string): number {
  return [...text].reduce((sum, char) => sum + (char.charCodeAt(0) < 0x80 ? 1 : 2), 0);
}
