import { equalBytes } from '@bianmin/card/bytes/compare';
import { toHex } from '@bianmin/card/bytes/hex';
import type { ChipDriver } from '@bianmin/card/chip/contract';
import { CodedError, codeOf } from '@bianmin/card/errors';
import { decideCode } from '@bianmin/card/meter-card/code-rule';
import { imageDigest, outsideDigest } from '@bianmin/card/meter-card/digest';
import type { Journal } from '@bianmin/card/meter-card/journal';
import { keyHistory } from '@bianmin/card/meter-card/key-history';
import { recogniseBuiltIn } from '@bianmin/card/meter-card/built-in-layouts';
import type { CardImage } from '@bianmin/card/meter-card/image';
import type { CardLayout, Recognise } from '@bianmin/card/meter-card/layout';
import { knownLayout, readCard } from '@bianmin/card/meter-card/read';
import { saysRefused } from '@bianmin/card/meter-card/says-refused';
import { toCardImageMessage } from '@bianmin/card/meter-card/wire';
import { writeCard } from '@bianmin/card/meter-card/write';
import type { CardSession, CardSlot } from '@bianmin/card/reader/slot';
import { isRemoval } from '@bianmin/card/reader/error';
import { isShakyWrite } from './problems.ts';
import type { CardWork, OpenCard, WriteJob, WriteOutcome } from './ports.ts';

/** Attempts at one order before an error that a bad contact can cause is believed. */
const SHAKY_TRIES = 3;
/** Bytes that are read of a card that rested. */
const SIGN_OF_LIFE = 4;

/** The flow's card layer over the real chips and the tear-safe write; `recognise` is asked of each card that is read anew. */
export function cardWorkBy(recognise: Recognise): CardWork {
  return {
    async open(slot): Promise<OpenCard> {
      return openCard(slot, (await wake(slot)) ?? (await readAnew(slot, recognise)));
    },
  };
}

/** By the layouts that every terminal is born with. */
export const cardWork = cardWorkBy(recogniseBuiltIn);

/** A powered card and what was read of it. */
interface Powered {
  readonly session: CardSession;
  readonly driver: ChipDriver;
  readonly layout: CardLayout;
  readonly image: CardImage;
}

/** Cards that rest, until their slot is opened again or they leave it. */
const resting = new WeakMap<CardSlot, Powered>();

async function readAnew(slot: CardSlot, recognise: Recognise): Promise<Powered> {
  const session = await slot.open();
  try {
    const card = await recognise(session, slot.model);
    const { driver } = card;
    const layout = knownLayout(card);
    return { session, driver, layout, image: await readCard(driver, session.atr, layout) };
  } catch (error) {
    await session.end();
    throw error;
  }
}

/** A few bytes say whether the power is still the same one; anything else is for a new reading to find out. */
async function wake(slot: CardSlot): Promise<Powered | undefined> {
  const card = resting.get(slot);
  resting.delete(slot);
  const last = card?.image.regions.at(-1);
  if (card === undefined || last === undefined) return undefined;
  const wanted = last.data.subarray(0, SIGN_OF_LIFE);
  try {
    const { zone, offset } = last;
    const found = await card.driver.read({ zone, offset, length: wanted.length });
    if (equalBytes(found, wanted)) return card;
  } catch {
    // The card left or lost its power.
  }
  await card.session.end();
  return undefined;
}

function openCard(slot: CardSlot, card: Powered): OpenCard {
  const { image } = card;
  let untouched = true;
  return {
    serial: toHex(image.serial),
    image: toCardImageMessage(image),
    codeFault: (journal) => codeFault(card, journal),
    write: (job) => {
      // Good for one write: what that one leaves must be read.
      const known = untouched ? image : undefined;
      untouched = false;
      return write(job, { ...card, known });
    },
    end: () => card.session.end(),
    rest: () => {
      if (!untouched) return;
      resting.set(slot, card);
      const off = slot.onChange((present) => {
        if (!present) resting.delete(slot);
        off();
      });
    },
  };
}

/** Found before any money moves: after it, the write would be given up for the same reason. */
async function codeFault(
  { driver, image, layout }: Powered,
  journal: Journal,
): Promise<'meter-card.locked' | 'meter-card.code-tries' | null> {
  if (driver.chip === 'CPU') {
    const question = { serial: toHex(image.serial), digest: imageDigest(image) };
    const { left, refused } = keyHistory(await journal.list(), question);
    return left === 0 ? 'meter-card.locked' : refused ? 'meter-card.code-tries' : null;
  }
  for (const key of layout.codes) {
    const tries = await driver.tries(key);
    const decision = tries === undefined ? 'present' : decideCode(tries, false);
    if (decision === 'locked') return 'meter-card.locked';
    if (decision === 'too-few') return 'meter-card.code-tries';
  }
  return null;
}

/** The image is as read when the card was opened, which is what the plan was released against. */
interface Opened extends Powered {
  /** The same, where nothing was written since. */
  readonly known: CardImage | undefined;
}

async function write(
  job: WriteJob,
  { session, driver, layout, image, known }: Opened,
): Promise<WriteOutcome> {
  try {
    const written = await writeCard({
      driver,
      layout,
      atr: session.atr,
      plan: job.plan,
      lease: job.lease,
      journal: job.journal,
      clock: job.clock,
      authorise: ({ stage, gathered }) => job.authorise({ stage, gathered }),
      ...(job.holds === undefined ? {} : { holds: () => job.holds?.() ?? Promise.resolve(true) }),
      onProgress: (phase, fraction) => {
        job.onProgress(phase, fraction);
      },
      releasedDigest: imageDigest(image),
      ...(known === undefined ? {} : { image: known }),
    });
    await note(job, image, { phase: 'written', imageDigest: written.imageDigest });
    return { result: 'written' };
  } catch (error) {
    if (isRemoval(error)) return { result: 'removed' };
    const code = codeOf(error) ?? '';
    if (code === 'meter-card.other-card') return { result: 'other-card' };
    if (code === 'meter-card.lease-expired') return { result: 'lease-expired' };
    if (!isFinal(code, job.tries)) throw error;
    const told = error instanceof CodedError ? error.context['triesLeft'] : undefined;
    const isCounted = code === 'meter-card.code-tries' && typeof told === 'number';
    await note(job, image, { phase: 'failed', reason: code, ...(isCounted ? { triesLeft: told } : {}) });
    return { result: 'failed', code };
  }
}

/** Whether trying again on this kiosk cannot help. Errors from above the card (grid, server, journal) never say so. */
function isFinal(code: string, tries: number): boolean {
  return code.startsWith('meter-card.') && !(isShakyWrite(code) && tries + 1 < SHAKY_TRIES);
}

/** What the claim will say, durable. */
async function note(
  job: WriteJob,
  image: CardImage,
  end:
    | { readonly phase: 'written'; readonly imageDigest: string }
    | { readonly phase: 'failed'; readonly reason: string; readonly triesLeft?: number },
): Promise<void> {
  const { plan, lease: of } = job;
  const lease = of.no;
  const former = (await job.journal.list()).find((entry) => entry.orderNo === plan.orderNo);
  // A refusal that no claim has told yet says more than why a later attempt was given up.
  const untold =
    former !== undefined && former.told !== true && saysRefused(former) ? former.reason : undefined;
  await job.journal.put({
    orderNo: plan.orderNo,
    lease,
    chip: plan.chip,
    serial: plan.serial,
    ranges: plan.ranges,
    outsideDigest: former?.lease === lease ? former.outsideDigest : outsideDigest(image, plan.ranges),
    startedAt: former?.startedAt ?? job.clock.now(),
    ...(former?.triesLeft === undefined ? {} : { triesLeft: former.triesLeft }),
    ...(former?.keys === undefined ? {} : { keys: former.keys }),
    ...end,
    ...(untold === undefined || end.phase === 'written' ? {} : { reason: untold }),
  });
}
