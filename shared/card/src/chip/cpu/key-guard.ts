import { ChipError } from '../error.ts';
import { parseApdu, type Apdu } from '../../framing/apdu.ts';
import { INS } from './commands.ts';

declare const PLAIN: unique symbol;
declare const KEYED: unique symbol;
/** A command by which the card tries no key and no code. Only `commandOf` makes one. */
export type PlainCommand = Uint8Array & { readonly [PLAIN]: true };
/** A command by which the card tries a key of the grid's. Only `commandOf` makes one, only `ChipDriver.tryKey` sends it. */
export type KeyCommand = Uint8Array & { readonly [KEYED]: true };

/** What a plan has the card do. `external`: it tries the external key; `mac`: the key of an update's check sum. */
export type Command =
  | { readonly tries: 'nothing'; readonly apdu: PlainCommand }
  | { readonly tries: 'external' | 'mac'; readonly apdu: KeyCommand };

/** What is known of a card's keys from before, without asking the card. */
export interface KeyHistory {
  /** Of the external key, as the card itself said last; undefined where it never did. */
  readonly left?: number | undefined;
  /** Presentations since whose answer never came: each may have cost a try. */
  readonly unanswered: number;
  /** It refused a key, and nothing shows that it has accepted one since. */
  readonly refused: boolean;
  /** Staff have decided that the keys are right now: with the right one the card gets all its tries back. */
  readonly lastTry: boolean;
}

export const NO_HISTORY: KeyHistory = { unanswered: 0, refused: false, lastTry: false };

/** Fewest tries with which a key is presented: the last one is never used. */
const LEAST_TRIES = 2;
const PLAIN_INS: ReadonlySet<number> = new Set([
  INS.select,
  INS.getChallenge,
  INS.internalAuth,
  INS.readBinary,
  INS.readRecord,
  INS.updateBinary,
  INS.updateRecord,
]);
const MACED = 0x04;

/**
 * Tells the commands that try a key from those that do not. `chip.malformed` for what is no command, `chip.unsupported`
 * for all that no plan may do: present or change a code, write a key, create, erase, or what is not known here.
 */
export function commandOf(apdu: Uint8Array): Command {
  const command = parseApdu(apdu);
  if (command === undefined) {
    throw new ChipError({
      code: 'chip.malformed',
      message: 'A command of the plan has lengths that do not agree.',
    });
  }
  if (isPlain(command)) return { tries: 'nothing', apdu: apdu as PlainCommand };
  const { cla, ins, data } = command;
  if (cla === 0x00 && ins === INS.externalAuth && data.length > 0) {
    return { tries: 'external', apdu: apdu as KeyCommand };
  }
  if (cla === MACED && ins === INS.updateBinary) return { tries: 'mac', apdu: apdu as KeyCommand };
  throw notForPlans(ins);
}

/** A command that must try no key. Fails as `commandOf`, and with `chip.unsupported` for one that does. */
export function plainCommand(apdu: Uint8Array): PlainCommand {
  const command = commandOf(apdu);
  if (command.tries === 'nothing') return command.apdu;
  throw notForPlans(apdu[1] ?? 0);
}

/**
 * Whether a key may be tried: with two tries left by what the card said, or by what any such card has (`least`) less what
 * may have been lost. One that was refused is for staff. `chip.locked`, `chip.too-few-tries`.
 */
export function permitTry({ left, unanswered, refused, lastTry }: KeyHistory, least: number): void {
  const surely = (left ?? least) - unanswered;
  if (left !== 0 && (lastTry || (!refused && surely >= LEAST_TRIES))) return;
  throw new ChipError({
    code: left === 0 ? 'chip.locked' : 'chip.too-few-tries',
    message: 'The card could lock itself at the next refusal. It is left alone; please ask the staff.',
    ...(left === undefined ? {} : { context: { triesLeft: left } }),
  });
}

/** Updates without check sum among them: a card that wants one refuses those and counts nothing. */
function isPlain({ cla, ins }: Apdu): boolean {
  return cla === 0x00 ? PLAIN_INS.has(ins) : cla === MACED && ins === INS.readBinary;
}

function notForPlans(ins: number): ChipError {
  return new ChipError({
    code: 'chip.unsupported',
    message: 'The plan has a command for the card that no write may send. Nothing of it was done.',
    context: { ins: ins.toString(16) },
  });
}
