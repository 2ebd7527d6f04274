import { imageDigest } from '@bianmin/card/meter-card/digest';
import type { CardImage } from '@bianmin/card/meter-card/image';
import type { WritePlan } from '@bianmin/card/meter-card/plan';
import type { ProblemCode } from '@bianmin/purchase/api/problem';
import type { AuthoriseRequest, ClaimRequest, SealedPlan } from '@bianmin/purchase/api/order';
import type { CardImageMessage } from '@bianmin/purchase/api/card-image';
import type { GridGateway } from '../../gateways/grid/contract.ts';
import type { GridCard } from '../../gateways/grid/customers.ts';
import { GridError, type GridRefusal } from '../../gateways/grid/error.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { meterCredited } from '../model/moves/meter.ts';
import { saleDenied } from '../model/moves/sale.ts';
import { mayTakeOff, undoClaimed, undoReleased } from '../model/moves/undo.ts';
import type { Order } from '../model/order.ts';
import { provesCredit } from '../model/proven.ts';
import { undoingOf, wayOff } from '../model/undoing.ts';
import { asking, gridProblem } from './grid-problem.ts';
import type { OrderMover } from './mover.ts';
import type { SaleDesk } from './sale-desk.ts';
import { sealPlan } from './seal-plan.ts';
import type { KeyPermit, RefusedKeys } from './refused-keys.ts';
import { imageOf, serialOf } from './wire-image.ts';
import {
  LEASE_GRACE_MS,
  leaseLeft,
  leaseStale,
  refuseLeasedElsewhere,
  type WritingTerminal,
} from './write-lease.ts';

/** Why the grid gives no plan, as staff are told it; anything else passes as at any card. */
const OF_REFUSAL: Partial<Record<GridRefusal, Extract<ProblemCode, `reversal.${string}`>>> = {
  'day-cut': 'reversal.day-over',
  count: 'reversal.counters-differ',
  'card-foreign': 'reversal.other-card',
  'meter-changed': 'reversal.other-card',
  account: 'reversal.credited',
  other: 'reversal.card-inserted',
};

/**
 * Taking a sale off the card that bears it, once two persons allowed it. The plan is the grid's and leaves under a lease like
 * any other; cut anywhere, the value is on the card, and it is begun again, or off it, and the undoing goes on. Only what was read
 * back without it has the grid undo the sale, and only that gives money back.
 */
export class CardUndos {
  readonly #mover: OrderMover;
  readonly #grid: GridGateway;
  readonly #sales: Pick<SaleDesk, 'reverse'>;
  readonly #keys: Pick<RefusedKeys, 'permit'>;

  constructor(init: {
    mover: OrderMover;
    grid: GridGateway;
    sales: Pick<SaleDesk, 'reverse'>;
    keys: Pick<RefusedKeys, 'permit'>;
  }) {
    this.#mover = init.mover;
    this.#grid = init.grid;
    this.#sales = init.sales;
    this.#keys = init.keys;
  }

  /** The one card of it. Throws the `reversal` problems where nothing is to be taken off. */
  cardOf(order: Order): { readonly serial: string } {
    this.#check(order);
    return { serial: order.serial };
  }

  /** The plan for the card as it was just read, sealed to one terminal for a short time; asked for again like any release. */
  async release(order: Order, terminal: WritingTerminal, message: CardImageMessage): Promise<SealedPlan> {
    const { terminalId } = terminal;
    const image = imageOf(message);
    const now = this.#mover.now();
    this.#check(order);
    refuseLeasedElsewhere(order, terminalId, now);
    if (serialOf(image) !== order.serial) {
      throw problem(order, 'reversal.other-card', 'This is another card than the one of this order.');
    }
    const { chip, serial } = order;
    const releasedDigest = imageDigest(image);
    const permit = await this.#keys.permit({ chip, serial, imageDigest: releasedDigest }, { lastTry: false });
    const card = await this.#identified(order, image);
    const plan = await this.#plan(order, image);
    const { leaseMs } = this.#mover.policy;
    const until = new Date(this.#mover.clock.now() + leaseMs + LEASE_GRACE_MS);
    const { outcome, order: released } = await this.#mover.move(order, (current) => {
      refuseLeasedElsewhere(current, terminalId, now);
      const meterSaidAt = card.balanceAt ?? undefined;
      return undoReleased(current, { terminalId, until, releasedDigest, meterSaidAt });
    });
    const lease = released.undo?.lease;
    if (outcome !== 'moved' || lease === undefined) throw nothingToUndo(released);
    return { lease, leaseMs, sealed: await sealPlan(plan, permit, terminal) };
  }

  /** The next stage of a plan that this terminal holds the lease of. */
  async authorise(order: Order, terminal: WritingTerminal, request: AuthoriseRequest): Promise<SealedPlan> {
    const { lease, stage, gathered } = request;
    const { terminalId } = terminal;
    const leaseMs = leaseLeft(order, order.undo, { terminalId, lease, now: this.#mover.now() });
    const permit = await this.permit(order, { lease });
    const plan = await asking(this.#grid.authorise({ orderNo: order._id, stage, gathered }));
    return { lease, leaseMs, sealed: await sealPlan(plan, permit, terminal) };
  }

  /** As `CardWrites.permit`. */
  permit(
    { chip, serial, undo }: Order,
    { lease, again = false }: { readonly lease: number; readonly again?: boolean },
  ): Promise<KeyPermit> {
    const released = undo?.lease === lease ? undo.releasedDigest : undefined;
    return this.#keys.permit({ chip, serial, imageDigest: released }, { lastTry: false, again });
  }

  /** What the terminal says became of it. Repeating a claim changes nothing. */
  async claim(order: Order, terminalId: string, claim: ClaimRequest): Promise<Order> {
    if (isRepeat(order, terminalId, claim)) return order;
    const now = this.#mover.now();
    const { outcome, order: claimed } = await this.#mover.move(order, (current) =>
      current.undo?.terminalId === terminalId ? undoClaimed(current, claim, now) : undefined,
    );
    if (outcome !== 'moved') {
      if (isRepeat(claimed, terminalId, claim)) return claimed;
      throw leaseStale(claimed);
    }
    return claimed.reversal.status === 'sent' ? this.#sales.reverse(claimed) : claimed;
  }

  #check(order: Order): void {
    if (undoingOf(order) === 'credited') throw credited(order);
    if (undoingOf(order) !== 'on-card' || !mayTakeOff(order) || order.attention !== null) {
      throw nothingToUndo(order);
    }
    const { cancelsWritten } = this.#grid;
    if (wayOff(order, { now: this.#mover.now(), cancelsWritten }) === 'here') return;
    throw problem(
      order,
      'reversal.day-over',
      'The grid has cut the day of this sale. Send the household to the grid’s counter with its card.',
    );
  }

  /** The card as the grid knows it; what it proves of a credit is kept. */
  async #identified(order: Order, image: CardImage): Promise<GridCard> {
    const card = await asking(this.#grid.identify(image));
    if (card.exchanged?.formerMeterNo === order.meterNo) {
      const message =
        'The meter of this sale was exchanged. Send the household to the grid’s counter with its card.';
      throw problem(order, 'reversal.other-card', message);
    }
    if (card.meterNo !== order.meterNo || card.customerNo !== order.customerNo) {
      throw problem(order, 'reversal.other-card', 'The grid knows this card under another customer now.');
    }
    if (!provesCredit(card, order)) return card;
    await this.#mover.move(order, (current) => meterCredited(current, this.#mover.now()));
    throw credited(order);
  }

  async #plan(order: Order, image: CardImage): Promise<WritePlan> {
    try {
      return await this.#grid.cancelPlan(order._id, image);
    } catch (error) {
      if (!(error instanceof GridError) || error.code !== 'grid.refused') throw gridProblem(error);
      const denies = error.refusal === 'reversed' || error.refusal === 'not-sold';
      if (denies) await this.#mover.move(order, saleDenied);
      const code = error.refusal && OF_REFUSAL[error.refusal];
      throw code === undefined ? gridProblem(error) : problem(order, code, error.message);
    }
  }
}

function isRepeat({ undo }: Order, terminalId: string, claim: ClaimRequest): boolean {
  if (undo?.lease !== claim.lease || undo.terminalId !== terminalId) return false;
  return claim.result === 'written' ? undo.status === 'off' : undo.status === 'allowed';
}

function credited(order: Order): ProblemError {
  return problem(order, 'reversal.credited', 'The meter has this purchase. Give money back beside it.');
}

function nothingToUndo(order: Order): ProblemError {
  return problem(
    order,
    'reversal.not-sold',
    'Nothing is to be taken off this card: two persons allow it first.',
  );
}

function problem(
  order: Order,
  code: Extract<ProblemCode, `reversal.${string}`>,
  message: string,
): ProblemError {
  return new ProblemError({ code, message, orderNo: order._id });
}
