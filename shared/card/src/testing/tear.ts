import type { Clock } from '../clock.ts';
import { MeterCardError } from '../meter-card/error.ts';
import { writeCard, type WriteCardInit, type WrittenCard } from '../meter-card/write.ts';
import { asReleased } from '../meter-card/plan.ts';
import { isRemoval } from '../reader/error.ts';
import type { BlockCipher8 } from './cos-crypto.ts';
import { DirectSession } from './direct-session.ts';
import { MemoryJournal } from './memory-journal.ts';
import { openSample } from './open-sample.ts';
import { samplePurchase, type SamplePurchase } from './sample-purchase.ts';
import type { MeterCard } from './meter-files.ts';

/** One pull of the card. */
export interface TearCut {
  /** Where, 0 to 1 over everything that can be cut in a whole write: before each command, inside each EEPROM half, before each answer. */
  readonly at: number;
  /** The torn card goes to the meter before it comes back. */
  readonly meterFirst: boolean;
  /** It comes back to another terminal, which has no journal of it. */
  readonly elsewhere: boolean;
}

export interface TearScenario {
  readonly card: MeterCard;
  readonly seed: number;
  readonly cuts: readonly TearCut[];
  /** A byte of the purse that once does not take what is written. */
  readonly weakByte?: boolean;
}

export interface TearOutcome {
  /** Cuts that happened. */
  readonly cuts: number;
  /** Staff had to present the code because too few tries were left. */
  readonly staff: number;
  /** Paid and not credited, or credited with another amount. */
  readonly lost: boolean;
  /** Credited more than once. */
  readonly doubled: boolean;
  /** The card can never be written again, or lost tries that its right code did not bring back. */
  readonly bricked: boolean;
}

export type CardWriter = (init: WriteCardInit) => Promise<WrittenCard>;

export interface TearRig {
  readonly cipher: BlockCipher8;
  /** `writeCard`, unless a test shows that a worse one is caught. */
  readonly writer?: CardWriter;
  /** See `SamplePurchaseInit`. */
  readonly wrongOrder?: boolean;
}

const CLOCK: Clock = { now: () => 0, monotonic: () => 0, sleep: () => Promise.resolve() };
/** Uncut attempts that a household would make before calling staff. */
const PATIENCE = 4;

/**
 * One purchase, with the card pulled out as the scenario says and put in again, until its write is done; then the
 * meter, twice. The meter's credit is the judge. Deterministic for a scenario.
 */
export async function tearPurchase(scenario: TearScenario, rig: TearRig): Promise<TearOutcome> {
  const purchase = samplePurchase(scenario.card, { ...rig, seed: scenario.seed });
  const events = await tearPlaces(scenario, rig);
  const home = new MemoryJournal();
  const world = new TearWorld(purchase, rig.writer ?? writeCard);
  if (scenario.weakByte === true) world.weaken();
  let written = false;
  for (const cut of scenario.cuts) {
    if (written) break;
    const journal = cut.elsewhere ? new MemoryJournal() : home;
    written = await world.attempt(journal, Math.floor(cut.at * events));
    if (!written && cut.meterFirst) purchase.meter.insert(purchase.card);
  }
  for (let attempt = 0; attempt < PATIENCE && !written; attempt++) {
    written = await world.attempt(home, undefined);
  }
  const before = purchase.meter.balanceFen;
  purchase.meter.insert(purchase.card);
  purchase.meter.insert(purchase.card);
  const { credits, balanceFen } = purchase.meter;
  const gained = balanceFen - world.openingFen;
  return {
    cuts: world.cuts,
    staff: world.staff,
    lost: credits === 0 || (credits === 1 && gained !== purchase.amountFen),
    doubled: credits > 1 || (credits === 1 && gained > purchase.amountFen) || balanceFen < before,
    bricked: !written || !triesAreFull(purchase),
  };
}

/** How many places a whole write of this purchase can be cut at. */
export async function tearPlaces(
  scenario: Pick<TearScenario, 'card' | 'seed'>,
  rig: TearRig,
): Promise<number> {
  const world = new TearWorld(samplePurchase(scenario.card, { ...rig, seed: scenario.seed }), writeCard);
  await world.attempt(new MemoryJournal(), undefined);
  return world.lastEvents;
}

class TearWorld {
  readonly openingFen: number;
  cuts = 0;
  staff = 0;
  lastEvents = 0;
  readonly #purchase: SamplePurchase;
  readonly #writer: CardWriter;
  /** Staff let the key of a CPU card meet its last tries. */
  #vouched = false;

  constructor(purchase: SamplePurchase, writer: CardWriter) {
    this.#purchase = purchase;
    this.#writer = writer;
    this.openingFen = purchase.meter.balanceFen;
  }

  /** The next write of the purse's last byte does nothing. */
  weaken(): void {
    const { card } = this.#purchase;
    card.weakHook = ({ memory, address, half }) => {
      const { zone, offset, length } = this.#purchase.layout.purse;
      if (memory !== zone || address !== offset + length - 1 || half !== 'write') return false;
      card.weakHook = undefined;
      return true;
    };
  }

  /** One insertion: true when the write was done, false when the card was pulled or the terminal gave up. */
  async attempt(journal: MemoryJournal, cutAt: number | undefined): Promise<boolean> {
    const { card, authorise } = this.#purchase;
    const plan = asReleased(this.#purchase.plan, { lastTry: this.#vouched });
    let events = 0;
    const strike = (): boolean => events++ === cutAt;
    card.cutHook = strike;
    const session = new DirectSession(card, strike);
    try {
      const driver = await openSample(this.#purchase, session);
      const lease = { no: 1, expiresAtMonotonic: 1 };
      await this.#writer({
        driver,
        layout: this.#purchase.layout,
        atr: session.atr,
        plan,
        lease,
        journal,
        clock: CLOCK,
        authorise,
      });
      return true;
    } catch (error) {
      if (isRemoval(error)) {
        this.cuts += 1;
        return false;
      }
      if (!(error instanceof MeterCardError)) throw error;
      if (error.code === 'meter-card.code-tries') await this.#staffDesk(session);
      else if (error.code !== 'meter-card.read-back-differs') throw error;
      return false;
    } finally {
      this.lastEvents = events;
      card.cutHook = undefined;
      await session.end();
    }
  }

  /** A staffed kiosk presents the right code, which must bring all tries back; a CPU card's key in the next write. */
  async #staffDesk(session: DirectSession): Promise<void> {
    await session.end();
    this.staff += 1;
    if (this.#purchase.card.chip === 'CPU') {
      this.#vouched = true;
      return;
    }
    this.#purchase.card.cutHook = undefined;
    const desk = new DirectSession(this.#purchase.card);
    const driver = await openSample(this.#purchase, desk);
    for (const { key, code } of this.#purchase.codes) await driver.presentCode(code, key, 'used');
    await desk.end();
  }
}

function triesAreFull({ card }: SamplePurchase): boolean {
  return card.tries.every(({ left, full }) => left === full);
}
