import { fromHex } from '../../bytes/hex.ts';
import { hexText } from '../../schema/hex-text.ts';
import * as z from '../../schema/kinds.ts';
import type { CardSlot } from '../../reader/slot.ts';
import { usage } from '../args.ts';
import { memoryReaderOf, openCard, withSession, type OpenCard } from '../card.ts';
import { codeChangerOf } from '../code-change.ts';
import { CliError } from '../error.ts';
import { EXIT } from '../exit.ts';
import { give, readJson, withSlot, type Command } from '../run.ts';

/** Codes come in a file: an argument would stay in the shell's history and in the list of processes. */
const codesSchema = z.strictObject({
  old: hexText(1, 8),
  new: hexText(1, 8),
  /** The chip's number of the code; Write passwords of the AT88 chips alone. */
  key: z.int().min(0).max(15).default(0),
});

/**
 * Replaces the card's code. The one step that cannot be made safe: a card that loses power in it holds a code that
 * is neither, and cannot be found out.
 */
export const changeCode: Command = (run) =>
  withSlot(run, async ({ slot }) => {
    const { say } = run.words;
    const path = run.args.text['codes'];
    if (path === undefined) throw usage('change-code takes --codes FILE');
    const codes = await readJson(run, path, (json) => codesSchema.safeParse(json));
    const agreed = run.args.flags.has('yes') && run.args.flags.has('i-know-it-can-brick');
    const checked = await onCard(slot, async (card) => {
      codeChangerOf(card.driver, codes.key);
      return { chip: card.driver.chip, tries: await fullTries(card, codes.key) };
    });
    const warning = [
      say('change.warning', { chip: checked.chip }),
      say('change.tries', { left: checked.tries }),
    ];
    if (!agreed) {
      give(run, { changed: false, ...checked }, [...warning, say('change.not-agreed')]);
      return EXIT.done;
    }
    if (!run.json) run.io.out(warning.join('\n'));
    await onCard(slot, async (card) => {
      await fullTries(card, codes.key);
      await card.driver.presentCode(fromHex(codes.old), codes.key);
      await codeChangerOf(card.driver, codes.key)(fromHex(codes.new));
    });
    // On fresh power, so that what answers is what the card keeps.
    await onCard(slot, (card) => card.driver.presentCode(fromHex(codes.new), codes.key));
    give(run, { changed: true, ...checked }, [say('change.done')]);
    return EXIT.done;
  });

function onCard<T>(slot: CardSlot, use: (card: OpenCard) => Promise<T>): Promise<T> {
  return withSession(slot, async (session) => use(await openCard(session, memoryReaderOf(slot))));
}

/** A code that is wrong for an unknown reason must cost one try of all, never one of the last. */
async function fullTries({ driver }: OpenCard, key: number): Promise<number> {
  const tries = await driver.tries(key);
  if (tries !== undefined && tries.left === tries.full) return tries.left;
  throw new CliError({
    code: 'cli.code-tries',
    message: 'The card has lost tries of its code; find out why and restore them before its code is changed.',
    context: { left: tries?.left },
  });
}
