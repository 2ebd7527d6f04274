import { inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { palettePng } from './palette-png.ts';

/** Pieces of a PNG by their type. */
function chunksOf(png: Buffer): Map<string, Buffer> {
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    chunks.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return chunks;
}

/** The colour of each pixel, as the file says it. */
function pixelsOf(png: Buffer, width: number): string[] {
  const chunks = chunksOf(png);
  const palette = chunks.get('PLTE') ?? Buffer.alloc(0);
  const rows = inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0));
  const indexes = [...rows].filter((_, at) => at % (width + 1) !== 0);
  return indexes.map((index) => palette.toString('hex', index * 3, index * 3 + 3));
}

it('keeps a flat picture as it is', () => {
  const rgba = Buffer.from(
    '0f1b18ff ffc247ff ffc247ff 0f1b18ff f4f1e8ff 0f1b18ff'.replaceAll(' ', ''),
    'hex',
  );
  const png = palettePng({ width: 3, height: 2, rgba });
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  expect(pixelsOf(png, 3)).toEqual(['0f1b18', 'ffc247', 'ffc247', '0f1b18', 'f4f1e8', '0f1b18']);
  expect(palettePng({ width: 3, height: 2, rgba })).toEqual(png);
});

it('gives a picture of many colours the nearest of a few', () => {
  const rgba = Buffer.from(Array.from({ length: 256 }, (_, grey) => [grey, grey, grey, 255]).flat());
  const png = palettePng({ width: 256, height: 1, rgba });
  const pixels = pixelsOf(png, 256);
  expect(new Set(pixels).size).toBeLessThanOrEqual(48);
  for (const [grey, pixel] of pixels.entries()) {
    expect(Math.abs(parseInt(pixel.slice(0, 2), 16) - grey)).toBeLessThanOrEqual(16);
  }
});
