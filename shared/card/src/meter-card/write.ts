import type { ChipDriver, Tries } from '../chip/contract.ts';
import { D1_CARD } from '../chip/cpu/dialect-d1.ts';
import {
  commandOf,
  permitTry,
  NO_HISTORY,
  type KeyHistory,
  type PlainCommand,
} from '../chip/cpu/key-guard.ts';
import { statusError } from '../chip/cpu/status.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import type { Clock } from '../clock.ts';
import { decideCode } from './code-rule.ts';
import { diffRuns, Target } from './diff.ts';
import type { CardLayout } from './layout.ts';
import { isOver, type Lease } from './lease.ts';
import { imageDigest, outsideDigest } from './digest.ts';
import { asMeterCardError } from './error.ts';
import { refuseIdentity } from './identity-kept.ts';
import { bytesOf, type CardImage } from './image.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { keyHistory, outlived, type KeyQuestion } from './key-history.ts';
import { PlanCheck } from './permitted.ts';
import type { PlanStep, WritePlan } from './plan.ts';
import { Progress, type OnProgress } from './progress.ts';
import { readCard, rereadRanges } from './read.ts';
import { cardChanged, leaseExpired, locked, otherCard, readBackDiffers, tooFewTries } from './refusals.ts';
import { OnRecord } from './on-record.ts';
import { noteRefusal } from './note-refusal.ts';
import { saysRefused } from './says-refused.ts';
import { asRun, bytesToWrite, changesOf, dataOf, sizeOf } from './stage-writes.ts';
import { WriteOrder, type OrderedStage } from './write-order.ts';
import { TriedKeys } from './tried-keys.ts';

/** What the card answered so far, for the grid to continue the plan with. */
export interface Authorise {
  readonly orderNo: string;
  readonly lease: number;
  /** The stage that is asked for: 1, 2, … */
  readonly stage: number;
  /** By name, upper-case hex. */
  readonly gathered: Readonly<Record<string, string>>;
}

export interface WriteCardInit {
  readonly driver: ChipDriver;
  /** That the card was recognised by, and read. */
  readonly layout: CardLayout;
  /** Of the session that the driver is on. */
  readonly atr: Uint8Array;
  readonly plan: WritePlan;
  readonly lease: Lease;
  readonly journal: Journal;
  readonly clock: Clock;
  /** Takes the gathered answers to the grid and brings the next stage. Its errors come out as they are. */
  readonly authorise: (request: Authorise) => Promise<WritePlan>;
  /**
   * Whether the lease holds by the word of who gave it; never throws. Asked once, beside the card's own answers, and awaited before
   * its first byte changes. Not asked for a plan of several stages: each of those comes under the lease.
   */
  readonly holds?: () => Promise<boolean>;
  readonly onProgress?: OnProgress;
  /** `imageDigest` of the image that the plan was released against. */
  readonly releasedDigest?: string;
  /** As read on this very session, nothing having been written since: it is not read twice. One that left has lost its power. */
  readonly image?: CardImage;
}

export interface WrittenCard {
  readonly image: CardImage;
  /** SHA-256 (hex) of the image as read back: what the claim carries. */
  readonly imageDigest: string;
}

/**
 * Puts a plan on a card so that the card can be pulled out at any moment; docs/protocol/tear-safe-write.md says
 * why each step is where it is. Resolves when the card was read back and holds what the plan says; the journal
 * then says `written` until the caller has the claim acknowledged and removes the entry.
 *
 * Fails with `MeterCardError`, `ReaderError`, or the errors of `authorise` and `journal`. None of them proves that
 * nothing was written: open the card again and call again, with a fresh release, until it succeeds or says why not.
 */
export async function writeCard(init: WriteCardInit): Promise<WrittenCard> {
  try {
    return await new CardWrite(init).run();
  } catch (error) {
    throw asMeterCardError(error);
  }
}

type PresentCode = Extract<PlanStep, { op: 'present-code' }>;

/** What goes with a write from its first step to its last. */
interface Work {
  readonly check: PlanCheck;
  readonly order: WriteOrder;
  readonly target: Target;
  readonly progress: Progress;
  readonly record: OnRecord;
  readonly keys: TriedKeys;
}

class CardWrite {
  readonly #init: WriteCardInit;
  readonly #driver: ChipDriver;
  readonly #gathered: Record<string, string> = {};
  #interrupted = false;
  #word: Promise<boolean> | undefined;

  constructor(init: WriteCardInit) {
    this.#init = init;
    this.#driver = init.driver;
  }

  async run(): Promise<WrittenCard> {
    const { plan, lease } = this.#init;
    if (plan.chip !== this.#driver.chip) throw otherCard();
    const image = this.#init.image ?? (await readCard(this.#driver, this.#init.atr, this.#init.layout));
    if (toHex(image.serial) !== plan.serial) throw otherCard();
    const entries = await this.#init.journal.list();
    const former = entries.find((entry) => entry.orderNo === plan.orderNo && entry.told !== true);
    this.#refuseChanged(image, former);
    const check = new PlanCheck(plan, image, this.#driver.dialect);
    check.stage(plan);
    const order = new WriteOrder(this.#init.layout.purse);
    const released = order.stage(plan);
    const history = await this.#judgeKeys(entries, image);
    this.#checkLease();
    if (plan.authorise === undefined) this.#word = this.#init.holds?.();

    const refused = former !== undefined && saysRefused(former);
    // An interrupted presentation must stay on record until the code is known to have been accepted again. One that is known to
    // have been refused explains the lost tries.
    this.#interrupted = !refused && (former?.phase === 'presenting' || plan.afterSilence === true);
    const target = new Target(image);
    // Before the journal says anything else: what it knows of a refusal is still to be told.
    if (refused) await this.#judgeStage(released, target);
    const { keys, triesLeft } = entries.find((entry) => entry.orderNo === plan.orderNo) ?? {};
    const record = new OnRecord(this.#init.journal, {
      orderNo: plan.orderNo,
      lease: lease.no,
      chip: plan.chip,
      serial: plan.serial,
      ranges: plan.ranges,
      outsideDigest: outsideDigest(image, plan.ranges),
      phase: this.#interrupted ? 'presenting' : former?.phase === 'writing' ? 'writing' : 'intent',
      startedAt: this.#init.clock.now(),
      ...(keys === undefined ? {} : { keys }),
      ...(triesLeft === undefined ? {} : { triesLeft }),
      ...(refused && former.reason !== undefined ? { reason: former.reason } : {}),
    });
    await record.begin();

    const progress = this.#progressFor(plan, target);
    const work = { check, order, target, progress, record, keys: new TriedKeys(this.#driver, history) };
    await this.#stages(released, work);
    return this.#readBack(work);
  }

  /** Before anything is sent: a card that could lock itself at the next refusal is left as it is. */
  async #judgeKeys(entries: readonly JournalEntry[], image: CardImage): Promise<KeyHistory> {
    const { plan, journal } = this.#init;
    if (plan.chip !== 'CPU') return NO_HISTORY;
    const { serial, orderNo, afterSilence = false, lastTry = false } = plan;
    const question: KeyQuestion = { serial, orderNo, afterSilence, lastTry, digest: imageDigest(image) };
    const history = keyHistory(entries, question);
    permitTry(history, (this.#driver.dialect ?? D1_CARD).leastTries);
    for (const past of outlived(entries, question)) await journal.remove(past.orderNo);
    return history;
  }

  /** A card whose bytes are not those that were sold against, or changed outside an interrupted write. */
  #refuseChanged(image: CardImage, former: JournalEntry | undefined): void {
    const { releasedDigest } = this.#init;
    if (releasedDigest !== undefined && releasedDigest !== imageDigest(image)) throw cardChanged();
    if (former === undefined) return;
    if (former.serial !== toHex(image.serial)) throw otherCard();
    if (former.outsideDigest !== outsideDigest(image, former.ranges)) throw cardChanged();
  }

  async #stages(released: OrderedStage, work: Work): Promise<void> {
    work.progress.enter('code');
    for (let plan = released; ;) {
      await this.#judgeStage(plan, work.target);
      for (const step of plan.steps) await this.#step(step, plan, work);
      if (plan.authorise === undefined) return;
      const stage = plan.stage + 1;
      const gathered = Object.fromEntries(plan.authorise.map((name) => [name, this.#gathered[name] ?? '']));
      const next = await this.#init.authorise({
        orderNo: plan.orderNo,
        lease: this.#init.lease.no,
        stage,
        gathered,
      });
      work.check.stage(next);
      plan = work.order.stage(next);
    }
  }

  /**
   * Before anything of a stage is presented or written: what would change can change, and every code that would be
   * presented may be. Else the card stays as it is.
   */
  async #judgeStage(plan: OrderedStage, target: Target): Promise<void> {
    // A CPU card learns its bytes in later stages, when a key has met the card: all that may change is asked for.
    const runs =
      plan.chip === 'CPU' ? plan.ranges.map(asRun) : changesOf(plan, target, this.#driver.pageSize);
    if (runs.length > 0) await this.#driver.checkWritable(runs);
    refuseIdentity(plan, this.#init.layout);
    for (const step of plan.steps) {
      if (step.op === 'present-code' && this.#presents(step, plan, target)) await this.#decide(step);
    }
  }

  /** Staff want the tries back even where every byte is in place already. */
  #presents({ lastTry }: PresentCode, plan: WritePlan, target: Target): boolean {
    return (
      lastTry === true || plan.steps.some((other) => other.op === 'write' && target.differs(dataOf(other)))
    );
  }

  async #step(step: PlanStep, plan: OrderedStage, work: Work): Promise<void> {
    const { target, progress, keys } = work;
    switch (step.op) {
      case 'present-code':
        if (this.#presents(step, plan, target)) await this.#presentCode(step, work.record);
        return;
      case 'write': {
        const wanted = dataOf(step);
        for (const run of diffRuns(target.current(wanted), wanted, this.#driver.pageSize)) {
          if ((await this.#word) === false) throw leaseExpired();
          this.#checkLease();
          await this.#driver.write(run);
          progress.advance('write', run.data.length);
        }
        target.set(wanted);
        return;
      }
      case 'apdu': {
        const wanted = step.after === undefined ? undefined : dataOf(step.after);
        if (wanted !== undefined && !target.differs(wanted)) return;
        this.#checkLease();
        const command = commandOf(fromHex(step.apdu));
        if (command.tries === 'nothing') await this.#exchange(command.apdu, step, work);
        else await keys.try(command, work.record, imageDigest(target.image()));
        if (wanted === undefined) return;
        target.set(wanted);
        progress.advance('write', wanted.data.length);
      }
    }
  }

  async #presentCode(step: PresentCode, record: OnRecord): Promise<void> {
    const { key = 0, lastTry = false } = step;
    const tries = await this.#decide(step);
    this.#checkLease();
    await record.note({ phase: 'presenting', triesLeft: tries?.left });
    try {
      await this.#driver.presentCode(fromHex(step.code), key, lastTry ? 'used' : 'kept');
    } catch (error) {
      await noteRefusal(error, record);
      throw error;
    }
    await record.note({ phase: 'writing', triesLeft: tries?.full, reason: undefined });
  }

  /** The code's tries, where they allow that it is presented. */
  async #decide(step: PresentCode): Promise<Tries | undefined> {
    const { key = 0, lastTry = false } = step;
    const tries = await this.#driver.tries(key);
    const decision = tries === undefined ? 'present' : decideCode(tries, this.#interrupted, lastTry);
    if (decision === 'locked') throw locked();
    if (decision === 'too-few') throw tooFewTries(tries?.left);
    return tries;
  }

  async #exchange(
    apdu: PlainCommand,
    { label, gather }: Extract<PlanStep, { op: 'apdu' }>,
    { record }: Work,
  ): Promise<void> {
    if (label === 'update') await record.note({ phase: 'writing' });
    const { data, sw } = await this.#driver.exchange(apdu);
    const error = statusError(sw);
    if (error !== undefined) throw error;
    if (gather !== undefined) this.#gathered[gather] = toHex(data);
  }

  async #readBack({ target, progress, record }: Work): Promise<WrittenCard> {
    const { ranges } = this.#init.plan;
    progress.advanceTo('read-back', sizeOf(ranges));
    const image = await rereadRanges(this.#driver, target.image(), ranges);
    const wrong = ranges.filter((range) =>
      target.differs({ ...range, data: bytesOf(image, range) ?? new Uint8Array() }),
    );
    if (wrong.length > 0) throw readBackDiffers(wrong.length);
    progress.advance('read-back', sizeOf(ranges));
    await record.note({ phase: 'written', reason: undefined });
    return { image, imageDigest: imageDigest(image) };
  }

  #checkLease(): void {
    if (isOver(this.#init.lease, this.#init.clock)) throw leaseExpired();
  }

  #progressFor(plan: WritePlan, target: Target): Progress {
    const report = this.#init.onProgress ?? (() => undefined);
    return new Progress(bytesToWrite(plan, target) + sizeOf(plan.ranges), report);
  }
}
