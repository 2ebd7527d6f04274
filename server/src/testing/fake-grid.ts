import type { Clock } from '@bianmin/shared/clock';
import type { CardImage } from '@bianmin/shared/meter-card/image';
import type { WritePlan } from '@bianmin/shared/meter-card/plan';
import type { GridBill, GridCredit, GridGateway, GridSale, SellRequest } from '../gateways/grid/contract.ts';
import type { GridReplacement, ReplaceCardRequest } from '../gateways/grid/replacements.ts';
import type { GridCard, GridCustomer, GridQuote, QuoteRequest } from '../gateways/grid/customers.ts';
import { GridError, type GridRefusal } from '../gateways/grid/error.ts';
import type { FakeCard } from './fake-card.ts';
import { FakeMeter, readFields, serialHex } from './fake-card.ts';
import { FakeCredits } from './fake-grid-credits.ts';
import { customerOf, fakeQuote, meterOf, planOf, quietly, refused, unknown } from './fake-grid-answers.ts';
import { fakeBill, type BookedSale } from './fake-grid-bill.ts';
import { FakeCards } from './fake-grid-cards.ts';
import { FakeDebts } from './fake-grid-debts.ts';
import { NO_FAULTS, type FaultKnob } from './faults.ts';

const LIMITS = { minFen: 100, maxFen: 50_000 };

/**
 * A grid in memory that keeps the gateway's contract, with households' meters beside it: whether a purchase
 * worked is asked of the meter, never of the order.
 */
export class FakeGrid implements GridGateway {
  readonly grid = 'collection-v1';
  readonly bills = true;
  readonly meters = new Map<string, FakeMeter>();
  /** What meters that are read have room for, fen, by number. Others take any amount. */
  readonly rooms = new Map<string, { ceilingFen: number; balanceFen: number }>();
  readonly sales = new Map<string, BookedSale>();
  /** Every sale that was carried out, whatever became of it. */
  readonly carriedOut: string[] = [];
  readonly calls: string[] = [];
  fault: FaultKnob = NO_FAULTS;
  /** Whose the accounts are. */
  name = '张三';
  /** ms after which a request that was lost to us arrives. */
  lateMs = 20_000;
  /** Days that are cut; a bill of any other is refused. */
  readonly cutDays = new Set<string>();
  /** What accounts owe: a sale pays it before the meter gets anything. */
  readonly debts = new FakeDebts();
  /** Remote credits, and how meters take them. */
  readonly credits: FakeCredits;
  readonly #clock: Clock;
  readonly #cards = new FakeCards();
  readonly #tombstones = new Set<string>();
  readonly #soldCount = new Map<string, number>();
  readonly #credited = new Map<string, number>();
  readonly #travelling: { at: number; run: () => void }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.credits = new FakeCredits(clock, (meterNo) => this.meters.get(meterNo));
  }

  /** A household's meter and card, both at count 1. */
  addHousehold(card: FakeCard): FakeMeter {
    const meter = new FakeMeter(card.meterNo);
    this.meters.set(card.meterNo, meter);
    this.#cards.issue(card.meterNo, card.serial);
    this.#soldCount.set(card.meterNo, 1);
    this.#credited.set(card.meterNo, 1);
    return meter;
  }

  /** Lets requests that were travelling arrive, if their time has come. */
  arrive(): void {
    for (const request of this.#travelling.splice(0)) {
      if (request.at > this.#clock.now()) this.#travelling.push(request);
      else request.run();
    }
  }

  identify(image: CardImage): Promise<GridCard> {
    return this.#call('identify', () => {
      const { count, creditedCount } = readFields(image);
      const meterNo = meterOf(image);
      if (!this.#soldCount.has(meterNo)) throw refused('card-unknown');
      if (this.#cards.isVoid(serialHex(image))) throw refused('card-replaced');
      this.#prove(meterNo, creditedCount);
      return {
        ...this.#customer(meterNo),
        chip: image.chip,
        serial: serialHex(image),
        cardCount: count,
        creditedCount,
      };
    });
  }

  identifyCustomer(customerNo: string): Promise<GridCustomer> {
    return this.#call('identifyCustomer', () => {
      const meterNo = this.#meterOfCustomer(customerNo);
      return { ...this.#customer(meterNo), remote: this.credits.reaches(meterNo) };
    });
  }

  quote({ customerNo, meterNo, faceFen }: QuoteRequest): Promise<GridQuote> {
    return this.#call('quote', () => {
      if (this.#meterOfCustomer(customerNo) !== meterNo) throw refused('card-foreign');
      if (faceFen < LIMITS.minFen || faceFen > this.#maximum(meterNo)) throw refused('amount');
      return fakeQuote(faceFen);
    });
  }

  sell(request: SellRequest): Promise<GridSale> {
    return this.#call('sell', () => this.#sell(request));
  }

  queryOriginal(orderNo: string): ReturnType<GridGateway['queryOriginal']> {
    return this.#call('queryOriginal', () => {
      const sale = this.sales.get(orderNo);
      if (sale === undefined) return { status: this.#tombstones.has(orderNo) ? 'reversed' : 'not-found' };
      if (sale.status === 'sold') return { status: 'sold', sale };
      return sale.status === 'reversed'
        ? { status: 'reversed' }
        : { status: 'rejected', reason: sale.reason ?? 'other' };
    });
  }

  returnData(orderNo: string, regions: CardImage['regions']): Promise<void> {
    return this.#call('returnData', () => {
      const sale = this.#sold(orderNo);
      this.#prove(sale.meterNo, readFields({ regions }).creditedCount);
    });
  }

  writePlan(orderNo: string, image: CardImage): Promise<WritePlan> {
    return this.#call('writePlan', () => {
      const sale = this.#sold(orderNo);
      if (sale.serial !== serialHex(image)) throw refused('card-foreign');
      if (this.credits.underWay(orderNo)) throw refused('other');
      return planOf(sale);
    });
  }

  authorise(request: { orderNo: string; stage: number }): Promise<WritePlan> {
    return this.#call('authorise', () => ({
      ...planOf(this.#sold(request.orderNo)),
      stage: request.stage,
    }));
  }

  confirmWrite(orderNo: string): Promise<void> {
    return this.#call('confirmWrite', () => {
      if (!this.#cards.replaces(orderNo)) this.#sold(orderNo).confirmed = true;
    });
  }

  reverse(orderNo: string): ReturnType<GridGateway['reverse']> {
    return this.#call('reverse', () => {
      const sale = this.sales.get(orderNo);
      if (sale?.confirmed === true) return { status: 'refused', reason: 'written' } as const;
      if (this.credits.holds(orderNo)) return { status: 'refused', reason: 'credited' } as const;
      this.#tombstones.add(orderNo);
      if (sale?.status === 'sold') {
        sale.status = 'reversed';
        this.debts.undo(sale);
        this.#soldCount.set(sale.meterNo, sale.count - 1);
      }
      return { status: 'reversed' } as const;
    });
  }

  queryReversal(orderNo: string): ReturnType<GridGateway['queryReversal']> {
    return this.#call('queryReversal', () => ({
      status: this.#tombstones.has(orderNo) ? 'reversed' : 'not-found',
    }));
  }

  remoteCredit(orderNo: string): Promise<GridCredit> {
    return this.#call('remoteCredit', () => {
      const sale = this.#sold(orderNo);
      const credit = this.credits.ask(sale);
      if (credit.status === 'failed') throw refused('other');
      if (credit.status !== 'credited') throw unknown();
      this.#prove(sale.meterNo, sale.count);
      return credit.credit;
    });
  }

  queryCredit(orderNo: string): ReturnType<GridGateway['queryCredit']> {
    return this.#call('queryCredit', () => {
      const credit = this.credits.query(orderNo);
      const sale = this.sales.get(orderNo);
      if (credit.status === 'credited' && sale !== undefined) this.#prove(sale.meterNo, sale.count);
      return credit;
    });
  }

  replaceCard({ requestNo, customerNo, image }: ReplaceCardRequest): Promise<GridReplacement> {
    return this.#call('replaceCard', () => {
      const meterNo = this.#meterOfCustomer(customerNo);
      const credited = this.#credited.get(meterNo) ?? 0;
      const open = [...this.sales.values()].find(
        (sale) => sale.meterNo === meterNo && sale.status === 'sold' && sale.count > credited,
      );
      return this.#cards.replace(
        { requestNo, customerNo, meterNo, serial: serialHex(image), credited },
        open,
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

  #customer(meterNo: string): Omit<GridCustomer, 'remote'> {
    const soldCount = this.#soldCount.get(meterNo) ?? 0;
    const credited = this.#credited.get(meterNo) ?? 0;
    return {
      customerNo: customerOf(meterNo),
      customerName: this.name,
      address: '乌鲁木齐市天山区幸福小区3号楼2单元501室',
      meterNo,
      chip: 'SLE4442',
      serial: this.#cards.serialOf(meterNo),
      soldCount,
      creditedCount: credited,
      previousInserted: credited >= soldCount,
      balanceFen: this.rooms.get(meterNo)?.balanceFen ?? 2340,
      balanceAt: '2026-01-01T00:00:00Z',
      balanceLive: this.rooms.has(meterNo),
      ceilingFen: this.rooms.get(meterNo)?.ceilingFen ?? null,
      arrearsFen: this.debts.arrearsOf(meterNo),
      minFen: LIMITS.minFen,
      maxFen: this.#maximum(meterNo),
    };
  }

  #maximum(meterNo: string): number {
    const room = this.rooms.get(meterNo);
    if (room === undefined) return LIMITS.maxFen;
    return Math.min(LIMITS.maxFen, room.ceilingFen - room.balanceFen);
  }

  #meterOfCustomer(customerNo: string): string {
    const meterNo = [...this.meters.keys()].find((candidate) => customerOf(candidate) === customerNo);
    if (meterNo === undefined) throw refused('card-unknown');
    return meterNo;
  }

  #sell(request: SellRequest): GridSale {
    const known = this.sales.get(request.orderNo);
    if (known?.status === 'sold') {
      if (known.faceFen !== request.faceFen || known.count !== request.count) throw refused('duplicate');
      return known;
    }
    const reason = this.#refusalOf(request);
    const sale: BookedSale = {
      saleNo: `S${request.orderNo}`,
      orderNo: request.orderNo,
      meterNo: request.meterNo,
      serial: request.serial,
      count: request.count,
      faceFen: request.faceFen,
      ...(reason === undefined ? this.debts.takeFrom(request) : { creditFen: 0, arrearsFen: 0, feeFen: 0 }),
      status: reason === undefined ? 'sold' : 'refused',
      confirmed: false,
      soldAt: this.#clock.now(),
      ...(reason === undefined ? {} : { reason }),
    };
    if (!this.#tombstones.has(request.orderNo)) this.sales.set(request.orderNo, sale);
    if (reason !== undefined) throw refused(reason);
    this.carriedOut.push(request.orderNo);
    this.#soldCount.set(request.meterNo, request.count);
    return sale;
  }

  #refusalOf(request: SellRequest): GridRefusal | undefined {
    if (this.#tombstones.has(request.orderNo)) return 'reversed';
    const sold = this.#soldCount.get(request.meterNo) ?? 0;
    if (request.count !== sold + 1) return 'count';
    if (request.faceFen > this.#maximum(request.meterNo)) return 'amount';
    return (this.#credited.get(request.meterNo) ?? 0) < sold ? 'previous-not-inserted' : undefined;
  }

  #sold(orderNo: string): BookedSale {
    const sale = this.sales.get(orderNo);
    if (sale?.status !== 'sold') throw refused(sale?.status === 'reversed' ? 'reversed' : 'not-sold');
    return sale;
  }

  #prove(meterNo: string, creditedCount: number | null): void {
    this.#credited.set(meterNo, Math.max(this.#credited.get(meterNo) ?? 0, creditedCount ?? 0));
  }

  #call<T>(operation: string, run: () => T): Promise<T> {
    this.arrive();
    this.calls.push(operation);
    const fault = this.fault(operation);
    try {
      switch (fault) {
        case 'none':
          return Promise.resolve(run());
        case 'unavailable':
          throw new GridError({ code: 'grid.unavailable', message: 'The grid cannot be reached.' });
        case 'lost-request':
          throw unknown();
        case 'lost-answer':
          quietly(run);
          throw unknown();
        case 'late':
          this.#travelling.push({ at: this.#clock.now() + this.lateMs, run: () => quietly(run) });
          throw unknown();
      }
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
