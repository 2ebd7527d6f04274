import { toHex } from '../bytes/hex.ts';
import { identifyChip } from '../chip/identify.ts';
import type { ChipDriver } from '../chip/contract.ts';
import { codeOf } from '../errors.ts';
import { decideCode } from '../meter-card/code-rule.ts';
import { imageDigest, outsideDigest } from '../meter-card/digest.ts';
import type { CardImage } from '../meter-card/image.ts';
import { readCard } from '../meter-card/read.ts';
import { toCardImageMessage } from '../meter-card/wire.ts';
import { writeCard } from '../meter-card/write.ts';
import type { CardSession } from '../reader/slot.ts';
import { isRemoval } from '../reader/error.ts';
import { isShakyWrite } from './problems.ts';
import type { CardWork, OpenCard, WriteJob, WriteOutcome } from './ports.ts';

/** Attempts at one order before an error that a bad contact can cause is believed. */
const SHAKY_TRIES = 3;

/** The flow's card layer over the real chips and the tear-safe write. */
export const cardWork: CardWork = {
  async open(slot): Promise<OpenCard> {
    const session = await slot.open();
    try {
      const driver = await identifyChip(session, { memoryDialect: slot.model.memoryDialect });
      const image = await readCard(driver, session.atr);
      let untouched = true;
      return {
        serial: toHex(image.serial),
        image: toCardImageMessage(image),
        codeFault: () => codeFault(driver),
        write: (job) => {
          // Good for one write: what that one leaves must be read.
          const known = untouched ? image : undefined;
          untouched = false;
          return write(job, { session, driver, image, known });
        },
        end: () => session.end(),
      };
    } catch (error) {
      await session.end();
      throw error;
    }
  },
};

/** Found before any money moves: after it, the write would be given up for the same reason. */
async function codeFault(driver: ChipDriver): Promise<'meter-card.locked' | 'meter-card.code-tries' | null> {
  const tries = await driver.tries();
  if (tries === undefined) return null;
  switch (decideCode(tries, false)) {
    case 'present':
      return null;
    case 'locked':
      return 'meter-card.locked';
    case 'too-few':
      return 'meter-card.code-tries';
  }
}

interface Opened {
  readonly session: CardSession;
  readonly driver: ChipDriver;
  /** As read when it was opened, which is what the plan was released against. */
  readonly image: CardImage;
  /** The same, where nothing was written since. */
  readonly known: CardImage | undefined;
}

async function write(job: WriteJob, { session, driver, image, known }: Opened): Promise<WriteOutcome> {
  try {
    const written = await writeCard({
      driver,
      atr: session.atr,
      plan: job.plan,
      lease: { no: job.lease, expiresAtMonotonic: job.leaseEndsAt },
      journal: job.journal,
      clock: job.clock,
      authorise: ({ stage, gathered }) => job.authorise({ stage, gathered }),
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
    await note(job, image, { phase: 'failed', reason: code });
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
    | { readonly phase: 'failed'; readonly reason: string },
): Promise<void> {
  const { plan, lease } = job;
  const former = (await job.journal.list()).find((entry) => entry.orderNo === plan.orderNo);
  await job.journal.put({
    orderNo: plan.orderNo,
    lease,
    chip: plan.chip,
    serial: plan.serial,
    ranges: plan.ranges,
    outsideDigest: former?.lease === lease ? former.outsideDigest : outsideDigest(image, plan.ranges),
    startedAt: former?.startedAt ?? job.clock.now(),
    ...end,
  });
}
