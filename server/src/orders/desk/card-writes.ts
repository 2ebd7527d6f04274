import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { imageDigest } from '@bianmin/card/meter-card/digest';
import type { CardImage } from '@bianmin/card/meter-card/image';
import type { WritePlan } from '@bianmin/card/meter-card/plan';
import type { AuthoriseRequest, ClaimRequest, ReleaseRequest, SealedPlan } from '@bianmin/purchase/api/order';
import type { MeterShown } from '@bianmin/purchase/api/meter-shown';
import type { GridGateway } from '../../gateways/grid/contract.ts';
import { GridError } from '../../gateways/grid/error.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { Trigger } from '../../adapters/queue/trigger.ts';
import type { CardUndos } from './card-undos.ts';
import { isHouseholdChange } from '../model/household-change.ts';
import type { ConvertedOrders } from './converted-orders.ts';
import type { HouseholdChanges } from './household-changes.ts';
import { isWrittenInVain, wordOfCard } from './meter-word.ts';
import { imageOf, serialOf } from './wire-image.ts';
import { asking, gridProblem } from './grid-problem.ts';
import type { OrderMover } from './mover.ts';
import { saleDenied } from '../model/moves/sale.ts';
import { isInMeter, meterShown } from '../model/moves/meter.ts';
import { planReleased, writeClaimed } from '../model/moves/write.ts';
import type { Order } from '../model/order.ts';
import { provenBy, provesCredit } from '../model/proven.ts';
import { tellsRefusal, type ClaimTimes, type KeyPermit, type RefusedKeys } from './refused-keys.ts';
import { sealPlan } from './seal-plan.ts';
import { isForCard, isGivenBack, isReversing } from '../model/state.ts';
import {
  isReleasedTo,
  LEASE_GRACE_MS,
  leaseLeft,
  leaseStale,
  refuseLeasedElsewhere,
  releasedAt,
  type WritingTerminal,
} from './write-lease.ts';

export type { WritingTerminal } from './write-lease.ts';

/** How long a claim waits for the grid before it is acknowledged without; the worker then tells the grid. */
const CONFIRM_WAIT_MS = 2_000;

/** Releasing plans to terminals and hearing what became of them. No plan and no image is stored. */
export class CardWrites {
  readonly #mover: OrderMover;
  readonly #grid: GridGateway;
  readonly #trigger: Trigger;
  readonly #undos: Pick<CardUndos, 'claim'>;
  readonly #changes: HouseholdChanges;
  readonly #converted: Pick<ConvertedOrders, 'denied'>;
  readonly #keys: RefusedKeys;
  readonly #log: Logger;

  constructor(init: {
    mover: OrderMover;
    grid: GridGateway;
    trigger: Trigger;
    undos: Pick<CardUndos, 'claim'>;
    changes: HouseholdChanges;
    converted: Pick<ConvertedOrders, 'denied'>;
    keys: RefusedKeys;
    log: Logger;
  }) {
    this.#undos = init.undos;
    this.#converted = init.converted;
    this.#keys = init.keys;
    this.#mover = init.mover;
    this.#grid = init.grid;
    this.#trigger = init.trigger;
    this.#changes = init.changes;
    this.#log = init.log;
  }

  /**
   * Releases the plan of a sold order for the card as it was just read, to one terminal for a short time. The
   * same terminal may ask again; another one once the lease ran out or the write was given up. `lastTry`: staff let the
   * card's code meet its last try, at every stage of this plan.
   */
  async release(
    order: Order,
    terminal: WritingTerminal,
    request: ReleaseRequest & { readonly lastTry?: boolean },
  ): Promise<SealedPlan> {
    const image = imageOf(request.image);
    const { lastTry = false } = request;
    this.#check(order, terminal.terminalId, image);
    const { chip, serial } = order;
    const releasedDigest = imageDigest(image);
    const permit = await this.#keys.permit({ chip, serial, imageDigest: releasedDigest }, { lastTry });
    const meterSaidAt = await this.#checkCard(order, image);
    const plan = await this.#plan(order, image);
    const { leaseMs } = this.#mover.policy;
    const until = new Date(this.#mover.clock.now() + leaseMs + LEASE_GRACE_MS);
    const evidenceDigest = evidenceOf(image);
    const before = order.write;
    const { outcome, order: released } = await this.#mover.move(order, (current) => {
      // Another call released, wrote or gave up meanwhile: what was checked no longer holds.
      if (current.write.lease !== before.lease || current.write.status !== before.status) {
        if (current.write.status === 'written') throw alreadyWritten(current);
        this.#check(current, terminal.terminalId, image);
      }
      return planReleased(current, {
        ...{ terminalId: terminal.terminalId, until, evidenceDigest, meterSaidAt, releasedDigest, lastTry },
      });
    });
    const lease = released.write.lease;
    if (isInMeter(released)) throw alreadyWritten(released);
    if (outcome !== 'moved' || lease === undefined) throw notSold(released);
    const to = { sealKey: terminal.sealKey, afterSilence: released.write.silent === true };
    return { lease, leaseMs, sealed: await sealPlan(plan, permit, to) };
  }

  /** The next stage of a plan that this terminal holds the lease of. */
  async authorise(order: Order, terminal: WritingTerminal, request: AuthoriseRequest): Promise<SealedPlan> {
    const { write } = order;
    const leaseMs = leaseLeft(order, write, {
      ...{ terminalId: terminal.terminalId, lease: request.lease, now: this.#mover.now() },
    });
    const permit = await this.permit(order, { lease: request.lease });
    const plan = await asking(
      this.#grid.authorise({ orderNo: order._id, stage: request.stage, gathered: request.gathered }),
    );
    const to = { sealKey: terminal.sealKey, afterSilence: write.silent === true };
    return { lease: request.lease, leaseMs, sealed: await sealPlan(plan, permit, to) };
  }

  /** Whether the card may meet a plan that left under this lease, as `RefusedKeys.permit`. */
  permit(
    { chip, serial, write }: Order,
    { lease, again = false }: { readonly lease: number; readonly again?: boolean },
  ): Promise<KeyPermit> {
    const of = write.lease === lease ? write : undefined;
    const lastTry = of?.lastTry === true;
    return this.#keys.permit({ chip, serial, imageDigest: of?.releasedDigest }, { lastTry, again });
  }

  /** What is left of a lease of this terminal's, to put the sale on its card or to take it off, ms. Throws `order.lease-stale`. */
  leftOf(order: Order, terminalId: string, lease: number): number {
    const plan = order.undo?.lease === lease ? order.undo : order.write;
    if (plan === order.write && isReversing(order)) throw leaseStale(order);
    return leaseLeft(order, plan, { terminalId, lease, now: this.#mover.now() });
  }

  /**
   * What the terminal says became of its write. Repeating a claim changes nothing. The grid is told of a
   * written card first, so that it is one write for us; where it does not answer soon, a worker tells it.
   */
  async claim(order: Order, terminalId: string, claim: ClaimRequest): Promise<Order> {
    if (claim.result === 'written' && claim.imageDigest === undefined) {
      throw new ProblemError({
        code: 'request.malformed',
        message: 'The report of a written card needs the digest of what was read back. Send imageDigest.',
        errors: [{ pointer: '/body/imageDigest', detail: 'is needed for a written card' }],
      });
    }
    const times = this.#timesOf(order, claim);
    if (order.undo?.lease === claim.lease) {
      await this.#keys.heard(order, claim, times);
      return this.#undos.claim(order, terminalId, claim);
    }
    const isHeard = isRepeat(order, terminalId, claim);
    if (isHeard || !isReleasedTo(order, terminalId, claim.lease)) {
      // That a card refused the key is true under whatever lease, and may have been lost where we were cut off.
      if (tellsRefusal(claim) && claim.lease <= newestLease(order))
        await this.#keys.heard(order, claim, times);
      if (isHeard) return order;
      throw leaseStale(order);
    }
    const confirmed = claim.result === 'written' && (await this.#confirm(order, claim));
    const now = this.#mover.now();
    const { outcome, order: claimed } = await this.#mover.move(order, (current) =>
      isReleasedTo(current, terminalId, claim.lease)
        ? writeClaimed(current, claim, { now, confirmed })
        : undefined,
    );
    if (outcome !== 'moved' && !isRepeat(claimed, terminalId, claim)) throw leaseStale(claimed);
    await this.#keys.heard(order, claim, times);
    if (claim.result === 'written' && !confirmed) {
      await this.#trigger.request(order._id, `confirm-${claimed.version}`, 1_000);
    }
    return claimed;
  }

  /** What the household says that its meter showed of the card that is written. */
  async shown(order: Order, shown: MeterShown): Promise<Order> {
    return (await this.#mover.move(order, (current) => meterShown(current, shown))).order;
  }

  #check(order: Order, terminalId: string, image: CardImage): void {
    if (order.closure.status === 'closed' || isGivenBack(order)) {
      throw new ProblemError({
        code: 'order.closed',
        message: 'This order is over; there is nothing to write.',
        orderNo: order._id,
      });
    }
    if (!isForCard(order)) throw notForCard(order);
    if (order.sale.status !== 'sold' || order.attention !== null || isReversing(order)) throw notSold(order);
    if (order.serial !== serialOf(image))
      throw changed(order, 'This is another card than the one of this order.');
    refuseLeasedElsewhere(order, terminalId, this.#mover.now());
  }

  /**
   * A card that still shows what was sold against needs no more. Any other was in a meter meanwhile, or began to
   * be written, or is said to be written: then the grid says whether it is sound and still lacks this sale, and the meter's newest
   * word is given.
   */
  async #checkCard(order: Order, image: CardImage): Promise<string | undefined> {
    const digest = imageDigest(image);
    if (order.write.lease === undefined && digest === order.imageDigest) return undefined;
    const card = await asking(this.#grid.identify(image));
    if (card.meterNo !== order.meterNo || card.customerNo !== order.customerNo) {
      throw changed(order, 'The grid knows this card under another customer now.');
    }
    if (provesCredit(card, order)) {
      const proof = { creditedCount: card.creditedCount, imageDigest: digest, now: this.#mover.now() };
      await this.#mover.move(order, (current) => provenBy(current, proof));
      throw alreadyWritten(order);
    }
    if (card.soldCount !== order.count) {
      throw changed(order, 'The grid has sold to this card since. This purchase cannot be written any more.');
    }
    const isInVain = isWrittenInVain(order, card, wordOfCard(card, image));
    if (order.write.status === 'written' && !isInVain) throw alreadyWritten(order);
    return card.balanceAt ?? undefined;
  }

  /** What the meter left goes to the grid first: the plan's first step may blank it. */
  async #plan(order: Order, image: CardImage): Promise<WritePlan> {
    try {
      await this.#grid.returnData(order._id, image.regions);
      return await this.#grid.writePlan(order._id, image);
    } catch (error) {
      const disagrees =
        error instanceof GridError && (error.refusal === 'reversed' || error.refusal === 'not-sold');
      // We hold its sale, it says there is none: money and electricity differ, so a person must look.
      if (disagrees && (await asking(this.#converted.denied(order))) === undefined) {
        await this.#mover.move(order, saleDenied);
      }
      const change = error instanceof GridError ? error.refusal : undefined;
      if (isHouseholdChange(change)) await this.#changes.undo(order, change);
      throw gridProblem(error);
    }
  }

  #timesOf(order: Order, claim: ClaimRequest): ClaimTimes {
    const plan = [order.undo, order.write].find((each) => each?.lease === claim.lease);
    return { now: this.#mover.now(), released: releasedAt(plan, this.#mover.policy.leaseMs) };
  }

  async #confirm(order: Order, claim: ClaimRequest): Promise<boolean> {
    const waiting = new AbortController();
    try {
      return await Promise.race([
        this.#grid.confirmWrite(order._id, claim.imageDigest ?? '').then(() => true),
        this.#mover.clock.sleep(CONFIRM_WAIT_MS, waiting.signal).then(() => false),
      ]);
    } catch (error) {
      if (!(error instanceof GridError)) throw error;
      this.#log.warn({ err: error, orderNo: order._id }, 'the grid has not yet heard of a written card');
      return false;
    } finally {
      waiting.abort();
    }
  }
}

function isRepeat(order: Order, terminalId: string, claim: ClaimRequest): boolean {
  const { write } = order;
  return write.status === claim.result && write.lease === claim.lease && write.terminalId === terminalId;
}

function newestLease({ write, undo }: Order): number {
  return Math.max(write.lease ?? 0, undo?.lease ?? 0);
}

/** Digest of what was sent to the grid as return data. */
function evidenceOf(image: CardImage): string {
  return createHash('sha256')
    .update(`return-data:${imageDigest(image)}`)
    .digest('hex');
}

function notSold(order: Order): ProblemError {
  return new ProblemError({
    code: 'order.not-sold',
    message: 'The grid has not accepted this sale yet. The money is safe; ask again in a moment.',
    orderNo: order._id,
  });
}

function notForCard(order: Order): ProblemError {
  return new ProblemError({
    code: 'order.not-for-card',
    message:
      'This purchase is credited to the meter remotely. It is written on a card only if its payer chooses that.',
    orderNo: order._id,
  });
}

function alreadyWritten(order: Order): ProblemError {
  return new ProblemError({
    code: 'order.already-written',
    message: 'This purchase is already on its card or in the meter. Do not write it again.',
    orderNo: order._id,
  });
}

function changed(order: Order, message: string): ProblemError {
  return new ProblemError({ code: 'card.changed', message, orderNo: order._id });
}
