import type { Clock } from '@bianmin/shared/clock';
import { bytesOf, type CardImage } from '@bianmin/shared/meter-card/image';
import type { WritePlan } from '@bianmin/shared/meter-card/plan';
import type { GridCard, GridGateway, GridSale, SellRequest } from '../grid/contract.ts';
import { GridError, type GridRefusal } from '../grid/error.ts';
import type { FakeCard } from './fake-card.ts';
import { FakeMeter, plainPlan, readFields, serialHex } from './fake-card.ts';
import { NO_FAULTS, type FaultKnob } from './faults.ts';

interface BookedSale extends GridSale {
  readonly meterNo: string;
  readonly serial: string;
  status: 'sold' | 'reversed' | 'refused';
  confirmed: boolean;
  reason?: string;
}

/**
 * A grid in memory that keeps the gateway's contract, with households' meters beside it: whether a purchase
 * worked is asked of the meter, never of the order.
 */
export class FakeGrid implements GridGateway {
  readonly grid = 'collection-v1';
  readonly meters = new Map<string, FakeMeter>();
  readonly sales = new Map<string, BookedSale>();
  /** Every sale that was carried out, whatever became of it. */
  readonly carriedOut: string[] = [];
  readonly calls: string[] = [];
  fault: FaultKnob = NO_FAULTS;
  /** ms after which a request that was lost to us arrives. */
  lateMs = 20_000;
  readonly #clock: Clock;
  readonly #tombstones = new Set<string>();
  readonly #soldCount = new Map<string, number>();
  readonly #credited = new Map<string, number>();
  readonly #travelling: { at: number; run: () => void }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A household's meter and card, both at count 1. */
  addHousehold(card: FakeCard): FakeMeter {
    const meter = new FakeMeter(card.meterNo);
    this.meters.set(card.meterNo, meter);
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
      const soldCount = this.#soldCount.get(meterNo);
      if (soldCount === undefined) throw refused('card-unknown');
      this.#prove(meterNo, creditedCount);
      const credited = this.#credited.get(meterNo) ?? 0;
      return {
        customerNo: `6501${meterNo}`,
        customerName: '张三',
        address: '乌鲁木齐市天山区幸福小区3号楼2单元501室',
        meterNo,
        chip: image.chip,
        serial: serialHex(image),
        soldCount,
        cardCount: count,
        creditedCount,
        previousInserted: credited >= soldCount,
        balanceFen: 2340,
        balanceAt: '2026-01-01T00:00:00Z',
        arrearsFen: 0,
        minFen: 100,
        maxFen: 50_000,
      };
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
      return plainPlan(sale);
    });
  }

  authorise(request: { orderNo: string; stage: number }): Promise<WritePlan> {
    return this.#call('authorise', () => ({
      ...plainPlan(this.#sold(request.orderNo)),
      stage: request.stage,
    }));
  }

  confirmWrite(orderNo: string): Promise<void> {
    return this.#call('confirmWrite', () => {
      this.#sold(orderNo).confirmed = true;
    });
  }

  reverse(orderNo: string): ReturnType<GridGateway['reverse']> {
    return this.#call('reverse', () => {
      const sale = this.sales.get(orderNo);
      if (sale?.confirmed === true) return { status: 'refused', reason: 'written' } as const;
      this.#tombstones.add(orderNo);
      if (sale?.status === 'sold') {
        sale.status = 'reversed';
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
      creditFen: request.faceFen,
      arrearsFen: 0,
      feeFen: 0,
      status: reason === undefined ? 'sold' : 'refused',
      confirmed: false,
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

function meterOf(image: CardImage): string {
  const bytes = bytesOf(image, { zone: 'meter', offset: 0, length: 12 });
  if (bytes === undefined) throw refused('card-damaged');
  return Buffer.from(bytes).toString('latin1');
}

/** Nobody hears what became of it. */
function quietly(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof GridError)) throw error;
  }
}

function unknown(): GridError {
  return new GridError({ code: 'grid.unknown', message: 'The grid did not answer.' });
}

function refused(refusal: GridRefusal): GridError {
  return new GridError({ code: 'grid.refused', message: `The grid refused: ${refusal}.`, refusal });
}
