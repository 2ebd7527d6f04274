import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareFiles } from '../money/reconcile/engine/engine.ts';
import { SIDES, type Side } from '../money/reconcile/engine/layout.ts';

/** What the engine finds between files of these texts; a side without one is empty. */
export async function compareTexts(
  texts: Partial<Record<Side, string>>,
  init: Parameters<typeof compareFiles>[1] = {},
): ReturnType<typeof compareFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'bianmin-engine-'));
  try {
    const paths = { channel: '', orders: '', grid: '' };
    for (const side of SIDES) {
      paths[side] = join(folder, side);
      await writeFile(paths[side], texts[side] ?? '');
    }
    return await compareFiles(paths, init);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const orderNo = (n: number): string => `2603011000${String(n).padStart(8, '0')}`;
export const channelLine = (
  n: number,
  status = 'paid',
  fen: number | string = 5000,
  item = `p${n}`,
): string => `${orderNo(n)},wechat/${item},42,${fen},${status},30,2026-03-01T02:00:00Z\n`;
export const orderLine = (n: number, money = `wechat/p${n},42,5000,paid`, sale = ',,,,,'): string =>
  `${orderNo(n)},${money},${sale},2026-03-01T02:00:00Z,\n`;
export const gridLine = (n: number, status = 'sold', face: number | string = 5000): string =>
  `${orderNo(n)},s${n},65,01,2,${face},4000,990,10,card,${status},2026-03-01T10:00:01+08:00\n`;
export const soldFields = (n: number, status = 'sold'): string => `s${n},5000,4000,990,10,${status}`;
