import type { Browser, Page } from 'playwright-core';
import { decodeQR } from 'qr/decode.js';
import { PATIENCE_MS } from './patience.ts';

/** What the code on a screen says, read off a picture of the whole screen as a phone's camera would. */
export async function readCode(browser: Browser, screen: Page): Promise<string> {
  const png = (await screen.screenshot()).toString('base64');
  // Of no site, so that no site's policy forbids looking at the picture.
  const blank = await browser.newPage();
  const { width, height, pixels } = await blank.evaluate(pixelsOf, png);
  await blank.close();
  return decodeQR(
    // Without a limit of ours it gives up within a frame of a camera: a slow machine is no slow hand.
    { width, height, data: Uint8Array.from(Buffer.from(pixels, 'base64')) },
    { timeLimit: PATIENCE_MS },
  );
}

/** In the browser: RGBA, base64. */
async function pixelsOf(png: string): Promise<{ width: number; height: number; pixels: string }> {
  const image = new Image();
  image.src = `data:image/png;base64,${png}`;
  await image.decode();
  const { width, height } = image;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser draws nothing.');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  let text = '';
  for (let at = 0; at < data.length; at += 8192) text += String.fromCharCode(...data.subarray(at, at + 8192));
  return { width, height, pixels: btoa(text) };
}
