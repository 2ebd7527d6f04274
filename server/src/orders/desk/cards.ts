import type { IdentifyRequest, IdentifyResponse } from '@bianmin/shared/api/card';
import type { OrderView } from '@bianmin/shared/api/order';
import { imageDigest } from '@bianmin/shared/meter-card/digest';
import type { GridGateway } from '../../gateways/grid/contract.ts';
import type { GridCard } from '../../gateways/grid/customers.ts';
import { cashOwedOf, sumOfCash } from '../model/cash-owed.ts';
import type { CardSessions } from './card-session.ts';
import { imageOf, serialOf } from './wire-image.ts';
import { asking } from './grid-problem.ts';
import { limitsOf } from './amounts.ts';
import { meterStateOf } from './meter-state.ts';
import { isWrittenInVain, lacksInMeter, wordOfCard, type MeterWord } from './meter-word.ts';
import type { MeterWords } from './meter-words.ts';
import { maskedOf, meterTailOf } from '../../kernel/mask.ts';
import type { OrderMover } from './mover.ts';
import { slotOf } from '../model/moves/sale.ts';
import type { Order } from '../model/order.ts';
import { provenBy } from '../model/proven.ts';
import type { OrderCodes } from './codes.ts';
import { isForCard, isUnpaid } from '../model/state.ts';
import { uncreditedOf } from './uncredited.ts';
import { viewOf } from './view.ts';
import { leaseElsewhere } from './write-lease.ts';

/** Whose card it is and what may be done with it. */
export class Cards {
  readonly #grid: GridGateway;
  readonly #mover: OrderMover;
  readonly #sessions: CardSessions;
  readonly #codes: OrderCodes;
  readonly #meterWords: MeterWords;

  constructor(init: {
    grid: GridGateway;
    mover: OrderMover;
    sessions: CardSessions;
    codes: OrderCodes;
    meterWords: MeterWords;
  }) {
    this.#grid = init.grid;
    this.#mover = init.mover;
    this.#sessions = init.sessions;
    this.#codes = init.codes;
    this.#meterWords = init.meterWords;
  }

  /** Has no effect but a card session of ten minutes. Fails with the card problems and `grid.unavailable`. */
  async identify(terminalId: string, request: IdentifyRequest): Promise<IdentifyResponse> {
    const image = imageOf(request.image);
    const serial = serialOf(image);
    const card = await asking(this.#grid.identify(image));
    const word = wordOfCard(card, image);
    const held = await this.#meterWords.hear(word);
    const unsettled = await this.#unsettled(card, imageDigest(image));
    const { unfinished, written } = await this.#unfinished(card, { unsettled, serial, word });
    const masked = maskedOf(card);
    const isHeld = held !== undefined && card.previousInserted;
    const blocked =
      this.#blocked(card, { unsettled, unfinished, terminalId }) ??
      (isHeld ? 'meter.previous-not-inserted' : null);
    const isOnCard = blocked === 'meter.previous-not-inserted' && written !== null;
    const [cardSession, cashWaiting, uncredited] = await Promise.all([
      this.#sessions.open(
        {
          terminalId,
          customerNo: card.customerNo,
          meterNo: card.meterNo,
          chip: card.chip,
          serial,
          imageDigest: imageDigest(image),
          count: card.soldCount + 1,
          previousInserted: card.previousInserted,
          meterSaidAt: card.balanceAt,
          masked,
          minFen: card.minFen,
          maxFen: card.maxFen,
        },
        this.#mover.now(),
      ),
      this.#cashWaiting(card.customerNo, masked.name),
      isOnCard ? uncreditedOf(written, card, this.#mover) : undefined,
    ]);
    return {
      cardSession,
      customer: { ...masked, ...meterTailOf(card.meterNo) },
      meter: meterStateOf(card),
      limits: limitsOf(card),
      blocked,
      unfinished: unfinished === null ? null : this.#viewFor(terminalId, unfinished),
      ...(uncredited === undefined ? {} : { uncredited }),
      ...(isHeld ? { undone: true as const } : {}),
      ...cashWaiting,
    };
  }

  async #cashWaiting(
    customerNo: string,
    maskedName: string,
  ): Promise<Pick<IdentifyResponse, 'cashWaitingFen'>> {
    const household = { grid: this.#grid.grid, customerNo, maskedName };
    const owed = (await this.#mover.store.cashOwedTo(household)).flatMap(cashOwedOf);
    return owed.length === 0 ? {} : { cashWaitingFen: sumOfCash(owed).fen };
  }

  /** Money is given back only where it was paid: elsewhere a card offers that it be written. */
  #viewFor(terminalId: string, order: Order): OrderView {
    const now = this.#mover.now();
    const until = leaseElsewhere(order, terminalId, now);
    const leased = until === null ? {} : { leasedMs: until.getTime() - now.getTime() };
    const view = { ...viewOf(order, this.#codes), ...leased };
    if (view.choices === undefined || order.terminalId === terminalId) return view;
    return { ...view, choices: view.choices.filter((choice) => choice === 'card') };
  }

  /** Orders of this meter that are not over; one whose credit the meter proves ends here. */
  async #unsettled(card: GridCard, digest: string): Promise<Order[]> {
    const unsettled: Order[] = [];
    for (const order of await this.#mover.store.unsettledOfMeter(this.#grid.grid, card.meterNo)) {
      const proof = { creditedCount: card.creditedCount, imageDigest: digest, now: this.#mover.now() };
      const moved = await this.#mover.move(order, (current) => provenBy(current, proof));
      if (moved.outcome !== 'moved') unsettled.push(moved.order);
    }
    return unsettled;
  }

  /** Paid and not on this card as its meter would take it: also one that a terminal called written. */
  async #unfinished(
    card: GridCard,
    found: { unsettled: readonly Order[]; serial: string; word: MeterWord },
  ): Promise<{ unfinished: Order | null; written: Order | null }> {
    const waiting = found.unsettled.find((order) => {
      if (isUnpaid(order.state) || order.serial !== found.serial) return false;
      // Its payer may be this one, and the card is what was missing.
      return isForCard(order) || order.state === 'credit-failed';
    });
    if (waiting !== undefined) return { unfinished: waiting, written: null };
    if (!lacksInMeter(card)) return { unfinished: null, written: null };
    const last = await this.#mover.store.bySaleSlot(
      slotOf({ grid: this.#grid.grid, meterNo: card.meterNo, count: card.soldCount }),
    );
    const isOurs = last?.serial === found.serial && last.state === 'done' && last.write.status === 'written';
    const written = isOurs ? last : null;
    const isInVain = written !== null && isWrittenInVain(written, card, found.word);
    return { unfinished: isInVain ? written : null, written };
  }

  #blocked(
    card: GridCard,
    found: { unsettled: readonly Order[]; unfinished: Order | null; terminalId: string },
  ): IdentifyResponse['blocked'] {
    // An unpaid order blocks nothing on its own terminal: the next one supersedes it.
    const inTheWay = found.unsettled.some((order) => {
      return !(isUnpaid(order.state) && order.terminalId === found.terminalId);
    });
    if (found.unfinished !== null || inTheWay) return 'meter.order-open';
    return card.previousInserted ? null : 'meter.previous-not-inserted';
  }
}
