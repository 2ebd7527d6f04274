import { ChipError } from '../chip/error.ts';
import { codeOf } from '../errors.ts';
import { asMeterCardError } from './error.ts';
import type { OnRecord } from './on-record.ts';

/**
 * That a card refused a memory chip's code, durable before anybody hears of it: with the tries that it told then, and as a write
 * that was given up, so that the server is told whatever becomes of this program. Any other error changes nothing.
 */
export async function noteRefusal(error: unknown, record: OnRecord): Promise<void> {
  if (!(error instanceof ChipError)) return;
  if (error.code !== 'chip.code-wrong' && error.code !== 'chip.locked') return;
  const { triesLeft } = error.context;
  await record.note({
    phase: 'failed',
    reason: codeOf(asMeterCardError(error)),
    triesLeft: typeof triesLeft === 'number' ? triesLeft : 0,
  });
}
