import type { Clock } from '@bianmin/card/clock';
import type { WritePlan } from '@bianmin/card/meter-card/plan';
import type { IdentifyRequest, IdentifyResponse } from '../api/card.ts';
import type { CashOffer, CashOfferRequest, CashReceipt, TakeCashRequest } from '../api/float.ts';
import type { HomeOrderRequest } from '../api/home.ts';
import type {
  AuthoriseRequest,
  ClaimRequest,
  CreateOrderRequest,
  CreatePaymentRequest,
  OrderView,
  ReleaseRequest,
  SealedPlan,
} from '../api/order.ts';
import type { MeterShown, MeterShownRequest } from '../api/meter-shown.ts';
import type { OrderQuote } from '../api/quote.ts';
import type {
  ChooseRequest,
  CreateRemoteOrderRequest,
  RemoteCustomer,
  RemoteDescribeRequest,
} from '../api/remote.ts';
import type { PurchaseApi } from '../purchase/ports.ts';
import { FakeCounter } from './fake-counter.ts';
import { FakeOrderBook, fault } from './fake-order-book.ts';

export type FakeCall = Exclude<keyof PurchaseApi, 'authorise'> | 'offerCash';

/** How long a code can be paid, and how long a lease lives, ms. */
export const FAKE_CODE_MS = 300_000;
export const FAKE_LEASE_MS = 120_000;
/** The one customer number that buys without a card, and the digits of its phone. */
export const FAKE_HOME = {
  ...{ customerNo: '650100001001', proof: '042917' },
  /** As its own box calls it. */
  homeId: 'home-of-the-box-',
} as const;

/**
 * A server with an order book and no money, no grid and no wire: the purchase flow's other side in tests. It sells
 * only what is paid, releases only what is sold, and keeps every claim that it took.
 */
export class FakePurchaseServer extends FakeOrderBook implements PurchaseApi {
  /** No call gets an answer. */
  away = false;
  /** Of takings that were done, the next one's answer is lost on the way. */
  losesTaking = false;
  /** Orders whose cash was recorded. */
  readonly cash: string[] = [];
  /** What households said that their meters showed. */
  readonly shown: MeterShown[] = [];
  readonly claims: (ClaimRequest & { readonly orderNo: string })[] = [];
  readonly calls: string[] = [];
  /** Orders as they were asked for. */
  readonly asked: CreateOrderRequest[] = [];
  readonly counter: FakeCounter;
  readonly #clock: Clock;
  readonly #failing = new Map<FakeCall, string>();
  readonly #cards = new Map<string, Partial<IdentifyResponse>>();

  constructor(clock: Clock) {
    super();
    this.#clock = clock;
    this.counter = new FakeCounter(clock);
  }

  /** What `identify` says of a card besides its household. */
  card(serial: string, answer: Partial<IdentifyResponse>): void {
    this.#cards.set(serial, answer);
  }

  /** The next call of this name fails with this code. */
  failOnce(call: FakeCall, code: string): void {
    this.#failing.set(call, code);
  }

  identify(request: IdentifyRequest): Promise<IdentifyResponse> {
    return this.#answer('identify', () => ({
      cardSession: `session-${request.image.serial}`,
      customer: { name: '张*', address: '天山区**小区3号楼', customerNo: '****1234' },
      meter: { balanceFen: 2340, readAt: null, arrearsFen: 0 },
      limits: { minFen: 1000, maxFen: 50_000, stepFen: 100, presetsFen: [5000, 10_000, 20_000] },
      blocked: null,
      unfinished: this.unfinished(request.image.serial),
      ...this.#cards.get(request.image.serial),
    }));
  }

  describeRemote(request: RemoteDescribeRequest): Promise<RemoteCustomer> {
    return this.#answer('describeRemote', () => {
      if (request.proof !== FAKE_HOME.proof) throw fault('customer.not-proven');
      return DESCRIBED;
    });
  }

  describeHome(homeId: string): Promise<RemoteCustomer> {
    return this.#answer('describeHome', () => {
      if (homeId !== FAKE_HOME.homeId) throw fault('binding.not-found');
      return DESCRIBED;
    });
  }

  createHomeOrder(homeId: string, request: HomeOrderRequest): Promise<OrderView> {
    if (homeId !== FAKE_HOME.homeId) return Promise.reject(fault('binding.not-found'));
    return this.createRemoteOrder({ ...request, ...FAKE_HOME });
  }

  async createRemoteOrder(request: CreateRemoteOrderRequest): Promise<OrderView> {
    const cardSession = `session-${request.customerNo}`;
    const { idempotencyKey, faceFen, entry } = request;
    const { orderNo } = await this.createOrder({ idempotencyKey, faceFen, entry, cardSession });
    const order = this.find(orderNo);
    const credit = { status: 'none', balanceFen: null, creditedAt: null } as const;
    order.view = { kind: 'remote', credit, choices: [], ...order.view };
    return order.view;
  }

  choose(orderNo: string, { choice }: ChooseRequest): Promise<OrderView> {
    return this.#answer('choose', () => {
      const { view } = this.find(orderNo);
      if (view.choices?.includes(choice) !== true) throw fault('order.no-choice');
      if (choice === 'card') this.move(orderNo, 'sold', { choices: ['refund'] });
      else this.move(orderNo, 'refunding', { choices: [] });
      return this.find(orderNo).view;
    });
  }

  createOrder(request: CreateOrderRequest): Promise<OrderView> {
    return this.#answer('createOrder', () => {
      const known = this.made(request.idempotencyKey);
      if (known !== undefined) return known.view;
      this.asked.push(request);
      const orderNo = `2601150200${String(this.orders.length + 1).padStart(8, '0')}`;
      const view: OrderView = {
        orderNo,
        version: 1,
        state: 'created',
        entry: request.entry,
        faceFen: request.faceFen,
        discountFen: 0,
        paidFen: request.faceFen,
        createdAt: new Date(this.#clock.now()).toISOString(),
        payment: null,
        receiptCode: null,
        refund: null,
        ...this.#intoAccount(request),
      };
      const serial = request.cardSession.slice('session-'.length);
      this.add({ view, serial, key: request.idempotencyKey, lease: 0 });
      return view;
    });
  }

  /** What is bought for a household that has an account, or pays a bill. */
  #intoAccount({ cardSession, billNo }: CreateOrderRequest): Partial<OrderView> {
    const { delivery, bills = [] } = this.#cards.get(cardSession.slice('session-'.length)) ?? {};
    const bill = bills.find((each) => each.billNo === billNo);
    if (delivery === undefined && bill === undefined) return {};
    return {
      ...{ kind: 'account', choices: [] },
      credit: { status: 'none', balanceFen: null, creditedAt: null },
      ...(bill === undefined ? {} : { bill: { period: bill.period } }),
    };
  }

  order(orderNo: string): Promise<OrderView> {
    return this.#answer('order', () => this.find(orderNo).view);
  }

  createPayment(orderNo: string, request: CreatePaymentRequest): Promise<OrderView> {
    return this.#answer('createPayment', () => {
      const { view } = this.find(orderNo);
      if (view.state !== 'created' && view.state !== 'paying') throw fault('order.already-paid');
      this.move(orderNo, 'paying', {
        payment: {
          no: `${orderNo}p1`,
          channel: request.channel,
          status: 'pending',
          codeUrl: 'weixin://wxpay/bizpayurl?pr=fake',
          expiresAt: new Date(this.#clock.now() + FAKE_CODE_MS).toISOString(),
        },
      });
      return this.find(orderNo).view;
    });
  }

  tellMeterShown(orderNo: string, { shown }: MeterShownRequest): Promise<OrderView> {
    return this.#answer('tellMeterShown', () => {
      this.shown.push(shown);
      return this.find(orderNo).view;
    });
  }

  quote(orderNo: string): Promise<OrderQuote> {
    return this.#answer('quote', () => {
      const { faceFen } = this.find(orderNo).view;
      return { creditFen: faceFen - 1000, arrearsFen: 1000, feeFen: 0, energyWh: (faceFen - 1000) * 20 };
    });
  }

  offerCash(orderNo: string, request: CashOfferRequest): Promise<CashOffer> {
    return this.#answer('offerCash', () => {
      const { view } = this.find(orderNo);
      this.counter.allow(orderNo, view.paidFen, request);
      if (view.state !== 'created' && view.state !== 'paying') throw fault('order.already-paid');
      return {
        ...{ ticket: `ticket-${orderNo}`, committee: '天山一社区', staff: 'zhang' },
        ...{ takeFen: view.paidFen, balanceFen: 95_000, leftTodayFen: 45_000 },
      };
    });
  }

  takeCash(orderNo: string, request: TakeCashRequest): Promise<OrderView> {
    return this.#answer('takeCash', () => {
      const { view } = this.find(orderNo);
      if (!('ticket' in request) || request.ticket !== `ticket-${orderNo}`) throw fault('float.offer-stale');
      if (this.cash.includes(orderNo)) return view;
      if (view.state !== 'created' && view.state !== 'paying') throw fault('order.already-paid');
      this.counter.take(orderNo);
      this.cash.push(orderNo);
      const payment = { no: `${orderNo}p2`, channel: 'cash', status: 'succeeded', codeUrl: null } as const;
      const paid = { payment: { ...payment, expiresAt: null }, receiptCode: 'R7K2 9QXD' };
      this.move(orderNo, 'sold', paid);
      if (!this.losesTaking) return this.find(orderNo).view;
      this.losesTaking = false;
      throw fault('server.unavailable');
    });
  }

  cashReceipt(orderNo: string): Promise<CashReceipt> {
    return this.#answer('cashReceipt', () => {
      const { view } = this.find(orderNo);
      if (!this.cash.includes(orderNo)) throw fault('request.not-found');
      return {
        ...{ orderNo, receiptCode: view.receiptCode ?? '', committee: '天山一社区', staff: 'zhang' },
        ...{ takenFen: view.paidFen, takenAt: view.createdAt, handBackFen: view.refund?.fen ?? 0 },
      };
    });
  }

  cancel(orderNo: string): Promise<OrderView> {
    return this.#answer('cancel', () => {
      const { view } = this.find(orderNo);
      if (view.state === 'created' || view.state === 'paying') this.move(orderNo, 'closed');
      return this.find(orderNo).view;
    });
  }

  release(orderNo: string, request: ReleaseRequest): Promise<SealedPlan> {
    return this.#answer('release', () => {
      const order = this.find(orderNo);
      if (!['sold', 'writing', 'write-failed', 'done'].includes(order.view.state))
        throw fault('order.not-sold');
      if (request.image.serial !== order.serial) throw fault('card.changed');
      order.lease += 1;
      this.move(orderNo, 'writing');
      const plan: WritePlan = {
        version: 1,
        kind: 'purchase',
        orderNo,
        chip: request.image.chip,
        serial: order.serial,
        stage: 0,
        ranges: [],
        steps: [],
      };
      return { lease: order.lease, leaseMs: FAKE_LEASE_MS, sealed: JSON.stringify(plan) };
    });
  }

  authorise(_orderNo?: string, _request?: AuthoriseRequest): Promise<SealedPlan> {
    return Promise.reject(fault('grid.refused'));
  }

  holdsLease(orderNo: string, lease: number): Promise<void> {
    return this.#answer('holdsLease', () => {
      const { lease: newest, view } = this.find(orderNo);
      if (newest !== lease || view.state !== 'writing') throw fault('order.lease-stale');
    });
  }

  claim(orderNo: string, request: ClaimRequest): Promise<OrderView> {
    return this.#answer('claim', () => {
      const order = this.find(orderNo);
      if (request.lease !== order.lease) throw fault('order.lease-stale');
      this.claims.push({ ...request, orderNo });
      this.move(orderNo, request.result === 'written' ? 'done' : 'write-failed');
      return order.view;
    });
  }

  async #answer<T>(call: FakeCall, work: () => T): Promise<T> {
    this.calls.push(call);
    await Promise.resolve();
    if (this.away) throw fault('server.unavailable');
    const code = this.#failing.get(call);
    this.#failing.delete(call);
    if (code !== undefined) throw fault(code);
    return work();
  }
}

const DESCRIBED: RemoteCustomer = {
  customer: { name: '张*', address: '天山区**小区3号楼', customerNo: '****1001' },
  meter: { balanceFen: 2340, readAt: null, arrearsFen: 0 },
  limits: { minFen: 1000, maxFen: 50_000, stepFen: 100, presetsFen: [5000, 10_000, 20_000] },
  blocked: null,
};
