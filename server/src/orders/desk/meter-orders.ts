import { isAnotherHolder } from '../../kernel/holder.ts';
import type { GridCard } from '../../gateways/grid/customers.ts';
import type { CaseSink } from '../model/case-sink.ts';
import { wasReleased } from '../model/moves/staff.ts';
import type { Order } from '../model/order.ts';
import { provenBy } from '../model/proven.ts';
import { goesByCount, isForCard, isUnpaid, UNSETTLED_STATES } from '../model/state.ts';
import { hasAccount } from './account-facts.ts';
import type { HouseholdChanges } from './household-changes.ts';
import { isWrittenInVain, lacksInMeter, type MeterWord } from './meter-word.ts';
import type { OrderMover } from './mover.ts';
import type { OrdersOfMeter } from './orders-of-meter.ts';

/** A card as it was just read, and who holds its account. */
interface ReadCard {
  readonly card: GridCard;
  readonly serial: string;
  readonly imageDigest: string;
  readonly word: MeterWord;
  readonly holder: { readonly holder?: string };
  /** Asked for with `MeterWords.questionOf` its word. */
  readonly orders: OrdersOfMeter;
}

/** A meter's orders as one who brings its card finds them. */
export interface FoundOrders {
  /** That are not over, of any payer. */
  readonly unsettled: readonly Order[];
  /** Paid by this holder and not on this card as its meter would take it: also one that a terminal called written. */
  readonly unfinished: Order | null;
  /** The newest sale, where it is this holder's, called written and not known to be in the meter. */
  readonly written: Order | null;
  /** One was just undone: what the grid said of the meter before is not so any more. */
  readonly undone: boolean;
}

/** Looks for what waits for a card. */
export class MeterOrders {
  readonly #grid: string;
  readonly #mover: OrderMover;
  readonly #changes: HouseholdChanges;
  readonly #cases: CaseSink;

  constructor(init: { grid: string; mover: OrderMover; changes: HouseholdChanges; cases: CaseSink }) {
    this.#grid = init.grid;
    this.#mover = init.mover;
    this.#changes = init.changes;
    this.#cases = init.cases;
  }

  /**
   * What was sold for a meter that was exchanged, and is on no card, is undone; what may be on one the grid moves at its counter, and
   * staff see to it.
   */
  async exchanged({ exchanged }: Pick<GridCard, 'exchanged'>): Promise<void> {
    if (exchanged === undefined) return;
    const { formerMeterNo, openOrderNo } = exchanged;
    for (const order of await this.#mover.store.unsettledOfMeter(this.#grid, formerMeterNo)) {
      await this.#changes.undo(order, 'meter-changed');
    }
    const open = openOrderNo === null ? null : await this.#mover.store.get(openOrderNo);
    if (open?.meterNo !== formerMeterNo || !wasReleased(open)) return;
    const { _id: orderNo, orgPath, count, faceFen, state } = open;
    await this.#cases.open({ kind: 'meter-exchanged', orderNo, orgPath, facts: { count, faceFen, state } });
  }

  /** The card's account was closed (销户): what was sold to it and is on no card is undone. The grid's counter settles the rest. */
  async closed(serial: string): Promise<void> {
    for (const order of await this.#mover.store.unsettledOfCard(this.#grid, serial)) {
      await this.#changes.undo(order, 'customer-closed');
    }
  }

  /** What a former holder paid for and has not got is undone, and no other holder sees it. */
  async found(read: ReadCard): Promise<FoundOrders> {
    const { unsettled, undone } = await this.#unsettled(read);
    const mine = unsettled.filter((order) => !isAnotherHolder(order, read.holder));
    const waiting = mine.find((order) => {
      if (isUnpaid(order.state) || order.serial !== read.serial) return false;
      // Its payer may be this one, and the card is what was missing.
      return isForCard(order) || order.state === 'credit-failed';
    });
    if (waiting !== undefined) return { unsettled, undone, unfinished: waiting, written: null };
    const written = writtenOn(read);
    const isInVain = written !== null && isWrittenInVain(written, read.card, read.word);
    return { unsettled, undone, unfinished: isInVain ? written : null, written };
  }

  /** One whose credit the meter proves ends here. */
  async #unsettled({
    card,
    imageDigest,
    holder,
    orders,
  }: ReadCard): Promise<{ unsettled: Order[]; undone: boolean }> {
    const unsettled: Order[] = [];
    let undone = false;
    // What a void card still waits for is not the card's any more.
    for (const order of hasAccount(card) ? [] : orders.unsettled.filter(goesByCount)) {
      const proof = { creditedCount: card.creditedCount, imageDigest, now: this.#mover.now() };
      const moved = await this.#mover.move(order, (current) => provenBy(current, proof));
      if (moved.outcome === 'moved') continue;
      const isOthers = isAnotherHolder(moved.order, holder);
      const now = isOthers ? await this.#changes.undo(moved.order, 'holder-changed') : moved.order;
      if (UNSETTLED_STATES.includes(now.state)) unsettled.push(now);
      else undone = true;
    }
    return { unsettled, undone };
  }
}

function writtenOn({ card, serial, holder, orders }: ReadCard): Order | null {
  if (hasAccount(card) || !lacksInMeter(card)) return null;
  const last = orders.ofCount(card.soldCount);
  if (last === null || isAnotherHolder(last, holder)) return null;
  return last.serial === serial && last.state === 'done' && last.write.status === 'written' ? last : null;
}
