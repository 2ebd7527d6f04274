import { createHash } from 'node:crypto';
import type { GridBill } from '../gateways/grid/contract.ts';

/** A day's bill of this text, as a gateway gives it that received it so. */
export function textBill(init: Pick<GridBill, 'day' | 'totals'> & { readonly content: string }): GridBill {
  const { day, totals, content } = init;
  const sha256 = createHash('sha256').update(content, 'utf8').digest('hex');
  return {
    ...{ day, totals, sha256, receivedSha256: sha256 },
    cutAt: `${day}T23:59:59+08:00`,
    content: async function* () {
      yield content;
    },
    close: () => Promise.resolve(),
  };
}

/** All that it says of itself, with its lines; it is closed afterwards. */
export async function readBill(
  bill: GridBill,
): Promise<Omit<GridBill, 'content' | 'close'> & { lines: string[][] }> {
  const { day, cutAt, totals, sha256, receivedSha256 } = bill;
  let text = '';
  for await (const piece of bill.content()) text += piece;
  await bill.close();
  const lines = text.split('\n').slice(0, -1);
  return { day, cutAt, totals, sha256, receivedSha256, lines: lines.map((line) => line.split(',')) };
}
