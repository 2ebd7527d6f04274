import type { MemoryChip } from '@bianmin/shared/testing/meter-files';
import { randomBytes } from 'node:crypto';
import { openCpu } from '../meter/cpu-card.ts';
import { Meter, type InsertResult, type MeterState } from '../meter/meter.ts';
import { MeterFault } from '../meter/card-access.ts';
import { openMemoryCard } from '../meter/memory-card.ts';
import type { Books } from '../platform/books.ts';
import { Encryptor } from '../platform/encryptor.ts';
import type { Household } from '../platform/household.ts';
import { SalesBook, type BookEntry } from '../platform/sales-book.ts';
import { maskName } from '../../../src/domain/mask.ts';
import { CardFactory } from './card-factory.ts';
import { Drawer, type CardView, type DrawerCard, type StoredCard } from './drawer.ts';
import { makeHousehold, type HouseholdSeed, type MadeHousehold } from './make-household.ts';
import { strangeCards } from './strange-cards.ts';
import { SEEDS } from './seeds.ts';
import { WorldError } from './world-error.ts';

/** Everything that outlives a restart. JSON; holds card secrets, so its file is readable by its owner only. */
export interface StoredWorld {
  readonly version: 1;
  readonly households: readonly Household[];
  readonly meters: readonly MeterState[];
  readonly sales: readonly BookEntry[];
  readonly cards: readonly StoredCard[];
}

/** A meter as `/world/meters` shows it. */
export interface MeterView {
  readonly meterNo: string;
  readonly customerName: string;
  readonly opened: boolean;
  readonly balanceFen: number;
  readonly count: number;
  readonly creditedFen: number;
  readonly display: string;
  readonly displayEn: string;
}

/** One line of `/world/sales`. */
export interface BillLine {
  readonly orderNo: string;
  readonly status: BookEntry['status'];
  readonly meterNo: string | null;
  readonly faceFen: number;
  readonly creditFen: number;
  readonly arrearsFen: number;
  readonly count: number | null;
  readonly planReleased: boolean;
  readonly writeClaimed: boolean;
}

export interface WorldInit {
  readonly now: () => number;
  /** Given: the world goes on from there; else it begins with the seeds. */
  readonly stored?: StoredWorld;
  /** The chips' challenges and torn bits; random unless a test says otherwise. */
  readonly seed?: () => number;
}

/** First customer number, after 650100. */
const FIRST_NUMBER = 1001;

/** The physical and the accounted world: households, their meters and cards, and the grid's books on them. */
export class World {
  readonly drawer: Drawer;
  readonly sales: SalesBook;
  /** Knob: the grid can read every meter from afar, and so knows what was credited. */
  remoteReading = false;
  /** Called after every change. */
  onChange: () => void = () => undefined;
  readonly #now: () => number;
  readonly #encryptor = new Encryptor();
  readonly #factory: CardFactory;
  readonly #households = new Map<string, Household>();
  readonly #owners = new Map<string, { household: Household; replaced: boolean }>();
  readonly #meters = new Map<string, Meter>();
  /** Customer number by meter, for names. */
  readonly #holders = new Map<string, Household>();

  constructor(init: WorldInit) {
    this.#now = init.now;
    this.#factory = new CardFactory(this.#encryptor, init.seed);
    this.drawer = new Drawer((snapshot) => this.#factory.restore(snapshot));
    this.sales = new SalesBook(init.stored?.sales ?? [], (customerNo) => this.#households.get(customerNo));
    if (init.stored === undefined) {
      for (const seed of SEEDS) this.addHousehold(seed);
      for (const card of strangeCards(this.#factory)) this.drawer.add(card);
    } else {
      init.stored.households.forEach((household) => this.#know(household));
      init.stored.meters.forEach((state) => this.#install(state));
      this.drawer.load(init.stored.cards);
    }
  }

  /** A new household with its meter, and its cards in the drawer. */
  addHousehold(seed: HouseholdSeed): { made: MadeHousehold; cards: DrawerCard[] } {
    const number = FIRST_NUMBER + this.#households.size;
    const made = makeHousehold(seed, { number, now: this.#now(), factory: this.#factory });
    this.#know(made.household);
    this.#install(made.meter);
    const cards = made.cards.map((card) => this.drawer.add(card));
    this.onChange();
    return { made, cards };
  }

  /** What the grid works on. It knows the books; of cards and meters only what is sent to it, or read from afar. */
  books(): Books {
    return {
      sales: this.sales,
      security: this.#encryptor,
      household: (customerNo) => this.#households.get(customerNo),
      cardOwner: (serial) => this.#owners.get(serial),
      readMeter: (meterNo) => (this.remoteReading ? this.#meters.get(meterNo)?.state : undefined),
      random: (length) => new Uint8Array(randomBytes(length)),
    };
  }

  /** Puts a card from the drawer into a meter, and takes it out again. */
  insert(meterNo: string, cardId: string): InsertResult {
    const meter = this.#meter(meterNo);
    const { sim } = this.drawer.take(cardId);
    const result = meter.insert(() => {
      if (sim.powerOn() === undefined) throw new MeterFault(4);
      return sim.chip === 'CPU'
        ? openCpu(sim, this.#encryptor, (length) => new Uint8Array(randomBytes(length)))
        : openMemoryCard(sim, sim.chip as MemoryChip, this.#encryptor);
    });
    sim.powerOff();
    this.onChange();
    return result;
  }

  /** A forger's copy of a card, in the drawer. */
  cloneCard(id: string): CardView {
    const { id: copy } = this.drawer.clone(id);
    this.onChange();
    return this.drawer.view(copy);
  }

  /** Every order number in the grid's book and what became of it: the grid's bill. */
  bill(): BillLine[] {
    return this.sales.entries().map(({ orderNo, status, sale, request, planReleased, writeClaimed }) => ({
      orderNo,
      status,
      meterNo: request?.meterNo ?? null,
      faceFen: sale?.faceFen ?? 0,
      creditFen: sale?.creditFen ?? 0,
      arrearsFen: sale?.arrearsFen ?? 0,
      count: sale?.count ?? null,
      planReleased,
      writeClaimed,
    }));
  }

  consume(meterNo: string, fen: number): MeterView {
    const meter = this.#meter(meterNo);
    meter.consume(fen);
    this.onChange();
    return this.#view(meter);
  }

  meters(): MeterView[] {
    return [...this.#meters.values()].map((meter) => this.#view(meter));
  }

  meter(meterNo: string): MeterView {
    return this.#view(this.#meter(meterNo));
  }

  stored(): StoredWorld {
    return {
      version: 1,
      households: [...this.#households.values()],
      meters: [...this.#meters.values()].map((meter) => meter.state),
      sales: this.sales.entries(),
      cards: this.drawer.stored(),
    };
  }

  #know(household: Household): void {
    this.#households.set(household.customerNo, household);
    this.#holders.set(household.meterNo, household);
    this.#owners.set(household.serial, { household, replaced: false });
    for (const serial of household.formerSerials) this.#owners.set(serial, { household, replaced: true });
  }

  #install(state: MeterState): void {
    this.#meters.set(state.meterNo, new Meter({ state, security: this.#encryptor, now: this.#now }));
  }

  #meter(meterNo: string): Meter {
    const meter = this.#meters.get(meterNo);
    if (meter === undefined) throw new WorldError(404, `There is no meter ${meterNo}.`);
    return meter;
  }

  #view({ state }: Meter): MeterView {
    const { meterNo, opened, balanceFen, count, creditedFen, display, displayEn } = state;
    const customerName = maskName(this.#holders.get(meterNo)?.name ?? '');
    return { meterNo, customerName, opened, balanceFen, count, creditedFen, display, displayEn };
  }
}
