import { toHex } from '../bytes/hex.ts';
import { codeOf } from '../errors.ts';
import type { CardSession, CardSlot } from '../reader/slot.ts';
import { plainCard } from './sim-card-line-plain.ts';
import type { SimulatedCard } from './simulated-card.ts';

/** A slot to test, and the hand and the reader at its far end. */
export interface SlotRig {
  readonly slot: CardSlot;
  /** It waits for an answer without end, being a double. */
  readonly patient?: boolean;
  insert(card: SimulatedCard): void;
  /** Takes the card out; the reader says so. */
  eject(): void;
  /** Another card before the reader looks again: all it says is that a card is there. Absent where no reader does so. */
  swap?(card: SimulatedCard): void;
  /** The next APDU waits in the reader. */
  hold(): void;
  /** What waits goes on, to whatever card is in now, and its answer comes. */
  letGo(): void;
  /** Whether a card that comes finds the power on that the one before it had. */
  keepPower?(): void;
  /** Moves time on by so many ms. */
  pass(ms: number): Promise<void>;
}

export interface SlotCase {
  readonly name: string;
  readonly needs?: 'swap' | 'keepPower';
  run(rig: SlotRig, atr: Uint8Array): Promise<void>;
}

/** How long after the reader's notice a session may still be silent, ms. */
export const NOTICE_MS = 100;
/** Longer than a hand needs from one card to the next; the reader is done with the first by then. */
const NEXT_CARD_MS = 1_500;
const READ = Uint8Array.of(0x00, 0xb0, 0x00, 0x00, 0x03);
const ASK = Uint8Array.of(0x00, 0x84, 0x00, 0x00, 0x03);

interface NamedCard {
  readonly card: SimulatedCard;
  /** APDUs that reached it. */
  readonly heard: string[];
}

/** A card that answers every APDU with its name and what it was asked. */
function namedCard(atr: Uint8Array, name: number): NamedCard {
  const heard: string[] = [];
  const card = plainCard(atr, (apdu) => {
    heard.push(toHex(apdu));
    return Uint8Array.of(name, name, apdu[1] ?? 0, 0x90, 0x00);
  });
  return { card, heard };
}

const answerOf = (name: number, ins = 0xb0): string => toHex(Uint8Array.of(name, name, ins, 0x90, 0x00));

/** How work ends, as far as it has: the code of its error, its answer, or `waiting`. */
function followed(work: Promise<unknown>): { now: string } {
  const state = { now: 'waiting' };
  work.then(
    (answer) => (state.now = answer instanceof Uint8Array ? toHex(answer) : 'no error'),
    (error: unknown) => (state.now = codeOf(error) ?? `untyped: ${String(error)}`),
  );
  return state;
}

function same(what: string, got: unknown, wanted: unknown): void {
  if (got !== wanted) throw new Error(`${what}: ${String(got)} where ${String(wanted)} was wanted`);
}

/** A session whose APDU hangs in the reader. */
async function hanging(
  rig: SlotRig,
  first: NamedCard,
): Promise<{ session: CardSession; asked: { now: string } }> {
  rig.insert(first.card);
  const session = await rig.slot.open();
  same('first answer', toHex(await session.transmit(READ)), answerOf(0xaa));
  rig.hold();
  const asked = followed(session.transmit(READ));
  await rig.pass(200);
  same('hanging APDU', asked.now, 'waiting');
  return { session, asked };
}

async function endsAtOnce(rig: SlotRig, work: Promise<unknown>, what: string): Promise<void> {
  const ended = followed(work);
  await rig.pass(NOTICE_MS);
  same(what, ended.now, 'reader.removed');
}

/** Opens and reads the card that is in, which takes up to `NEXT_CARD_MS`. */
async function readsAnew(rig: SlotRig, wanted: string): Promise<void> {
  const read = followed(rig.slot.open().then((session) => session.transmit(READ)));
  // In steps: between two of them all that needs no time is done.
  for (let passed = 0; passed < NEXT_CARD_MS; passed += 100) await rig.pass(100);
  same('the next card', read.now, wanted);
}

/** What any `CardSlot` must do when its reader says that a card came or went. Names no test runner. */
export const SLOT_CONTRACT: readonly SlotCase[] = [
  {
    name: 'ends an APDU at once whose card is pulled, and every later one',
    run: async (rig, atr) => {
      const { session, asked } = await hanging(rig, namedCard(atr, 0xaa));
      rig.eject();
      await rig.pass(NOTICE_MS);
      same('hanging APDU', asked.now, 'reader.removed');
      await endsAtOnce(rig, session.transmit(READ), 'later APDU');
      await rig.pass(10_000);
      await endsAtOnce(rig, session.transmit(READ), 'much later APDU');
    },
  },
  {
    name: 'ends a session whose card is pulled between two APDUs, before the next reaches a card',
    run: async (rig, atr) => {
      const [first, second] = [namedCard(atr, 0xaa), namedCard(atr, 0xbb)];
      rig.insert(first.card);
      const session = await rig.slot.open();
      await session.transmit(READ);
      rig.eject();
      rig.insert(second.card);
      await rig.pass(NOTICE_MS);
      await endsAtOnce(rig, session.transmit(READ), 'APDU of the old session');
      same('APDUs that reached the next card', second.heard.length, 0);
      await readsAnew(rig, answerOf(0xbb));
    },
  },
  {
    name: 'serves the next card though the reader never answers for the last one',
    run: async (rig, atr) => {
      const { asked } = await hanging(rig, namedCard(atr, 0xaa));
      rig.eject();
      await rig.pass(NOTICE_MS);
      same('hanging APDU', asked.now, 'reader.removed');
      rig.insert(namedCard(atr, 0xbb).card);
      // A reader that says nothing is given up first.
      await rig.pass(5_000);
      await readsAnew(rig, answerOf(0xbb));
    },
  },
  {
    name: 'gives no old session an answer that comes when the next card is in',
    run: async (rig, atr) => {
      const { session, asked } = await hanging(rig, namedCard(atr, 0xaa));
      rig.eject();
      rig.insert(namedCard(atr, 0xbb).card);
      await rig.pass(50);
      rig.letGo();
      await rig.pass(50);
      same('hanging APDU', asked.now, 'reader.removed');
      await endsAtOnce(rig, session.transmit(READ), 'later APDU');
      await readsAnew(rig, answerOf(0xbb));
    },
  },
  {
    name: 'gives a new session no answer to what an old one asked',
    run: async (rig, atr) => {
      const { asked } = await hanging(rig, namedCard(atr, 0xaa));
      rig.eject();
      await rig.pass(NOTICE_MS);
      rig.insert(namedCard(atr, 0xbb).card);
      const read = followed(rig.slot.open().then((session) => session.transmit(ASK)));
      await rig.pass(100);
      rig.letGo();
      await rig.pass(5_000);
      same('hanging APDU', asked.now, 'reader.removed');
      // It may have been given up meanwhile; what it never gets is an answer to the other's command.
      if (read.now !== answerOf(0xbb, 0x84)) same('new session', read.now.startsWith('reader.'), true);
      await readsAnew(rig, answerOf(0xbb));
    },
  },
  {
    name: 'ends a session whose card was changed for another between two looks of the reader',
    needs: 'swap',
    run: async (rig, atr) => {
      const second = namedCard(atr, 0xbb);
      rig.insert(namedCard(atr, 0xaa).card);
      await rig.pass(50);
      const session = await rig.slot.open();
      await session.transmit(READ);
      rig.swap?.(second.card);
      await rig.pass(NOTICE_MS);
      await endsAtOnce(rig, session.transmit(READ), 'APDU of the old session');
      same('APDUs that reached the next card', second.heard.length, 0);
      await readsAnew(rig, answerOf(0xbb));
    },
  },
  {
    name: 'ends the hanging APDU of a card that was changed for another between two looks of the reader',
    needs: 'swap',
    run: async (rig, atr) => {
      const { asked } = await hanging(rig, namedCard(atr, 0xaa));
      rig.swap?.(namedCard(atr, 0xbb).card);
      await rig.pass(NOTICE_MS);
      same('hanging APDU', asked.now, 'reader.removed');
      rig.letGo();
      await rig.pass(1_000);
      await readsAnew(rig, answerOf(0xbb));
    },
  },
  {
    name: 'lets no old session speak to a card that found the power on',
    needs: 'keepPower',
    run: async (rig, atr) => {
      const second = namedCard(atr, 0xbb);
      rig.keepPower?.();
      const { session, asked } = await hanging(rig, namedCard(atr, 0xaa));
      rig.eject();
      rig.insert(second.card);
      await rig.pass(NOTICE_MS);
      same('hanging APDU', asked.now, 'reader.removed');
      rig.letGo();
      await rig.pass(50);
      await endsAtOnce(rig, session.transmit(READ), 'later APDU');
      same('APDUs of its own that the old session got through', second.heard.length <= 1, true);
      await readsAnew(rig, answerOf(0xbb));
    },
  },
  {
    name: 'keeps the session of a card that was found before the reader told of it',
    run: async (rig, atr) => {
      rig.insert(namedCard(atr, 0xaa).card);
      const session = await rig.slot.open();
      await rig.pass(5_000);
      same('answer', toHex(await session.transmit(READ)), answerOf(0xaa));
    },
  },
  {
    name: 'tells of every card that comes and goes',
    run: async (rig, atr) => {
      await rig.pass(50);
      const seen: boolean[] = [];
      rig.slot.onChange((present) => seen.push(present));
      await hanging(rig, namedCard(atr, 0xaa));
      rig.eject();
      await rig.pass(NOTICE_MS);
      rig.insert(namedCard(atr, 0xbb).card);
      await rig.pass(NOTICE_MS);
      same('told', seen.join(), 'true,false,true');
    },
  },
];
