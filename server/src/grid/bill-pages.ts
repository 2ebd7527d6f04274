import { createHash } from 'node:crypto';
import type { GridBill } from './contract.ts';
import { GridError } from './error.ts';
import type { AnswerOf } from './wire/operations.ts';

/** Pieces at most: at some hundreds of lines each, more than any agent sells in a day. */
const MAX_PAGES = 10_000;

/**
 * A day's bill from its pieces. Fails with `grid.unavailable` where they do not fit together or the whole has another
 * hash than it says: nothing has changed, it is asked for again. Whether lines and totals agree is for who reads them.
 */
export async function wholeBill(
  day: string,
  ask: (fromLine: number) => Promise<AnswerOf<'dailyBill'>>,
): Promise<GridBill> {
  const { nextLine: second, content: first, ...head } = await ask(0);
  const pieces = [first];
  for (let next = second; next !== null;) {
    const page = await ask(next);
    if (page.sha256 !== head.sha256 || (page.nextLine !== null && page.nextLine <= next)) throw bent(day);
    if (pieces.push(page.content) > MAX_PAGES) throw bent(day);
    next = page.nextLine;
  }
  const content = pieces.join('');
  if (createHash('sha256').update(content, 'utf8').digest('hex') !== head.sha256) throw bent(day);
  return { ...head, content };
}

function bent(day: string): GridError {
  return new GridError({
    code: 'grid.unavailable',
    message: 'The grid’s daily bill did not arrive whole. Ask for it again.',
    context: { operation: 'dailyBill', day },
  });
}
