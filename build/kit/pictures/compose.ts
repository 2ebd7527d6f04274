import type { Page } from 'playwright-core';
import type { Pixels } from './palette-png.ts';

/** How small pictures lie beside and below each other, px. */
export interface Grid {
  readonly width: number;
  readonly height: number;
  readonly gap: number;
  readonly columns: number;
  /** Height of the words below each; 0 where there are none. */
  readonly label: number;
  /** Colour of what is between them. */
  readonly ground: string;
}

export interface Shot {
  /** PNG. */
  readonly base64: string;
  readonly label?: string;
}

/** Pictures made small and put together by the browser; `page` is any empty one. */
export async function composed(page: Page, shots: readonly Shot[], grid: Grid): Promise<Pixels> {
  const columns = Math.min(grid.columns, shots.length);
  const rows = Math.ceil(shots.length / columns);
  const width = columns * (grid.width + grid.gap) - grid.gap;
  const height = rows * (grid.height + grid.label + grid.gap) - grid.gap;
  const base64 = await page.evaluate(
    async ({ pictures, size, each, across }) => {
      const canvas = document.createElement('canvas');
      Object.assign(canvas, size);
      const context = canvas.getContext('2d');
      if (context === null) throw new Error('There is no canvas.');
      context.fillStyle = each.ground;
      context.fillRect(0, 0, size.width, size.height);
      context.imageSmoothingQuality = 'high';
      context.font = `${Math.round(each.label * 0.7)}px sans-serif`;
      for (const [place, { base64: picture, label }] of pictures.entries()) {
        const image = new Image();
        image.src = `data:image/png;base64,${picture}`;
        await image.decode();
        const x = (place % across) * (each.width + each.gap);
        const y = Math.floor(place / across) * (each.height + each.label + each.gap);
        context.drawImage(image, x, y, each.width, each.height);
        context.fillStyle = '#000';
        if (label !== undefined) context.fillText(label, x + 2, y + each.height + each.label * 0.8);
      }
      const { data } = context.getImageData(0, 0, size.width, size.height);
      const parts: string[] = [];
      for (let at = 0; at < data.length; at += 0x8000)
        parts.push(String.fromCharCode(...data.subarray(at, at + 0x8000)));
      return btoa(parts.join(''));
    },
    { pictures: shots, size: { width, height }, each: grid, across: columns },
  );
  return { width, height, rgba: Buffer.from(base64, 'base64') };
}
