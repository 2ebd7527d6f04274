import ReceiptPrinterEncoder from '@point-of-sale/receipt-printer-encoder';
import QRCode from 'qrcode';
import { columnsOf, toGb18030, wrap } from './gb18030.ts';
import type { PrinterModel } from './models.ts';
import { uyghurRaster, type Raster } from './raster.ts';
import type { Line } from './line.ts';

const ESC = 0x1b;
const FS = 0x1c;
const GS = 0x1d;
const LF = 0x0a;
const [LEFT, CENTRE] = [0, 1];
/** GS !: twice as wide, twice as high. */
const [USUAL, DOUBLE] = [0x00, 0x11];
/** Dots of half a Chinese character, font A. */
const COLUMN = 12;
/** Dots of one module of a code: 6 are 0.75 mm, which a phone reads from paper. */
const MODULE = 6;
/** Most rows of dots in one command: small printers keep no more. */
const BAND = 40;

/**
 * A receipt's bytes, in pieces of whole commands: between two a printer may be asked how it is, inside one the question
 * would be taken for the command's own data. Chinese, digits and English go as GB 18030 in Chinese mode: the encoder's code
 * pages have no Chinese, it prints `?` for it. What it does rightly is its own: the start, codes, the cut. Uyghur is drawn.
 */
export function encode(lines: readonly Line[], model: PrinterModel): Uint8Array[] {
  const { cut } = model;
  return [
    byLibrary((encoder) => encoder.initialize()),
    ...lines.flatMap((line) => piecesOf(line, model)),
    Uint8Array.of(ESC, 0x64, model.feedLines),
    ...(cut === 'none' ? [] : [byLibrary((encoder) => encoder.cut(cut))]),
  ];
}

function byLibrary(build: (encoder: ReceiptPrinterEncoder) => void): Uint8Array {
  const encoder = new ReceiptPrinterEncoder({ language: 'esc-pos', newline: '\n', feedBeforeCut: 0 });
  build(encoder);
  return encoder.encode();
}

function piecesOf(line: Line, model: PrinterModel): Uint8Array[] {
  const columns = model.dots / COLUMN;
  switch (line.is) {
    case 'gap':
      return [Uint8Array.of(LF)];
    case 'rule':
      return [printed('-'.repeat(columns))];
    case 'row':
      return [printed(rowOf(line, columns), line)];
    case 'qr':
      // A line below it stays white: a phone looks for the code's edge.
      return model.qr === 'raster'
        ? [...bands(qrRaster(line.text, model.dots)), Uint8Array.of(LF)]
        : [qrCode(line.text)];
    case 'text': {
      if (line.language === 'ug')
        return bands(uyghurRaster(line.text, { width: model.dots, centred: line.centred }));
      const room = line.big === true ? columns / 2 : columns;
      return [printed(wrap(line.text, room).join('\n'), line)];
    }
  }
}

/** Label at the left, value at the right; under each other where they do not fit beside each other. */
function rowOf({ label, value }: { label: string; value: string }, columns: number): string {
  const room = columns - columnsOf(label) - columnsOf(value);
  if (room >= 1) return `${label}${' '.repeat(room)}${value}`;
  const lines = wrap(value, columns - 2);
  return [label, ...lines.map((line) => ' '.repeat(columns - columnsOf(line)) + line)].join('\n');
}

interface Look {
  readonly big?: true;
  readonly bold?: true;
  readonly centred?: true;
}

function printed(text: string, look: Look = {}): Uint8Array {
  const lines = text.split('\n').map((line) => [...toGb18030(line), LF]);
  return Uint8Array.from([
    ...[ESC, 0x61, look.centred === true ? CENTRE : LEFT],
    ...[GS, 0x21, look.big === true ? DOUBLE : USUAL],
    ...[ESC, 0x45, look.bold === true || look.big === true ? 1 : 0],
    ...[FS, 0x26],
    ...lines.flat(),
    ...[FS, 0x2e],
    ...[GS, 0x21, USUAL],
    ...[ESC, 0x45, 0],
    ...[ESC, 0x61, LEFT],
  ]);
}

/** GS v 0, a band at a time. */
function bands({ width, height, rows }: Raster): Uint8Array[] {
  const bytes = width / 8;
  return Array.from({ length: Math.ceil(height / BAND) }, (_, index) => {
    const top = index * BAND;
    const high = Math.min(BAND, height - top);
    const head = [GS, 0x76, 0x30, 0, bytes & 0xff, bytes >> 8, high & 0xff, high >> 8];
    return Uint8Array.from([...head, ...rows.subarray(top * bytes, (top + high) * bytes)]);
  });
}

function qrCode(text: string): Uint8Array {
  const code = byLibrary((encoder) => encoder.qrcode(text, { model: 2, size: MODULE, errorlevel: 'm' }));
  return Uint8Array.from([ESC, 0x61, CENTRE, ...code, ESC, 0x61, LEFT]);
}

function qrRaster(text: string, dots: number): Raster {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' });
  const side = modules.size * MODULE;
  const left = Math.floor((dots - side) / 2);
  const rows = new Uint8Array((dots / 8) * side);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      if (!modules.get(Math.floor(y / MODULE), Math.floor(x / MODULE))) continue;
      const at = y * dots + left + x;
      rows[at >> 3] = (rows[at >> 3] ?? 0) | (0x80 >> (at & 7));
    }
  }
  return { width: dots, height: side, rows };
}
