import { createHash } from 'node:crypto';
import type { CreditChoice } from '@bianmin/purchase/api/order';
import type { RemoteCustomer } from '@bianmin/purchase/api/remote';
import type { Entry } from '@bianmin/purchase/api/scalars';
import type { GridGateway } from '../../gateways/grid/contract.ts';
import type { GridCustomer } from '../../gateways/grid/customers.ts';
import { GridError } from '../../gateways/grid/error.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { Trigger } from '../../adapters/queue/trigger.ts';
import { gridProblem } from './grid-problem.ts';
import { accountFactsOf, hasAccount } from './account-facts.ts';
import { buyerOf, type AccountOrders } from './account-orders.ts';
import type { ConvertedOrders } from './converted-orders.ts';
import { limitsOf } from './amounts.ts';
import { meterStateOf } from './meter-state.ts';
import type { MeterOrders } from './meter-orders.ts';
import type { MeterWords } from './meter-words.ts';
import { holderOf, isAnotherHolder } from '../../kernel/holder.ts';
import { maskedOf, meterTailOf } from '../../kernel/mask.ts';
import type { MeterGate } from './meter-gate.ts';
import type { OrderMover } from './mover.ts';
import { choicesOf, chosen } from '../model/moves/credit.ts';
import { checkAmount, type NewOrder, type OrderMaker } from './order-maker.ts';
import type { ByConsent } from '../model/by-consent.ts';
import type { Order } from '../model/order.ts';
import { provenBy } from '../model/proven.ts';
import type { SaleDesk } from './sale-desk.ts';
import { goesByCount, isUnpaid } from '../model/state.ts';

export interface RemoteRequest {
  /** `payer:` and a resident's id, or a terminal's id. */
  readonly ownerId: string;
  /** Of the owner's terminal; the province's of a resident. */
  readonly orgPath: readonly string[];
  readonly customerNo: string;
  readonly faceFen: number;
  /** A bill of the customer's. */
  readonly billNo?: string | undefined;
  readonly entry: Entry;
  /** The same key of the same owner gives the same order. */
  readonly idempotencyKey: string;
  /** Who held the account when the owner was entitled to it; absent: that was not told. */
  readonly holder?: string;
  /** Set: staff buy for the household by its consent. */
  readonly consent?: ByConsent;
}

/** Who holds the household that an order is made for, by the grid's word of that moment. */
export type HeldNow = Pick<NewOrder, 'masked' | 'holder'>;

/** A customer as screens may be told, and for us who holds the account. */
export type DescribedCustomer = RemoteCustomer & { readonly holder?: string };

/**
 * Purchases without a card, by customer number. The caller has made sure that the owner is entitled to the
 * customer. Failures are `ProblemError`s.
 */
export class RemoteOrders {
  readonly #grid: GridGateway;
  readonly #mover: OrderMover;
  readonly #gate: MeterGate;
  readonly #maker: OrderMaker;
  readonly #sales: SaleDesk;
  readonly #trigger: Trigger;
  readonly #meterWords: MeterWords;
  readonly #orders: MeterOrders;
  readonly #accounts: AccountOrders;
  readonly #converted: ConvertedOrders;

  constructor(init: {
    grid: GridGateway;
    mover: OrderMover;
    gate: MeterGate;
    maker: OrderMaker;
    sales: SaleDesk;
    trigger: Trigger;
    meterWords: MeterWords;
    meterOrders: MeterOrders;
    accounts: AccountOrders;
    converted: ConvertedOrders;
  }) {
    this.#grid = init.grid;
    this.#mover = init.mover;
    this.#gate = init.gate;
    this.#maker = init.maker;
    this.#sales = init.sales;
    this.#trigger = init.trigger;
    this.#meterWords = init.meterWords;
    this.#orders = init.meterOrders;
    this.#accounts = init.accounts;
    this.#converted = init.converted;
  }

  /** Who the customer is, masked, and what may be bought. An unpaid order of `ownerId` is not in the way. */
  async describe(customerNo: string, ownerId?: string): Promise<DescribedCustomer> {
    const customer = await this.#customer(customerNo);
    const facts = accountFactsOf(customer);
    if (hasAccount(customer)) return { ...(await this.#ofAccount(customer)), ...facts };
    const held = await this.#meterWords.hear(customer);
    const open = await this.#unsettled(customer);
    const inTheWay = open.some((order) => !(isUnpaid(order.state) && order.terminalId === ownerId));
    return {
      customer: { ...maskedOf(customer), ...meterTailOf(customer.meterNo) },
      meter: meterStateOf(customer),
      limits: limitsOf(customer),
      blocked: inTheWay ? 'meter.order-open' : blockOf(customer, held !== undefined),
      ...facts,
      ...holderOf(customer),
    };
  }

  /**
   * Makes an order; an unpaid one of this owner and meter gives way to it. It is paid as any other. `last` is
   * called when nothing else stands in the way any more, with who holds the household now, and may still throw.
   */
  async create(request: RemoteRequest, last?: (held: HeldNow) => Promise<void>): Promise<Order> {
    const { ownerId, customerNo, faceFen, entry, idempotencyKey, billNo } = request;
    const by = request.consent === undefined ? {} : { consent: request.consent };
    const key = { terminalId: ownerId, idempotencyKey, idempotencyDigest: digestOf(request) };
    const known = await this.#maker.known(key);
    if (known !== null) return known;
    const customer = await this.#customer(customerNo);
    const holder = holderOf(customer);
    if (isAnotherHolder(holder, request)) throw transferred();
    const held: HeldNow = { masked: maskedOf(customer), ...holder };
    if (hasAccount(customer) || billNo !== undefined) {
      const { orgPath } = request;
      const asked = { ...key, orgPath, faceFen, entry, billNo, ...by };
      return this.#accounts.create(buyerOf(customer), asked, () => Promise.resolve(last?.(held)));
    }
    if (!customer.remote) throw notRemote();
    checkAmount(customer, faceFen);
    await this.#meterWords.hear(customer);
    await this.#unsettled(customer);
    const { meterNo, chip, serial, previousInserted } = customer;
    const count = customer.soldCount + 1;
    const order: NewOrder = {
      ...key,
      orgPath: request.orgPath,
      ...{ kind: 'remote', entry, faceFen, grid: this.#grid.grid },
      ...{
        customerNo: customer.customerNo,
        meterNo,
        chip,
        serial,
        imageDigest: '',
        count,
        meterSaidAt: null,
      },
      ...held,
      ...by,
    };
    return this.#maker.make(order, async () => {
      await this.#gate.makeWay(ownerId, { meterNo, count, previousInserted });
      await last?.(held);
    });
  }

  /** Nothing of what is under way is in the way of another purchase into an account. */
  async #ofAccount(customer: GridCustomer): Promise<DescribedCustomer> {
    if (customer.exchanged !== undefined) await this.#orders.exchanged(customer);
    await this.#converted.settle(customer);
    await this.#meterWords.hear(customer);
    return {
      customer: { ...maskedOf(customer), ...meterTailOf(customer.meterNo) },
      meter: meterStateOf(customer),
      limits: limitsOf(customer),
      blocked: null,
      ...holderOf(customer),
    };
  }

  /** Whether this owner's key has made its order already. */
  async isKnown(request: RemoteRequest): Promise<boolean> {
    const { ownerId, idempotencyKey } = request;
    const key = { terminalId: ownerId, idempotencyKey, idempotencyDigest: digestOf(request) };
    return (await this.#maker.known(key)) !== null;
  }

  /** What becomes of an order whose credit failed for good. Choosing the same again changes nothing. */
  async choose(order: Order, choice: CreditChoice): Promise<Order> {
    const moved = await this.#mover.move(order, (current) => chosen(current, choice, this.#mover.now()));
    if (moved.outcome !== 'moved') {
      if (moved.order.fallback === choice) return moved.order;
      throw noChoice(moved.order);
    }
    if (choice === 'card') return moved.order;
    const undone = await this.#sales.reverse(moved.order);
    await this.#trigger.request(undone._id, `choice-${undone.version}`, 0);
    return undone;
  }

  async #customer(customerNo: string): Promise<GridCustomer> {
    try {
      return await this.#grid.identifyCustomer(customerNo);
    } catch (error) {
      const nobody =
        error instanceof GridError &&
        (error.refusal === 'card-unknown' || error.refusal === 'customer-closed');
      if (!nobody) throw gridProblem(error);
      throw new ProblemError({
        code: 'customer.unknown',
        message: 'The grid has no such customer, or the account is closed.',
        cause: error,
      });
    }
  }

  /** Orders of this meter that are not over; one whose credit the meter proves ends here. */
  async #unsettled(customer: GridCustomer): Promise<Order[]> {
    if (customer.exchanged !== undefined) await this.#orders.exchanged(customer);
    const unsettled: Order[] = [];
    const open = await this.#mover.store.unsettledOfMeter(this.#grid.grid, customer.meterNo);
    for (const order of open.filter(goesByCount)) {
      const proof = { creditedCount: customer.creditedCount, now: this.#mover.now() };
      const moved = await this.#mover.move(order, (current) => provenBy(current, proof));
      if (moved.outcome !== 'moved') unsettled.push(moved.order);
    }
    return unsettled;
  }
}

function blockOf(customer: GridCustomer, isHeld: boolean): RemoteCustomer['blocked'] {
  if (!customer.remote) return 'meter.not-remote';
  return customer.previousInserted && !isHeld ? null : 'meter.previous-not-inserted';
}

function digestOf({ customerNo, faceFen, entry, billNo }: RemoteRequest): string {
  const bill = billNo === undefined ? [] : [billNo];
  return createHash('sha256')
    .update(JSON.stringify(['remote', customerNo, faceFen, entry, ...bill]))
    .digest('hex');
}

/** Who bound the household is not its holder any more, and learns nothing of the new one. */
function transferred(): ProblemError {
  return new ProblemError({
    code: 'binding.not-found',
    message: 'The account has another holder now. Its holder must bind it again.',
  });
}

function notRemote(): ProblemError {
  return new ProblemError({
    code: 'meter.not-remote',
    message: 'This meter cannot be credited remotely. Buy with its card.',
  });
}

function noChoice(order: Order): ProblemError {
  const open = choicesOf(order);
  return new ProblemError({
    code: 'order.no-choice',
    message:
      open.length === 0
        ? 'This order offers no choice now. Read it again.'
        : `This order does not offer that choice now. Choose one of: ${open.join(', ')}.`,
    orderNo: order._id,
  });
}
