import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';

const RESOURCES = join(import.meta.dirname, 'resources');
const GREEN = '#0B6B4F';
const PAPER = '#FBFAF6';

/** The app's picture: a card with a bolt, as PNG bytes, `size` pixels square. */
function draw(size: number): Buffer {
  const canvas = createCanvas(size, size);
  const context = canvas.getContext('2d');
  context.scale(size / 512, size / 512);
  context.fillStyle = GREEN;
  context.beginPath();
  context.roundRect(16, 16, 480, 480, 96);
  context.fill();
  context.fillStyle = PAPER;
  context.beginPath();
  context.roundRect(80, 136, 352, 240, 32);
  context.fill();
  context.fillStyle = GREEN;
  context.beginPath();
  for (const [x, y] of [
    [280, 160],
    [192, 272],
    [248, 272],
    [232, 352],
    [320, 240],
    [264, 240],
  ] as const) {
    context.lineTo(x, y);
  }
  context.fill();
  return canvas.toBuffer('image/png');
}

/** A Windows icon of one picture: directory and entry as in Microsoft's "ICONDIR", the picture as PNG (since Vista). */
function iconOf(png: Buffer): Buffer {
  const head = Buffer.alloc(22);
  head.writeUInt16LE(1, 2); // an icon
  head.writeUInt16LE(1, 4); // one picture
  // Width and height 256 are written as 0.
  head.writeUInt16LE(1, 10); // planes
  head.writeUInt16LE(32, 12); // bits a pixel
  head.writeUInt32LE(png.length, 14);
  head.writeUInt32LE(head.length, 18);
  return Buffer.concat([head, png]);
}

await mkdir(RESOURCES, { recursive: true });
await writeFile(join(RESOURCES, 'icon.png'), draw(512));
await writeFile(join(RESOURCES, 'icon.ico'), iconOf(draw(256)));
