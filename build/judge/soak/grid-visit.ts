import { codeOf } from '@bianmin/card/errors';
import type { OrderState, OrderView } from '@bianmin/purchase/api/order';
import type { Mishaps } from './grid-mishaps.ts';
import { GridPurchases, type PurchasesInit } from './grid-purchases.ts';
import type { GridTerminal, Identified } from './grid-terminal.ts';
import type { Resident, Town } from './grid-town.ts';

/** How long a household stays at home when something is still being decided. */
const REST_MS = 1_500;
/** Who has left does not come again while others buy. */
const GONE_MS = 600_000;
/** States in which a card can be written, or could be if a terminal's word is not true. */
const WRITABLE: ReadonlySet<OrderState> = new Set<OrderState>(['sold', 'writing', 'write-failed', 'done']);

/** A purchase without mishaps. */
const UNHARMED = { faceFen: 1_000, paying: 'once', grid: [], wallet: undefined } as const;

export interface VisitsInit extends PurchasesInit {
  /** The next purchase's mishaps; undefined once enough is bought. */
  readonly nextMishaps: () => Mishaps | undefined;
  /** Absent: nobody thinks better of a purchase that is on the card. */
  readonly takesOff?: (resident: Resident, terminal: GridTerminal) => Promise<boolean>;
}

/** What households do at terminals. Nothing here looks into the server but through its API. */
export class Visits {
  readonly #town: Town;
  readonly #nextMishaps: VisitsInit['nextMishaps'];
  readonly #purchases: GridPurchases;
  readonly #takesOff: VisitsInit['takesOff'];

  constructor(init: VisitsInit) {
    this.#takesOff = init.takesOff;
    this.#town = init.town;
    this.#nextMishaps = init.nextMishaps;
    this.#purchases = new GridPurchases(init);
  }

  /** One household's visit: finishes what waits for its card, else buys. Refusals and outages end it. */
  async visit(resident: Resident, at: { terminal: GridTerminal; other: GridTerminal }): Promise<void> {
    let restMs = REST_MS;
    try {
      restMs = await this.#visit(resident, at);
    } catch (error) {
      this.#town.note(reasonOf(error));
      if (codeOf(error) === 'card.account-closed') restMs = GONE_MS;
    }
    this.#town.comeHome(resident, restMs);
  }

  /**
   * Brings a household to rest: its card is read, what waits for it is written honestly, and the meter sees it.
   * Gives what still waits, or in whose way it was: nothing, once all is done.
   */
  async settle(resident: Resident, terminal: GridTerminal): Promise<string | undefined> {
    try {
      const found = await this.#identified(resident, terminal);
      if (found === undefined) return 'the card of another meter';
      const waiting = found.unfinished;
      if (waiting !== null && WRITABLE.has(waiting.state)) await finish(resident, terminal, found);
      this.#town.visitMeter(resident);
      this.#town.visitMeter(resident);
      const { blocked, unfinished } = await terminal.identify(resident.card);
      if (unfinished !== null) return `${unfinished.orderNo} is ${unfinished.state}`;
      return blocked ?? undefined;
    } catch (error) {
      this.#town.note(reasonOf(error));
      this.#town.visitMeter(resident);
      // Who has left buys nothing any more: what became of the money is judged with all the rest.
      return codeOf(error) === 'card.account-closed' ? undefined : reasonOf(error);
    }
  }

  /** Gives how long the household then stays at home, ms. */
  async #visit(resident: Resident, at: { terminal: GridTerminal; other: GridTerminal }): Promise<number> {
    const { terminal, other } = at;
    const found = await this.#identified(resident, terminal);
    if (found === undefined) return REST_MS;
    const { unfinished, blocked } = found;
    if (unfinished !== null) {
      if (!WRITABLE.has(unfinished.state)) return REST_MS;
      await finish(resident, terminal, found);
      this.#town.visitMeter(resident);
      return 0;
    }
    if (blocked !== null) {
      if (blocked === 'meter.previous-not-inserted' && resident.family.phone !== undefined) {
        await this.#byPhone(resident);
      }
      this.#town.visitMeter(resident);
      return blocked === 'meter.order-open' ? REST_MS : 0;
    }
    const mishaps = this.#nextMishaps();
    if (mishaps === undefined) return 0;
    const rivals = { copy: () => this.#forge(resident, other), phone: () => this.#byPhone(resident) };
    const rival = mishaps.rival === undefined ? undefined : rivals[mishaps.rival]();
    try {
      if (mishaps.afar !== undefined) await this.#purchases.fromAfar(resident, mishaps, mishaps.afar);
      else await this.#byCard(resident, terminal, { found, mishaps });
    } finally {
      await rival;
    }
    return mishaps.paying === 'once' ? 0 : REST_MS;
  }

  /** Undefined: it is the card of a meter that was exchanged, and its household is sent to the grid's counter with it. */
  async #identified(resident: Resident, terminal: GridTerminal): Promise<Identified | undefined> {
    try {
      return await terminal.identify(resident.card);
    } catch (error) {
      if (codeOf(error) !== 'card.meter-exchanged') throw error;
      this.#town.exchanges.renewCard(resident);
      this.#town.visitMeter(resident);
      return undefined;
    }
  }

  async #byCard(
    resident: Resident,
    terminal: GridTerminal,
    { found, mishaps }: { found: Identified; mishaps: Mishaps },
  ): Promise<void> {
    const lie = await this.#purchases.byCard(resident, terminal, { found, mishaps });
    if (mishaps.exchange === 'after-write') this.#town.exchanges.exchangeIfWritten(resident);
    if (lie !== undefined && mishaps.writing === 'false-claim') this.#town.lies.add(lie);
    // Its meter is visited another day: what it says then is newer by its own clock.
    if (mishaps.money?.undo === true && (await this.#takesOff?.(resident, terminal)) === true) return;
    if (mishaps.mixedUp) this.#town.tryOthers(resident);
    if (!mishaps.toMeter) return;
    const { creditedFen } = this.#town.visitMeter(resident);
    // Written and called a failure: once the meter has credited it, the meter contradicts.
    if (lie !== undefined && creditedFen > 0) this.#town.lies.add(lie);
  }

  /** A household at home, whatever happens to the card meanwhile, or over a purchase that is still on it. */
  async #byPhone(resident: Resident): Promise<void> {
    try {
      await this.#purchases.fromAfar(resident, UNHARMED, { link: 'online', linkMs: 0, choice: 'refund' });
    } catch (error) {
      this.#town.note(`phone: ${reasonOf(error)}`);
    }
  }

  /** A copy of the card somewhere else, at the same time: whatever it gets, the meter takes one of the two. */
  async #forge(resident: Resident, terminal: GridTerminal): Promise<void> {
    const copy = this.#town.copyOf(resident);
    try {
      await this.#purchases.byCopy(resident, terminal, copy.card);
    } catch (error) {
      this.#town.note(`rival: ${reasonOf(error)}`);
    } finally {
      this.#town.visitMeter(resident, copy.cardId);
    }
  }
}

/** Writes, honestly, what waits for the card. */
async function finish(resident: Resident, terminal: GridTerminal, found: Identified): Promise<void> {
  const order: OrderView | null = found.unfinished;
  if (order === null) return;
  const { serial } = found;
  await terminal.write({
    orderNo: order.orderNo,
    card: resident.card,
    serial,
    writing: 'honest',
    cutAfter: 0,
  });
}

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code !== undefined) return code;
  // Without numbers, so that the same happening is counted as one.
  return String(error)
    .slice(0, 140)
    .replace(/\d{6,}/g, '…');
}
