import { imageDigest } from '@bianmin/card/meter-card/digest';
import type { AuthoriseRequest, ClaimRequest, SealedPlan } from '@bianmin/purchase/api/order';
import type { CardImageMessage } from '@bianmin/purchase/api/card-image';
import type { Approvals, Where } from '../../access/approvals.ts';
import type { Scope } from '../../kernel/scope.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import type { WritingTerminal } from '../../orders/desk/card-writes.ts';
import { asking } from '../../orders/desk/grid-problem.ts';
import { maskedOf } from '../../kernel/mask.ts';
import type { OrderMover } from '../../orders/desk/mover.ts';
import { newOrderNo } from '../../orders/model/order-no.ts';
import { tellsRefusal, type KeyPermit, type RefusedKeys } from '../../orders/desk/refused-keys.ts';
import { sealPlan } from '../../orders/desk/seal-plan.ts';
import { imageOf, serialOf } from '../../orders/desk/wire-image.ts';
import { LEASE_GRACE_MS, releasedAt } from '../../orders/desk/write-lease.ts';
import type { GridGateway } from '../../gateways/grid/contract.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { Approval } from '../../access/store/approvals.ts';
import type { OpenOrders } from './open-orders.ts';
import { personOf, REPLACEMENT_TTL_MS, type Replacement } from './replacement.ts';
import type { ReplacementConfirms } from './replacement-confirms.ts';
import type { ReplacementStore } from './replacements-store.ts';
import type { StaffedTerminals } from './staffed-terminals.ts';

export interface ReplacementsInit {
  readonly store: ReplacementStore;
  readonly mover: OrderMover;
  readonly orders: OpenOrders;
  readonly grid: GridGateway;
  readonly terminals: StaffedTerminals;
  readonly approvals: Approvals;
  readonly confirms: ReplacementConfirms;
  readonly keys: Pick<RefusedKeys, 'permit' | 'heard'>;
}

/**
 * Replacement cards (补卡): asked for, allowed by a second person, then the grid makes the blank card in the terminal's
 * reader the customer's own, and its plan is written like any plan. Every step may be repeated under the same number.
 */
export class Replacements {
  readonly #init: ReplacementsInit;

  constructor(init: ReplacementsInit) {
    this.#init = init;
    init.approvals.register('card.replace', {
      permission: 'card:replace',
      run: (approval) => this.#approve(approval),
    });
  }

  /** Throws the card problems of the grid, and `request.not-found` for a terminal that is not accepted. */
  async request(
    init: { terminalId: string; customerNo: string; reason: string },
    maker: AdminPrincipal,
    where: Where,
  ): Promise<{ replacement: Replacement; approval: Approval }> {
    const { terminalId, customerNo, reason } = init;
    const terminal = await this.#init.terminals.get(terminalId, maker.scope);
    const customer = await asking(this.#init.grid.identifyCustomer(customerNo));
    const now = this.#init.mover.now();
    const replacement: Replacement = {
      _id: await this.#freeNumber(now),
      version: 1,
      status: 'requested',
      terminalId,
      orgPath: terminal.orgPath,
      customerNo,
      masked: maskedOf(customer),
      meterNo: customer.meterNo,
      reason,
      requestedBy: personOf(maker),
      createdAt: now,
      updatedAt: now,
      expiresAt: new Date(now.getTime() + REPLACEMENT_TTL_MS),
    };
    await this.#init.store.insert(replacement);
    const approval = await this.#init.approvals.request({
      kind: 'card.replace',
      content: {
        requestNo: replacement._id,
        customer: replacement.masked,
        terminalId,
        terminalName: terminal.name,
        reason,
        goodUntil: replacement.expiresAt.toISOString(),
      },
      orgPath: terminal.orgPath,
      maker,
      where,
    });
    return { replacement, approval };
  }

  list(limit: number, scope: Scope): Promise<Replacement[]> {
    return this.#init.store.list(limit, scope);
  }

  /**
   * Has the grid make the card in the reader the customer's own, and releases its plan to the terminal. The order whose
   * sale goes onto the new card follows to it. May be repeated with the same card, until it is written.
   */
  async release(
    requestNo: string,
    terminal: WritingTerminal,
    message: CardImageMessage,
  ): Promise<SealedPlan> {
    const { mover, grid, orders, keys } = this.#init;
    const image = imageOf(message);
    const { chip } = image;
    const releasedDigest = imageDigest(image);
    const known = await this.#open(requestNo, terminal.terminalId);
    const card = { chip, serial: serialOf(image), imageDigest: releasedDigest };
    // Before the grid makes the former card void for one that may not be written.
    const permit = await keys.permit(card, { lastTry: false });
    const bound = await this.#bind(known, serialOf(image));
    await orders.check(await asking(grid.identifyCustomer(bound.customerNo)), terminal.terminalId);
    const made = await asking(grid.replaceCard({ requestNo, customerNo: bound.customerNo, image }));
    const { leaseMs } = mover.policy;
    const until = new Date(mover.clock.now() + leaseMs + LEASE_GRACE_MS);
    const orderLease = await orders.follow(made.openOrderNo, {
      requestNo,
      chip,
      serial: made.serial,
      imageDigest: releasedDigest,
      terminalId: terminal.terminalId,
      until,
    });
    const lease = (bound.lease ?? 0) + 1;
    await this.#change(bound, {
      status: 'released',
      lease,
      leaseUntil: until,
      ...{ chip, releasedDigest },
      formerSerial: made.formerSerial,
      count: made.count,
      ...(made.openOrderNo === null ? {} : { openOrderNo: made.openOrderNo }),
      ...(orderLease === undefined ? {} : { orderLease }),
    });
    const sealed = await sealPlan({ ...made.plan, orderNo: requestNo }, permit, terminal);
    return { lease, leaseMs, sealed };
  }

  /** The next stage of a plan that this terminal holds the lease of. */
  async authorise(
    requestNo: string,
    terminal: WritingTerminal,
    request: AuthoriseRequest,
  ): Promise<SealedPlan> {
    const { mover, grid } = this.#init;
    const known = await this.#of(requestNo, terminal.terminalId);
    const leaseMs = (known.leaseUntil?.getTime() ?? 0) - LEASE_GRACE_MS - mover.clock.now();
    if (known.status !== 'released' || known.lease !== request.lease || leaseMs <= 0) throw leaseStale();
    const permit = await this.#permit(known, false);
    const { stage, gathered } = request;
    const plan = await asking(grid.authorise({ orderNo: requestNo, stage, gathered }));
    const sealed = await sealPlan({ ...plan, orderNo: requestNo }, permit, terminal);
    return { lease: request.lease, leaseMs, sealed };
  }

  /** As `CardWrites.permit`, of the newest lease. */
  async permit(
    requestNo: string,
    terminalId: string,
    { again }: { readonly again: boolean },
  ): Promise<KeyPermit> {
    return this.#permit(await this.#of(requestNo, terminalId), again);
  }

  /** What the terminal says became of its write; the order on the card hears of it first. Repeating it changes nothing. */
  async claim(requestNo: string, terminalId: string, claim: ClaimRequest): Promise<Replacement> {
    const known = await this.#of(requestNo, terminalId);
    if (claim.result === 'written' && claim.imageDigest === undefined) {
      throw new ProblemError({
        code: 'request.malformed',
        message: 'The report of a written card needs the digest of what was read back. Send imageDigest.',
        errors: [{ pointer: '/body/imageDigest', detail: 'is needed for a written card' }],
      });
    }
    const isHeard = known.lease === claim.lease && known.status === claim.result;
    const isCurrent = known.status === 'released' && known.lease === claim.lease;
    if (isCurrent || (tellsRefusal(claim) && claim.lease <= (known.lease ?? 0)))
      await this.#hear(known, claim);
    if (isHeard) return known;
    if (!isCurrent) throw leaseStale();
    await this.#init.orders.claim(known, claim);
    const claimed = await this.#change(known, {
      status: claim.result,
      ...(claim.result === 'written' ? { unconfirmed: true } : {}),
      ...(claim.imageDigest === undefined ? {} : { imageDigest: claim.imageDigest }),
      ...(claim.reason === undefined ? {} : { failure: claim.reason }),
      ...(claim.triesLeft === undefined ? {} : { triesLeft: claim.triesLeft }),
    });
    if (claim.result !== 'written') return claimed;
    await this.#init.confirms.tell(requestNo);
    return this.#of(requestNo, terminalId);
  }

  /** What leaves under a lease is for the card that was bound to the request. */
  async #permit({ chip, serial, releasedDigest }: Replacement, again: boolean): Promise<KeyPermit> {
    // Released by a version that did not keep the chip: the card is read again, and a plan made for it.
    if (chip === undefined || serial === undefined) throw leaseStale();
    return this.#init.keys.permit({ chip, serial, imageDigest: releasedDigest }, { lastTry: false, again });
  }

  async #hear(known: Replacement, claim: ClaimRequest): Promise<void> {
    const { keys, mover } = this.#init;
    const { chip, serial } = known;
    if (chip === undefined || serial === undefined) return;
    const released = releasedAt(known, mover.policy.leaseMs);
    await keys.heard({ chip, serial }, claim, { now: mover.now(), released });
  }

  async #approve(approval: Approval): Promise<void> {
    const requestNo = String(approval.content['requestNo']);
    const known = await this.#init.store.get(requestNo);
    if (known === null || known.expiresAt <= this.#init.mover.now()) {
      throw notOpen('It was asked for too long ago. Ask for another.');
    }
    // Carried out before a crash.
    if (known.status !== 'requested') return;
    await this.#change(known, {
      status: 'approved',
      ...(approval.checker === undefined ? {} : { approvedBy: approval.checker }),
    });
  }

  /** The card is this request's from now on, before the grid hears of it. */
  async #bind(known: Replacement, serial: string): Promise<Replacement> {
    if (known.serial === serial) return known;
    if (known.serial === undefined) return this.#change(known, { serial });
    throw new ProblemError({
      code: 'replacement.other-card',
      message:
        'This replacement was begun on another blank card. Put that one in, or ask for another replacement.',
    });
  }

  async #open(requestNo: string, terminalId: string): Promise<Replacement> {
    const known = await this.#of(requestNo, terminalId);
    if (known.status === 'requested') throw notOpen('No second person has allowed it yet.');
    if (known.status === 'written') throw notOpen('It is written.');
    if (known.status === 'approved' && known.expiresAt <= this.#init.mover.now()) {
      throw notOpen('It was allowed too long ago. Ask for another.');
    }
    return known;
  }

  async #of(requestNo: string, terminalId: string): Promise<Replacement> {
    const known = await this.#init.store.get(requestNo);
    if (known?.terminalId === terminalId) return known;
    throw notOpen('This terminal has no such replacement.');
  }

  async #change(known: Replacement, set: Partial<Replacement>): Promise<Replacement> {
    const changed = await this.#init.store.change(known, set, this.#init.mover.now());
    if (changed !== null) return changed;
    throw new ProblemError({
      code: 'server.unavailable',
      message: 'Another person is changing this replacement. Try again in a moment.',
    });
  }

  /** Orders and requests share the grid's numbers and the terminal's journal: one that neither has. */
  async #freeNumber(now: Date): Promise<string> {
    for (;;) {
      const number = newOrderNo(now);
      const taken = (await this.#init.mover.store.get(number)) ?? (await this.#init.store.get(number));
      if (taken === null) return number;
    }
  }
}

function notOpen(message: string): ProblemError {
  return new ProblemError({ code: 'replacement.not-open', message });
}

function leaseStale(): ProblemError {
  return new ProblemError({
    code: 'order.lease-stale',
    message: 'This lease has expired. Read the card again and ask for a new release.',
  });
}
