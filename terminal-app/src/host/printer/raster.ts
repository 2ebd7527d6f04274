import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createCanvas, GlobalFonts } from '@napi-rs/canvas';
import { UYGHUR_FONTS } from './font.ts';

/** Rows of dots, a byte for eight, the left one in the highest bit; black is 1. */
export interface Raster {
  /** Dots; a multiple of 8. */
  readonly width: number;
  readonly height: number;
  readonly rows: Uint8Array;
}

const FAMILIES = UYGHUR_FONTS.map(({ family }) => `"${family}"`).join(', ');
/** Dots of the letters, and of a line: 8 dots are a millimetre. */
const SIZE = 26;
const LINE = 40;
const BASELINE = 26;

let registered = false;

/** The fonts beside the built program, or those of the package where it runs from its sources. */
function register(): void {
  if (registered) return;
  for (const { file, module, family } of UYGHUR_FONTS) {
    const beside = join(import.meta.dirname, file);
    const path = existsSync(beside) ? beside : createRequire(import.meta.url).resolve(module);
    GlobalFonts.register(readFileSync(path), family);
  }
  registered = true;
}

/** A Uyghur text, which no printer's font has: joined, from right to left, in as many lines as it needs. */
export function uyghurRaster(text: string, init: { width: number; centred?: boolean | undefined }): Raster {
  register();
  const { width } = init;
  const lines = wrapped(text, width);
  const canvas = createCanvas(width, lines.length * LINE);
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, canvas.height);
  context.fillStyle = '#000';
  context.font = `${SIZE}px ${FAMILIES}`;
  context.direction = 'rtl';
  context.textAlign = init.centred === true ? 'center' : 'right';
  const x = init.centred === true ? width / 2 : width;
  lines.forEach((line, index) => {
    context.fillText(line, x, index * LINE + BASELINE);
  });
  return toRaster(context.getImageData(0, 0, width, canvas.height).data, width);
}

function wrapped(text: string, width: number): string[] {
  const context = createCanvas(8, 8).getContext('2d');
  context.font = `${SIZE}px ${FAMILIES}`;
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    const longer = line === undefined ? word : `${line} ${word}`;
    if (line !== undefined && context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Grey becomes black or white in the middle: a thermal head knows no other. */
function toRaster(rgba: Uint8ClampedArray, width: number): Raster {
  const height = rgba.length / 4 / width;
  const rows = new Uint8Array((width / 8) * height);
  for (let at = 0; at < width * height; at += 1) {
    if ((rgba[at * 4] ?? 255) < 128) rows[at >> 3] = (rows[at >> 3] ?? 0) | (0x80 >> (at & 7));
  }
  return { width, height, rows };
}
