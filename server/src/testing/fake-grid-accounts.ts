import type { GridCustomer, MeterExchange } from '../gateways/grid/customers.ts';
import type { Clock } from '@bianmin/card/clock';
import type { FakeCard } from './fake-card.ts';
import { FakeMeter } from './fake-card.ts';
import { customerOf, refused } from './fake-grid-answers.ts';
import { FakeCards } from './fake-grid-cards.ts';
import { FakeDebts } from './fake-grid-debts.ts';

/** Of one purchase. */
const LIMITS = { minFen: 100, maxFen: 50_000 };

/** The fake grid's accounts: a meter and a card each, what it owes, and how far its purchases have come. */
export class FakeAccounts {
  readonly meters = new Map<string, FakeMeter>();
  readonly cards = new FakeCards();
  /** A sale pays it before the meter gets anything. */
  readonly debts = new FakeDebts();
  /** What meters that are read have room for, fen, by number. Others take any amount. */
  readonly rooms = new Map<string, { ceilingFen: number; balanceFen: number }>();
  /** Who holds an account, as far as the grid tells, by meter. */
  readonly holders = new Map<string, string>();
  /** Meters that were exchanged, by their number; nothing is sold for or written to them any more. */
  readonly exchanges = new Map<string, MeterExchange>();
  /** 销户: meters whose customer has left. */
  readonly closed = new Set<string>();
  readonly #soldCount = new Map<string, number>();
  readonly #credited = new Map<string, number>();
  /** What meters wrote back, as far as the grid was shown. */
  readonly #said = new Map<string, FakeMeter['said']>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A household's meter and card, both at count 1. */
  open(card: FakeCard): FakeMeter {
    const meter = new FakeMeter(card.meterNo, () => this.#clock.now());
    this.#said.set(card.meterNo, meter.said);
    this.meters.set(card.meterNo, meter);
    this.cards.issue(card.meterNo, card.serial);
    this.#soldCount.set(card.meterNo, 1);
    this.#credited.set(card.meterNo, 1);
    return meter;
  }

  has(meterNo: string): boolean {
    return this.#soldCount.has(meterNo);
  }

  /** The count of the newest sale. */
  soldCountOf(meterNo: string): number {
    return this.#soldCount.get(meterNo) ?? 0;
  }

  sold(meterNo: string, count: number): void {
    this.#soldCount.set(meterNo, count);
  }

  /** The highest count that the meter provably took. */
  creditedOf(meterNo: string): number {
    return this.#credited.get(meterNo) ?? 0;
  }

  prove(meterNo: string, creditedCount: number | null): void {
    this.#credited.set(meterNo, Math.max(this.creditedOf(meterNo), creditedCount ?? 0));
  }

  /** A card's return file was seen. */
  seen(meterNo: string, creditedCount: number | null): void {
    const said = this.meters.get(meterNo)?.said;
    if (creditedCount !== null && said !== undefined) this.#said.set(meterNo, said);
    this.prove(meterNo, creditedCount);
  }

  meterOf(customerNo: string): string {
    const meterNo = [...this.meters.keys()].find((candidate) => customerOf(candidate) === customerNo);
    if (meterNo === undefined) throw refused('card-unknown');
    return meterNo;
  }

  /** Throws a refusal where the meter is not this customer's any more. */
  mustBeAsSold(meterNo: string): void {
    if (this.closed.has(meterNo)) throw refused('customer-closed');
    if (this.exchanges.has(meterNo)) throw refused('meter-changed');
  }

  customer(meterNo: string, customerName: string): Omit<GridCustomer, 'remote'> {
    const soldCount = this.soldCountOf(meterNo);
    const credited = this.creditedOf(meterNo);
    if (this.closed.has(meterNo)) throw refused('customer-closed');
    const [holder, exchanged] = [this.holders.get(meterNo), this.exchanges.get(meterNo)];
    return {
      customerNo: customerOf(meterNo),
      customerName,
      address: '乌鲁木齐市天山区幸福小区3号楼2单元501室',
      meterNo,
      chip: 'SLE4442',
      serial: this.cards.serialOf(meterNo),
      soldCount,
      creditedCount: credited,
      previousInserted: credited >= soldCount,
      balanceFen: this.rooms.get(meterNo)?.balanceFen ?? this.#said.get(meterNo)?.balanceFen ?? null,
      balanceAt: this.#said.get(meterNo)?.at ?? null,
      balanceLive: this.rooms.has(meterNo),
      ceilingFen: this.rooms.get(meterNo)?.ceilingFen ?? this.#ceilingOf(meterNo),
      arrearsFen: this.debts.arrearsOf(meterNo),
      minFen: LIMITS.minFen,
      maxFen: this.#maximumOf(meterNo),
      ...(holder === undefined ? {} : { holder }),
      ...(exchanged === undefined ? {} : { ...ofNewMeter(meterNo), exchanged }),
    };
  }

  /** Whether a purchase of this much is sold. */
  allows(meterNo: string, faceFen: number): boolean {
    return faceFen >= LIMITS.minFen && faceFen <= this.#maximumOf(meterNo);
  }

  /** 囤积限额, which the grid set when the meter was put up. */
  #ceilingOf(meterNo: string): number | null {
    const ceilingFen = this.meters.get(meterNo)?.ceilingFen ?? Number.POSITIVE_INFINITY;
    return Number.isFinite(ceilingFen) ? ceilingFen : null;
  }

  #maximumOf(meterNo: string): number {
    const room = this.rooms.get(meterNo);
    if (room === undefined) return LIMITS.maxFen;
    return Math.max(0, Math.min(LIMITS.maxFen, room.ceilingFen - room.balanceFen));
  }
}

/** One that took another's place has credited nothing. */
function ofNewMeter(formerMeterNo: string) {
  return { meterNo: `9${formerMeterNo.slice(1)}`, soldCount: 0, creditedCount: null, previousInserted: true };
}
