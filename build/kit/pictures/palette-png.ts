import { deflateSync, crc32 } from 'node:zlib';

/** A picture's pixels, four bytes each. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

const COLOURS = 48;
const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** A PNG of few colours (PNG 1.2 §4.1.2, colour type 3): screens are flat, and these lie in the repository. */
export function palettePng({ width, height, rgba }: Pixels): Buffer {
  const palette = commonest(rgba);
  const rows = Buffer.alloc((width + 1) * height);
  const known = new Map<number, number>();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = colourAt(rgba, y * width + x);
      let index = known.get(colour);
      if (index === undefined) known.set(colour, (index = nearest(palette, colour)));
      rows[y * (width + 1) + 1 + x] = index;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const colours = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Colours that stand for the most pixels, no two of them almost alike; the same pixels give the same ones. */
function commonest(rgba: Uint8Array): number[] {
  const counts = new Map<number, number>();
  for (let i = 0; i < rgba.length / 4; i++) {
    const colour = colourAt(rgba, i);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([a, of], [b, than]) => than - of || a - b).map(([colour]) => colour);
  const taken: number[] = [];
  for (const least of [24 ** 2, 0]) {
    for (const colour of sorted) {
      if (taken.length === COLOURS) return taken;
      if (taken.every((other) => apart(other, colour) > least)) taken.push(colour);
    }
  }
  return taken;
}

function nearest(palette: readonly number[], colour: number): number {
  let best = 0;
  palette.forEach((other, index) => {
    if (apart(other, colour) < apart(palette[best] ?? 0, colour)) best = index;
  });
  return best;
}

function colourAt(rgba: Uint8Array, pixel: number): number {
  const at = pixel * 4;
  return ((rgba[at] ?? 0) << 16) | ((rgba[at + 1] ?? 0) << 8) | (rgba[at + 2] ?? 0);
}

/** Squared distance. */
function apart(a: number, b: number): number {
  const red = (a >> 16) - (b >> 16);
  const green = ((a >> 8) & 255) - ((b >> 8) & 255);
  const blue = (a & 255) - (b & 255);
  return red * red + green * green + blue * blue;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}
