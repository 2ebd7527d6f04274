import type { Clock } from '@bianmin/card/clock';
import type { CardImage } from '@bianmin/card/meter-card/image';
import type { WritePlan } from '@bianmin/card/meter-card/plan';
import type { GridBill, GridCredit, GridGateway, SellRequest } from '../gateways/grid/contract.ts';
import type { AccountRequest } from '../gateways/grid/accounts.ts';
import type { MeterReading } from '../gateways/grid/meter-reading.ts';
import type { GridReplacement, ReplaceCardRequest } from '../gateways/grid/replacements.ts';
import type { GridCard, GridCustomer, GridQuote, QuoteRequest } from '../gateways/grid/customers.ts';
import type { FakeCard, FakeMeter } from './fake-card.ts';
import { readFields, serialHex, takeOffPlan } from './fake-card.ts';
import { FakeAccounts } from './fake-grid-accounts.ts';
import { fakeQuote, meterOf, planOf, refused } from './fake-grid-answers.ts';
import { fakeBill, type BookedSale } from './fake-grid-bill.ts';
import { FakeCredits } from './fake-grid-credits.ts';
import type { FakeDebts } from './fake-grid-debts.ts';
import { FakeDeposit } from './fake-grid-deposit.ts';
import { FakePayments } from './fake-grid-payments.ts';
import { FakeGridLine } from './fake-grid-line.ts';
import { FakeSales } from './fake-grid-sales.ts';
import { NO_FAULTS, type FaultKnob } from './faults.ts';

/**
 * A grid in memory that keeps the gateway's contract, with households' meters beside it: whether a purchase
 * worked is asked of the meter, never of the order.
 */
export class FakeGrid implements GridGateway {
  readonly grid = 'collection-v1';
  readonly bills = true;
  /** Whether it cancels sales that are on their cards. */
  cancelsWritten = false;
  readonly meters: Map<string, FakeMeter>;
  /** By order number. */
  readonly sales: Map<string, BookedSale>;
  /** Every sale that was carried out, whatever became of it. */
  readonly carriedOut: string[];
  readonly calls: string[] = [];
  fault: FaultKnob = NO_FAULTS;
  /** Whose the accounts are. */
  name = '张三';
  /** ms after which a request that was lost to us arrives. */
  lateMs = 20_000;
  /** Days that are cut; a bill of any other is refused. */
  readonly cutDays = new Set<string>();
  /** What accounts owe: a sale pays it before the meter gets anything. */
  readonly debts: FakeDebts;
  /** What we have at the grid: it bounds nothing until it is set. */
  readonly deposit = new FakeDeposit();
  /** What meters that are read have room for, fen, by number. */
  readonly rooms: FakeAccounts['rooms'];
  /** Balances that are kept here, and bills. */
  readonly payments: FakePayments;
  /** Remote credits, and how meters take them. */
  readonly credits: FakeCredits;
  /** See `FakeAccounts`. */
  readonly holders: FakeAccounts['holders'];
  readonly exchanges: FakeAccounts['exchanges'];
  readonly closed: FakeAccounts['closed'];
  readonly #clock: Clock;
  readonly #line: FakeGridLine;
  readonly #accounts: FakeAccounts;
  readonly #book: FakeSales;

  constructor(clock: Clock) {
    this.#accounts = new FakeAccounts(clock);
    this.#line = new FakeGridLine(clock);
    this.#clock = clock;
    this.#book = new FakeSales(clock, this.#accounts, this.deposit);
    this.payments = new FakePayments({
      ...{ sales: this.#book, accounts: this.#accounts, deposit: this.deposit },
    });
    this.meters = this.#accounts.meters;
    this.debts = this.#accounts.debts;
    this.rooms = this.#accounts.rooms;
    this.holders = this.#accounts.holders;
    this.exchanges = this.#accounts.exchanges;
    this.closed = this.#accounts.closed;
    this.sales = this.#book.all;
    this.carriedOut = this.#book.carriedOut;
    this.credits = new FakeCredits(clock, (meterNo) => this.meters.get(meterNo));
  }

  /** A household's meter and card, both at count 1. */
  addHousehold(card: FakeCard): FakeMeter {
    return this.#accounts.open(card);
  }

  /** Another agent's reader showed the grid that this meter has a count. */
  bought(meterNo: string, count: number): void {
    this.#accounts.prove(meterNo, count);
  }

  /** Lets requests that were travelling arrive, if their time has come. */
  arrive(): void {
    this.#line.arrive();
  }

  identify(image: CardImage): Promise<GridCard> {
    return this.#call('identify', () => {
      const { count, creditedCount } = readFields(image);
      const meterNo = meterOf(image);
      if (!this.#accounts.has(meterNo)) throw refused('card-unknown');
      if (this.#accounts.cards.isVoid(serialHex(image))) throw refused('card-replaced');
      this.#accounts.seen(meterNo, creditedCount);
      if (this.exchanges.has(meterNo)) {
        const customer = this.#accounts.customer(meterNo, this.name);
        return { ...customer, serial: serialHex(image), cardCount: 0, ofFormerMeter: true };
      }
      return {
        ...this.#accounts.customer(meterNo, this.name),
        chip: image.chip,
        serial: serialHex(image),
        cardCount: count,
        creditedCount: this.payments.balances.has(meterNo)
          ? this.#accounts.creditedOf(meterNo)
          : creditedCount,
        ...this.payments.factsOf(meterNo),
      };
    });
  }

  identifyCustomer(customerNo: string): Promise<GridCustomer> {
    return this.#call('identifyCustomer', () => {
      const meterNo = this.#accounts.meterOf(customerNo);
      const facts = this.payments.factsOf(meterNo);
      const remote = facts.delivery === undefined && this.credits.reaches(meterNo);
      return { ...this.#accounts.customer(meterNo, this.name), remote, ...facts };
    });
  }

  readMeter({ customerNo, meterNo }: Parameters<GridGateway['readMeter']>[0]): Promise<MeterReading | null> {
    return this.#call('readMeter', () => {
      if (this.#accounts.meterOf(customerNo) !== meterNo) throw refused('card-foreign');
      const meter = this.meters.get(meterNo);
      if (meter === undefined || !this.credits.answers(meterNo)) return null;
      this.#accounts.prove(meterNo, meter.count);
      const { count, balanceFen } = meter;
      return { meterNo, count, balanceFen, readAt: new Date(this.#clock.now()).toISOString() };
    });
  }

  quote({ customerNo, meterNo, faceFen }: QuoteRequest): Promise<GridQuote> {
    return this.#call('quote', () => {
      if (this.#accounts.meterOf(customerNo) !== meterNo) throw refused('card-foreign');
      if (!this.#accounts.allows(meterNo, faceFen)) throw refused('amount');
      return fakeQuote(faceFen);
    });
  }

  sell(request: SellRequest): ReturnType<GridGateway['sell']> {
    return this.#call('sell', () => {
      if (this.payments.balances.has(request.meterNo)) throw refused('account');
      const sale = this.#book.sell(request);
      const vendorCredit = this.deposit.told(this.#clock.now());
      return vendorCredit === null ? sale : { ...sale, vendorCredit };
    });
  }

  payAccount(request: AccountRequest): ReturnType<GridGateway['payAccount']> {
    return this.#call('payAccount', () => {
      const paid = this.payments.pay(request, this.#clock.now());
      const vendorCredit = this.deposit.told(this.#clock.now());
      return vendorCredit === null ? paid : { ...paid, vendorCredit };
    });
  }

  /** A household's balance moves to an account here; whether it was done. */
  convert(meterNo: string, open: 'moved' | 'reversed' = 'moved'): boolean {
    const isPending = (orderNo: string) => this.credits.underWay(orderNo);
    return this.payments.convert(meterNo, { open, now: this.#clock.now(), isPending });
  }

  vendorCredit(): ReturnType<GridGateway['vendorCredit']> {
    return this.#call('vendorCredit', () => this.deposit.told(this.#clock.now()));
  }

  queryOriginal(orderNo: string): ReturnType<GridGateway['queryOriginal']> {
    return this.#call('queryOriginal', () => this.#book.original(orderNo));
  }

  returnData(orderNo: string, regions: CardImage['regions']): Promise<void> {
    return this.#call('returnData', () => {
      const sale = this.#book.sold(orderNo);
      this.#accounts.seen(sale.meterNo, readFields({ regions }).creditedCount);
    });
  }

  writePlan(orderNo: string, image: CardImage): Promise<WritePlan> {
    return this.#call('writePlan', () => {
      const sale = this.#book.sold(orderNo);
      if (this.payments.balances.has(sale.meterNo)) throw refused('account');
      this.#accounts.mustBeAsSold(sale.meterNo);
      if (sale.serial !== serialHex(image)) throw refused('card-foreign');
      if (this.credits.underWay(orderNo)) throw refused('other');
      sale.cancelling = false;
      sale.planned = true;
      return planOf(sale);
    });
  }

  authorise(request: { orderNo: string; stage: number }): Promise<WritePlan> {
    const { orderNo, stage } = request;
    return this.#call('authorise', () => ({
      ...(this.#accounts.cards.planOf(orderNo) ?? planOf(this.#book.sold(orderNo))),
      stage,
    }));
  }

  confirmWrite(orderNo: string): Promise<void> {
    return this.#call('confirmWrite', () => {
      if (!this.#accounts.cards.replaces(orderNo)) this.#book.sold(orderNo).confirmed = true;
    });
  }

  reverse(orderNo: string): ReturnType<GridGateway['reverse']> {
    return this.#call('reverse', () => {
      const sale = this.sales.get(orderNo);
      const isAccount = sale?.status === 'sold' && sale.into !== undefined;
      if (isAccount && this.payments.isSpent(sale)) return { status: 'refused', reason: 'spent' };
      const answer = this.#book.reverse(orderNo, () => this.#isIn(orderNo));
      if (isAccount) this.payments.undo(sale);
      return answer;
    });
  }

  /** Its meter or account has it, or may come to have it. */
  #isIn(orderNo: string): boolean {
    const sale = this.sales.get(orderNo);
    const isMoved =
      sale?.status === 'sold' && sale.into === undefined && this.payments.balances.has(sale.meterNo);
    return isMoved || this.credits.holds(orderNo);
  }

  cancelPlan(orderNo: string, image: CardImage): Promise<WritePlan> {
    return this.#call('cancelPlan', () => {
      const sale = this.#book.sold(orderNo);
      const { count, creditedCount } = readFields(image);
      if (this.payments.balances.has(sale.meterNo)) throw refused('account');
      this.#accounts.mustBeAsSold(sale.meterNo);
      if (sale.serial !== serialHex(image)) throw refused('card-foreign');
      this.#accounts.seen(sale.meterNo, creditedCount);
      this.#book.cancels(sale, { count, isInserted: creditedCount !== null });
      return takeOffPlan(sale);
    });
  }

  confirmCancel(orderNo: string): ReturnType<GridGateway['confirmCancel']> {
    return this.#call('confirmCancel', () => {
      const sale = this.sales.get(orderNo);
      const isMoved = sale?.status === 'sold' && this.payments.balances.has(sale.meterNo);
      return isMoved ? { status: 'refused', reason: 'credited' } : this.#book.cancel(orderNo);
    });
  }

  queryReversal(orderNo: string): ReturnType<GridGateway['queryReversal']> {
    return this.#call('queryReversal', () => ({
      status: this.#book.isReversed(orderNo) ? 'reversed' : 'not-found',
    }));
  }

  remoteCredit(orderNo: string): Promise<GridCredit> {
    return this.#call('remoteCredit', () => {
      const sale = this.#book.sold(orderNo);
      const moved = this.payments.moved.get(orderNo);
      if (moved !== undefined) return moved;
      if (this.payments.balances.has(sale.meterNo)) throw refused('account');
      const credit = this.credits.ask(sale);
      this.#accounts.prove(sale.meterNo, sale.count);
      return credit;
    });
  }

  queryCredit(orderNo: string): ReturnType<GridGateway['queryCredit']> {
    return this.#call('queryCredit', () => {
      const moved = this.payments.moved.get(orderNo);
      if (moved !== undefined) return { status: 'credited', credit: moved };
      const credit = this.credits.query(orderNo);
      const sale = this.sales.get(orderNo);
      if (credit.status === 'credited' && sale !== undefined) this.#accounts.prove(sale.meterNo, sale.count);
      return credit;
    });
  }

  replaceCard({ requestNo, customerNo, image }: ReplaceCardRequest): Promise<GridReplacement> {
    return this.#call('replaceCard', () => {
      const meterNo = this.#accounts.meterOf(customerNo);
      const credited = this.#accounts.creditedOf(meterNo);
      return this.#accounts.cards.replace(
        { requestNo, customerNo, meterNo, serial: serialHex(image), credited },
        this.#book.openOf(meterNo),
      );
    });
  }

  /** This one drives no cards. */
  cardTasks(): ReturnType<GridGateway['cardTasks']> {
    return this.#call('cardTasks', () => []);
  }

  cardStep(): ReturnType<GridGateway['cardStep']> {
    return Promise.reject(refused('other'));
  }

  endCardTask(): Promise<void> {
    return Promise.reject(refused('other'));
  }

  dailyBill(day: string): Promise<GridBill> {
    return this.#call('dailyBill', () => {
      if (!this.cutDays.has(day)) throw refused('day-cut');
      return fakeBill(day, [...this.sales.values()], (orderNo) => this.credits.asked(orderNo));
    });
  }

  #call<T>(operation: string, run: () => T): Promise<T> {
    this.arrive();
    this.calls.push(operation);
    return this.#line.send({ fault: this.fault(operation), lateMs: this.lateMs }, run);
  }
}
