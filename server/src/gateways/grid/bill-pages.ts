import { Readable } from 'node:stream';
import { keepBill, type BillFile } from '../bill-file.ts';
import type { GridBill } from './contract.ts';
import { GridError } from './error.ts';
import type { AnswerOf } from './wire/operations.ts';

type Page = AnswerOf<'dailyBill'>;

/** Pieces at most: at some hundreds of lines each, several times what a whole province sells in a day. */
const MAX_PAGES = 100_000;

/**
 * A day's bill from its pieces, each asked for when the one before is on disk. Fails with `grid.unavailable` where one does
 * not come or does not fit to the first: nothing has changed, it is asked for again. Whether the whole is what hash and
 * totals say is for who reads it.
 */
export async function billOfPages(day: string, ask: (fromLine: number) => Promise<Page>): Promise<GridBill> {
  const first = await ask(0);
  const file = await kept(day, Readable.from(piecesFrom(day, first, ask)));
  const { cutAt, totals, sha256 } = first;
  return {
    ...{ day, cutAt, totals, sha256 },
    receivedSha256: file.sha256,
    content: () => file.text(),
    close: () => file.close(),
  };
}

async function* piecesFrom(
  day: string,
  first: Page,
  ask: (fromLine: number) => Promise<Page>,
): AsyncGenerator<Buffer> {
  yield Buffer.from(first.content, 'utf8');
  let pages = 1;
  for (let next = first.nextLine; next !== null; pages += 1) {
    const page = await ask(next);
    const leadsOn = page.nextLine === null || page.nextLine > next;
    if (page.sha256 !== first.sha256 || !leadsOn || pages >= MAX_PAGES) throw bent(day);
    yield Buffer.from(page.content, 'utf8');
    next = page.nextLine;
  }
}

async function kept(day: string, pieces: Readable): Promise<BillFile> {
  try {
    return await keepBill(pieces);
  } catch (error) {
    throw error instanceof GridError ? error : bent(day, error);
  }
}

function bent(day: string, cause?: unknown): GridError {
  return new GridError({
    code: 'grid.unavailable',
    message: 'The grid’s daily bill arrived incomplete. Ask for it again.',
    cause,
    context: { operation: 'dailyBill', day },
  });
}
