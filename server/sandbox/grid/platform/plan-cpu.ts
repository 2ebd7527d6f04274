import { fromHex, toHex } from '@bianmin/card/bytes/hex';
import {
  externalAuthenticate,
  getChallenge,
  internalAuthenticate,
  macedUpdateBinary,
  macedUpdateHeader,
  select,
} from '@bianmin/card/chip/cpu/commands';
import { D1_CARD } from '@bianmin/card/chip/cpu/dialect-d1';
import type { CpuDialect } from '@bianmin/card/chip/cpu/dialect';
import type { CardImage } from '@bianmin/card/meter-card/image';
import type { PlanStep, WritePlan } from '@bianmin/card/meter-card/plan';
import {
  METER_FILES,
  blankReturnData,
  layoutOfCard,
  type MeterCard,
} from '@bianmin/card/testing/meter-files';
import { encodePurse } from '@bianmin/card/testing/meter-purse';
import type { Books } from './books.ts';
import { planFrame, type PlanTarget } from './plan.ts';
import { Refused } from './refusal.ts';

/** A CPU card's plan between its stages. In memory only: after a restart the terminal begins again. */
export interface CpuDialogue {
  readonly target: PlanTarget;
  readonly card: MeterCard;
  readonly frame: ReturnType<typeof planFrame>;
  /** What the card was asked to answer. */
  readonly random: Uint8Array;
  /** The card proved to be genuine. */
  authenticated: boolean;
}

const dialectOf = (card: MeterCard): CpuDialect => layoutOfCard(card).dialect ?? D1_CARD;

type PlanFile = 'parameters' | 'purse' | 'returnData';

/** Stage 0: select the application, ask the card to prove itself, take a challenge for proving ourselves. */
export function beginCpu(
  books: Books,
  target: PlanTarget,
  { card, image }: { readonly card: MeterCard; readonly image: CardImage },
): {
  plan: WritePlan;
  dialogue: CpuDialogue;
} {
  const random = books.random(8);
  const frame = planFrame(target, image);
  const { directories, keys } = dialectOf(card);
  const steps: PlanStep[] = [
    { op: 'apdu', label: 'select', apdu: toHex(select(directories.df01)) },
    {
      op: 'apdu',
      label: 'internal-auth',
      apdu: toHex(internalAuthenticate(keys.internal, random)),
      gather: 'internalAuth',
    },
    { op: 'apdu', label: 'challenge', apdu: toHex(getChallenge(8)), gather: 'challenge' },
  ];
  return {
    plan: { ...frame, stage: 0, steps, authorise: ['internalAuth', 'challenge'] },
    dialogue: { target, card, frame, random, authenticated: false },
  };
}

/** Stages 1 and 2, each from what the card answered. Asking again with the same answers gives the same stage. */
export function continueCpu(
  books: Books,
  dialogue: CpuDialogue,
  stage: number,
  gathered: Readonly<Record<string, string>>,
): WritePlan {
  if (stage === 1) return authenticate(books, dialogue, gathered);
  if (stage === 2) return update(books, dialogue, gathered);
  throw new Refused('authentication', 'A plan for a CPU card has no such stage.');
}

/** Stage 1: the card is genuine; unlock it and take the challenge that the MACs begin with. */
function authenticate(
  books: Books,
  dialogue: CpuDialogue,
  gathered: Readonly<Record<string, string>>,
): WritePlan {
  const { serial } = dialogue.target;
  const answer = answerOf(gathered, 'internalAuth', 8);
  const challenge = answerOf(gathered, 'challenge', 8);
  if (toHex(answer) !== toHex(books.security.internalAuth(serial, dialogue.random))) {
    throw new Refused('authentication', 'The card did not prove to be genuine.');
  }
  dialogue.authenticated = true;
  const blob = books.security.externalAuth(serial, challenge);
  const steps: PlanStep[] = [
    {
      op: 'apdu',
      label: 'external-auth',
      apdu: toHex(externalAuthenticate(dialectOf(dialogue.card).keys.external, blob)),
    },
    { op: 'apdu', label: 'challenge', apdu: toHex(getChallenge(4)), gather: 'macChallenge' },
  ];
  return { ...dialogue.frame, stage: 1, steps, authorise: ['macChallenge'] };
}

/**
 * Stage 2: parameter file, return file emptied, money, and last the count, in a command of its own. Cut anywhere,
 * the count is either the old one (nothing to credit), torn (a count error), or right, and then everything before
 * it is too. One command for the purse would be shorter, but rest on how the card programs bytes within it: nothing
 * public says that it goes byte by byte, and the purse carries no MAC that a meter could tell a torn amount by. What takes a
 * sale off goes the other way round: the count first, with which its money is nothing to credit.
 */
function update(books: Books, dialogue: CpuDialogue, gathered: Readonly<Record<string, string>>): WritePlan {
  if (!dialogue.authenticated) throw new Refused('authentication', 'Begin the plan again.');
  const challenge = answerOf(gathered, 'macChallenge', 4);
  const { serial, parameters, amountFen, count } = dialogue.target;
  const purse = encodePurse({ amountFen, count });
  const files = METER_FILES[dialogue.card];
  const step = (file: PlanFile, offset: number, data: Uint8Array): PlanStep => {
    const { zone } = files[file];
    const place = { sfi: parseInt(zone.slice(-2), 16), offset };
    const header = macedUpdateHeader(place, data.length);
    const mac = books.security.updateMac(serial, { challenge, header, data });
    return {
      op: 'apdu',
      label: 'update',
      apdu: toHex(macedUpdateBinary(place, data, mac)),
      after: { zone, offset, data: toHex(data) },
    };
  };
  const typed = parameters === undefined ? [] : [step('parameters', 0, parameters)];
  const money = step('purse', 0, purse.subarray(0, 4));
  const counted = step('purse', 4, purse.subarray(4));
  const steps =
    dialogue.target.kind === 'undo'
      ? [counted, money, ...typed]
      : [...typed, step('returnData', 0, blankReturnData(dialogue.card)), money, counted];
  return { ...dialogue.frame, stage: 2, steps };
}

function answerOf(gathered: Readonly<Record<string, string>>, name: string, length: number): Uint8Array {
  const bytes = fromHex(gathered[name] ?? '');
  if (bytes.length !== length) throw new Refused('authentication', `The card’s answer ${name} is missing.`);
  return bytes;
}
