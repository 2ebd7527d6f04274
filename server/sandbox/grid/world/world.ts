import { METER_CHIPS, type MeterCard } from '@bianmin/card/testing/meter-files';
import { randomBytes } from 'node:crypto';
import type { BillLie } from '../../bill-lies.ts';
import type { Ailment } from '../meter/errors.ts';
import type { InsertResult } from '../meter/meter-state.ts';
import type { Meter } from '../meter/meter.ts';
import { openInMeter } from '../meter/open-card.ts';
import type { Books } from '../platform/books.ts';
import { CardTaskBook } from '../platform/card-tasks.ts';
import { DayBook, type DayCut } from '../platform/day-book.ts';
import { Deposit, type DepositState } from '../platform/deposit.ts';
import { Encryptor } from '../platform/encryptor.ts';
import type { Household } from '../platform/household.ts';
import type { Replacement } from '../platform/replacement-record.ts';
import { SalesBook } from '../platform/sales-book.ts';
import { AccountMeters } from './account-meters.ts';
import { ACCOUNT_SEEDS } from './account-seeds.ts';
import { CardFactory } from './card-factory.ts';
import { Concentrator, type Link } from './concentrator.ts';
import { Drawer, type CardView, type DrawerCard } from './drawer.ts';
import { Homes } from './homes.ts';
import { makeHousehold, type MadeHousehold } from './make-household.ts';
import type { HouseholdSeed } from './household-seed.ts';
import { strangeCards } from './strange-cards.ts';
import { stockCards, type StockCard } from './stock.ts';
import { billLine, type BillLine, type MeterView } from './views.ts';
import { SEEDS } from './seeds.ts';
import { SmsPile } from './sms.ts';
import { householdOf, meterOf, type StoredBefore, type StoredWorld } from './stored-world.ts';

export interface WorldInit {
  readonly now: () => number;
  /** Given: the world goes on from there; else it begins with the seeds. */
  readonly stored?: StoredBefore;
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
  /** What the daily bill says otherwise than the books, by a sale's order number. */
  billLies: readonly BillLie[] = [];
  /** Called after every change. */
  onChange: () => void = () => undefined;
  readonly #now: () => number;
  readonly #encryptor = new Encryptor();
  readonly #factory: CardFactory;
  readonly homes: Homes;
  readonly days: DayBook;
  /** Ours, of the agent's sales. */
  readonly deposit: Deposit;
  /** Card sessions that the grid wants, and what became of them. */
  readonly cardTasks: CardTaskBook;
  /** Texts to registered phones. */
  readonly sms: SmsPile;
  readonly concentrator: Concentrator;
  readonly accounts: AccountMeters;
  readonly #replacements = new Map<string, Replacement>();
  readonly #stock = new Map<string, StockCard>();
  #turnedMs: number;

  constructor(init: WorldInit) {
    const { stored } = init;
    this.#turnedMs = stored?.turnedMs ?? 0;
    this.#now = () => init.now() + this.#turnedMs;
    this.homes = new Homes(this.#encryptor, this.#now);
    this.sms = new SmsPile(this.#now);
    this.#factory = new CardFactory(this.#encryptor, init.seed);
    this.drawer = new Drawer((snapshot) => this.#factory.restore(snapshot));
    this.deposit = new Deposit(stored?.deposit);
    this.sales = new SalesBook(stored?.sales ?? [], {
      household: (customerNo) => this.homes.household(customerNo),
      deposit: this.deposit,
    });
    this.days = new DayBook(stored?.cuts ?? [], this.#now);
    this.cardTasks = new CardTaskBook(stored?.cardTasks ?? []);
    this.concentrator = new Concentrator({
      now: this.#now,
      deliver: (meterNo, frame) => this.homes.meter(meterNo).receive(frame),
    });
    this.accounts = new AccountMeters(this.homes, (meterNo) => this.concentrator.link(meterNo));
    if (stored === undefined) {
      for (const seed of SEEDS) this.addHousehold(seed);
      for (const card of strangeCards(this.#factory)) this.drawer.add(card);
    } else {
      for (const household of stored.households) this.homes.know(householdOf(household));
      for (const state of stored.meters) this.homes.install(meterOf(state));
      for (const replacement of stored.replacements ?? []) {
        this.#replacements.set(replacement.requestNo, replacement);
      }
      for (const card of stored.stock ?? []) this.#stock.set(card.serial, card);
      this.drawer.load(stored.cards);
    }
    if (stored?.stock === undefined) this.addStock();
    if (stored === undefined) for (const seed of ACCOUNT_SEEDS) this.addHousehold(seed);
  }

  /** The world's clock, ms: it shows the time of day, and is ahead by what it was turned. */
  now(): number {
    return this.#now();
  }

  /** Turns the clock; households use electricity meanwhile, and frames on their way arrive. */
  advance(ms: number): { now: string } {
    const from = this.#now();
    this.#turnedMs += ms;
    const to = this.#now();
    this.concentrator.arrive();
    for (const meter of this.homes.meters)
      if (!this.accounts.run(meter, { from, to })) meter.run({ from, to });
    this.onChange();
    return { now: new Date(to).toISOString() };
  }

  /** 日切, now: what is booked from here on belongs to the next day. */
  cutDay(): DayCut {
    const cut = this.days.cut();
    this.onChange();
    return cut;
  }

  /** Puts money in, sets it or shuts it. */
  changeDeposit(change: (deposit: Deposit) => void): DepositState {
    change(this.deposit);
    this.onChange();
    return this.deposit.state;
  }

  /** One more unissued card of each of these chips, or of every one, in the drawer. */
  addStock(chips: readonly MeterCard[] = METER_CHIPS): DrawerCard[] {
    const made = stockCards(this.#factory, this.#stock.size + this.#replacements.size, chips);
    for (const { stock } of made) this.#stock.set(stock.serial, stock);
    this.onChange();
    return made.map(({ card }) => this.drawer.add(card));
  }

  /** A new household with its meter, and its cards in the drawer. */
  addHousehold(seed: HouseholdSeed): { made: MadeHousehold; cards: DrawerCard[] } {
    const number = FIRST_NUMBER + this.homes.households.length;
    const made = makeHousehold(seed, { number, now: this.#now(), factory: this.#factory });
    this.homes.know(made.household);
    this.homes.install(made.meter);
    const cards = made.cards.map((card) => this.drawer.add(card));
    this.onChange();
    return { made, cards };
  }

  /** What happens to a household itself: `household-changes.ts`. */
  change<T>(run: (of: { homes: Homes; factory: CardFactory }) => T): T {
    const changed = run({ homes: this.homes, factory: this.#factory });
    this.onChange();
    return changed;
  }

  /** What the grid works on. It knows the books; of cards and meters only what is sent to it, or read from afar. */
  books(): Books {
    return {
      sales: this.sales,
      security: this.#encryptor,
      days: this.days,
      cardTasks: this.cardTasks,
      deposit: this.deposit,
      billLies: () => this.billLies,
      replacements: this.#replacements,
      concentrator: {
        // A meter without a module is dead to it.
        reaches: (meterNo) => this.homes.hasModule(meterNo) && this.concentrator.reaches(meterNo),
        read: (meterNo) =>
          this.homes.hasModule(meterNo) && this.concentrator.asks(meterNo)
            ? this.homes.stateOf(meterNo)
            : undefined,
        send: (meterNo, frame) =>
          this.homes.hasModule(meterNo) ? this.concentrator.send(meterNo, frame) : { status: 'unreachable' },
      },
      now: this.#now,
      household: (customerNo) => this.homes.household(customerNo),
      cardOwner: (serial) => this.homes.cardOwner(serial),
      readMeter: (meterNo) =>
        this.remoteReading || (this.homes.isRead(meterNo) && this.concentrator.link(meterNo) === 'online')
          ? this.homes.stateOf(meterNo)
          : undefined,
      supplyOf: (meterNo) => this.accounts.supplyOf(meterNo),
      switchByAccount: (household) => this.accounts.switch(household),
      ceilingOf: (meterNo) => this.homes.stateOf(meterNo)?.hoardLimitFen ?? 0,
      usedWh: (meterNo) => this.homes.usedWh(meterNo),
      stock: (serial) => this.#stock.get(serial)?.chip,
      replace: (household, replacement) => this.#replace(household, replacement),
      text: (requestNo, to) => this.sms.send(requestNo, to),
      random: (length) => new Uint8Array(randomBytes(length)),
    };
  }

  #replace(household: Household, replacement: Replacement): void {
    household.formerSerials = [...household.formerSerials, household.serial];
    household.serial = replacement.serial;
    this.#stock.delete(replacement.serial);
    this.#replacements.set(replacement.requestNo, replacement);
    this.homes.know(household);
    this.drawer.issue(replacement.serial, { holder: household.name, meterNo: household.meterNo });
  }

  /** Puts a card from the drawer into a meter, and takes it out again. */
  insert(meterNo: string, cardId: string): InsertResult {
    this.concentrator.arrive();
    const meter = this.homes.meter(meterNo);
    const { sim } = this.drawer.take(cardId);
    const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
    const result = meter.insert(() =>
      openInMeter(sim, meter.state.card, { security: this.#encryptor, random }),
    );
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
    return this.sales.entries().map(billLine);
  }

  consume(meterNo: string, fen: number): MeterView {
    const meter = this.homes.meter(meterNo);
    if (!this.accounts.draw(meterNo, fen)) meter.consume(fen);
    this.onChange();
    return this.#view(meter);
  }

  /** Sets what a household draws, W, and the limits of its meter, fen. */
  configure(
    meterNo: string,
    settings: {
      [K in 'loadW' | 'overdraftLimitFen' | 'alarm1Fen' | 'alarm2Fen' | 'hoardLimitFen']?: number | undefined;
    } & { ailment?: Ailment | null | undefined },
  ): MeterView {
    const meter = this.homes.meter(meterNo);
    for (const [name, value] of Object.entries(settings)) {
      if (value !== undefined) Object.assign(meter.state, { [name]: value ?? undefined });
    }
    this.onChange();
    return this.#view(meter);
  }

  /** How the grid reaches a meter from now on. Fails with 404. */
  setLink(meterNo: string, link: Link, ms?: number): MeterView {
    const meter = this.homes.meter(meterNo);
    this.concentrator.setLink(meterNo, link, ms);
    this.accounts.reached(meterNo);
    return this.#view(meter);
  }

  /** Gives a recorded frame to a meter by hand. */
  handFrame(meterNo: string, frame: string): InsertResult {
    this.homes.meter(meterNo);
    const result = this.concentrator.hand(meterNo, frame);
    this.onChange();
    return result;
  }

  meters(): MeterView[] {
    this.concentrator.arrive();
    return this.homes.meters.map((meter) => this.#view(meter));
  }

  meter(meterNo: string): MeterView {
    this.concentrator.arrive();
    return this.#view(this.homes.meter(meterNo));
  }

  stored(): StoredWorld {
    return {
      version: 1,
      households: [...this.homes.households],
      meters: this.homes.meters.map((meter) => meter.state),
      sales: this.sales.entries(),
      cards: this.drawer.stored(),
      replacements: [...this.#replacements.values()],
      stock: [...this.#stock.values()],
      cuts: this.days.stored(),
      cardTasks: this.cardTasks.list(),
      deposit: this.deposit.state,
      turnedMs: this.#turnedMs,
    };
  }

  #view(meter: Meter): MeterView {
    return this.homes.view(meter, (meterNo) => this.concentrator.link(meterNo));
  }
}
