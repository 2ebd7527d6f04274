import { imageDigest } from '@bianmin/card/meter-card/digest';
import type { CardImage } from '@bianmin/card/meter-card/image';
import type { IdentifyRequest, IdentifyResponse } from '@bianmin/purchase/api/card';
import type { OrderView } from '@bianmin/purchase/api/order';
import type { GridGateway } from '../../gateways/grid/contract.ts';
import type { GridCard } from '../../gateways/grid/customers.ts';
import { GridError } from '../../gateways/grid/error.ts';
import { cashOwedOf, sumOfCash } from '../model/cash-owed.ts';
import { accountFactsOf, hasAccount } from './account-facts.ts';
import type { ConvertedOrders } from './converted-orders.ts';
import type { CardSessions } from './card-session.ts';
import { imageOf, serialOf } from './wire-image.ts';
import { asking } from './grid-problem.ts';
import { limitsOf } from './amounts.ts';
import { meterStateOf } from './meter-state.ts';
import type { FoundOrders, MeterOrders } from './meter-orders.ts';
import { wordOfCard } from './meter-word.ts';
import type { MeterWords } from './meter-words.ts';
import { OrdersOfMeter } from './orders-of-meter.ts';
import { holderOf } from '../../kernel/holder.ts';
import { maskedOf, meterTailOf } from '../../kernel/mask.ts';
import { isOfHousehold } from '../store/household-filter.ts';
import type { HouseholdAtGrid } from '../store/orders.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { OrderMover } from './mover.ts';
import type { Order } from '../model/order.ts';
import type { OrderCodes } from './codes.ts';
import { isUnpaid } from '../model/state.ts';
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
  readonly #orders: MeterOrders;
  readonly #converted: ConvertedOrders;

  constructor(init: {
    grid: GridGateway;
    mover: OrderMover;
    sessions: CardSessions;
    codes: OrderCodes;
    meterWords: MeterWords;
    orders: MeterOrders;
    converted: ConvertedOrders;
  }) {
    this.#grid = init.grid;
    this.#mover = init.mover;
    this.#sessions = init.sessions;
    this.#codes = init.codes;
    this.#meterWords = init.meterWords;
    this.#orders = init.orders;
    this.#converted = init.converted;
  }

  /** Has no effect but a card session of ten minutes. Fails with the card problems and `grid.unavailable`. */
  async identify(terminalId: string, request: IdentifyRequest): Promise<IdentifyResponse> {
    const image = imageOf(request.image);
    const serial = serialOf(image);
    const card = await asking(this.#identified(image, serial));
    await this.#orders.exchanged(card);
    if (card.ofFormerMeter === true) throw ofFormerMeter(card);
    const word = wordOfCard(card, image);
    if (hasAccount(card)) await this.#converted.settle(card);
    const holder = holderOf(card);
    const masked = maskedOf(card);
    const cashOf = { grid: this.#grid.grid, customerNo: card.customerNo, maskedName: masked.name, ...holder };
    const question = { ...this.#meterWords.questionOf(word), cashOf };
    const orders = await OrdersOfMeter.ask(this.#mover.store, question);
    const held = await this.#meterWords.heard(word, orders);
    const digest = imageDigest(image);
    const found = await this.#orders.found({ card, serial, imageDigest: digest, word, holder, orders });
    if (found.undone) return this.identify(terminalId, request);
    const { unfinished, written } = found;
    const isHeld = held !== undefined && card.previousInserted && !hasAccount(card);
    const blocked = blockedOf(card, found, terminalId) ?? (isHeld ? 'meter.previous-not-inserted' : null);
    const isOnCard = blocked === 'meter.previous-not-inserted' && written !== null;
    const [cardSession, uncredited] = await Promise.all([
      this.#sessions.open(
        {
          terminalId,
          customerNo: card.customerNo,
          meterNo: card.meterNo,
          chip: card.chip,
          serial,
          imageDigest: digest,
          count: card.soldCount + 1,
          previousInserted: card.previousInserted,
          meterSaidAt: card.balanceAt,
          masked,
          ...holder,
          minFen: card.minFen,
          maxFen: card.maxFen,
          delivery: card.delivery,
          supply: card.supply,
          bills: card.bills,
        },
        this.#mover.now(),
      ),
      isOnCard ? uncreditedOf(written, card, this.#mover) : undefined,
    ]);
    return {
      cardSession,
      customer: { ...masked, ...meterTailOf(card.meterNo) },
      meter: meterStateOf(card),
      limits: limitsOf(card),
      ...accountFactsOf(card),
      blocked,
      unfinished: unfinished === null ? null : this.#viewFor(terminalId, unfinished),
      ...(uncredited === undefined ? {} : { uncredited }),
      ...(isHeld ? { undone: true as const } : {}),
      ...cashWaitingOf(orders.all, cashOf),
    };
  }

  async #identified(image: CardImage, serial: string): Promise<GridCard> {
    try {
      return await this.#grid.identify(image);
    } catch (error) {
      if (error instanceof GridError && error.refusal === 'customer-closed')
        await this.#orders.closed(serial);
      throw error;
    }
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
}

/** What of this household's cash waits for it; orders of others of the meter are passed over. */
function cashWaitingOf(
  orders: readonly Order[],
  household: HouseholdAtGrid,
): Pick<IdentifyResponse, 'cashWaitingFen'> {
  const owed = orders.filter((order) => isOfHousehold(order, household)).flatMap(cashOwedOf);
  return owed.length === 0 ? {} : { cashWaitingFen: sumOfCash(owed).fen };
}

function blockedOf(
  card: GridCard,
  { unsettled, unfinished }: FoundOrders,
  terminalId: string,
): IdentifyResponse['blocked'] {
  if (hasAccount(card)) return null;
  // An unpaid order blocks nothing on its own terminal: the next one supersedes it.
  const inTheWay = unsettled.some((order) => !(isUnpaid(order.state) && order.terminalId === terminalId));
  if (unfinished !== null || inTheWay) return 'meter.order-open';
  return card.previousInserted ? null : 'meter.previous-not-inserted';
}

/** Nothing can be bought or finished with it here. The order is what the grid's counter is to be told. */
function ofFormerMeter({ exchanged }: GridCard): ProblemError {
  const orderNo = exchanged?.openOrderNo ?? null;
  return new ProblemError({
    code: 'card.meter-exchanged',
    message: 'The meter of this card was exchanged. Take the card to the grid’s counter.',
    ...(orderNo === null ? {} : { orderNo }),
  });
}
