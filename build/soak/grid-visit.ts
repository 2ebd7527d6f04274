import type { OrderState, OrderView } from '@bianmin/shared/api/order';
import { codeOf } from '@bianmin/shared/errors';
import type { GridSandbox } from '../../server/sandbox/grid/sandbox.ts';
import type { SandboxClient } from '../sandbox-client.ts';
import type { Mishaps } from './grid-mishaps.ts';
import type { GridTerminal, Identified } from './grid-terminal.ts';
import type { Resident, Town } from './grid-town.ts';

/** How long a household waits at a kiosk for the grid before it goes home. */
const PATIENCE_MS = 8_000;
/** How long it stays at home when something is still being decided. */
const REST_MS = 1_500;

/** States in which a card can be written, or could be if a terminal's word is not true. */
const WRITABLE: ReadonlySet<OrderState> = new Set<OrderState>(['sold', 'writing', 'write-failed', 'done']);
const OVER: ReadonlySet<OrderState> = new Set<OrderState>(['refunding', 'refunded', 'closed', 'attention']);

export interface VisitInit {
  readonly town: Town;
  readonly grid: GridSandbox;
  readonly sandbox: SandboxClient;
  /** The n-th purchase's mishaps; undefined once enough is bought. */
  readonly nextMishaps: () => Mishaps | undefined;
}

/** What households do at terminals. Nothing here looks into the server but through its terminals' API. */
export class Visits {
  readonly #on: VisitInit;

  constructor(init: VisitInit) {
    this.#on = init;
  }

  /** One household's visit: finishes what waits for its card, else buys. Refusals and outages end it. */
  async visit(resident: Resident, at: { terminal: GridTerminal; other: GridTerminal }): Promise<void> {
    const { town } = this.#on;
    let restMs = 0;
    try {
      restMs = await this.#visit(resident, at);
    } catch (error) {
      town.note(codeOf(error) ?? describe(error));
      restMs = REST_MS;
    }
    town.comeHome(resident, restMs);
  }

  /**
   * Brings a household to rest: its card is read, what waits for it is written honestly, and the meter sees it.
   * True where nothing waits any more.
   */
  async settle(resident: Resident, terminal: GridTerminal): Promise<boolean> {
    const { town } = this.#on;
    try {
      const found = await this.#look(resident, terminal);
      const waiting = found.unfinished;
      if (waiting !== null && WRITABLE.has(waiting.state)) {
        await this.#write(resident, terminal, { order: waiting, serial: found.serial });
      }
      town.visitMeter(resident);
      town.visitMeter(resident);
      const { blocked, unfinished } = await this.#look(resident, terminal);
      return blocked === null && unfinished === null;
    } catch (error) {
      town.note(codeOf(error) ?? describe(error));
      town.visitMeter(resident);
      return false;
    }
  }

  async #visit(resident: Resident, at: { terminal: GridTerminal; other: GridTerminal }): Promise<number> {
    const { terminal } = at;
    const found = await this.#look(resident, terminal);
    const { unfinished, blocked } = found;
    if (unfinished !== null) {
      if (!WRITABLE.has(unfinished.state)) return REST_MS;
      await this.#write(resident, terminal, { order: unfinished, serial: found.serial });
      this.#on.town.visitMeter(resident);
      return 0;
    }
    if (blocked !== null) {
      this.#on.town.visitMeter(resident);
      return blocked === 'meter.order-open' ? REST_MS : 0;
    }
    const mishaps = this.#on.nextMishaps();
    if (mishaps === undefined) return 0;
    if (mishaps.rival) {
      const [mine] = await Promise.allSettled([
        this.#buy(resident, terminal, { found, mishaps }),
        this.#forge(resident, at.other),
      ]);
      if (mine.status === 'rejected') throw mine.reason;
    } else {
      await this.#buy(resident, terminal, { found, mishaps });
    }
    if (mishaps.toMeter) this.#on.town.visitMeter(resident);
    return mishaps.paying === 'once' ? 0 : REST_MS;
  }

  async #buy(
    resident: Resident,
    terminal: GridTerminal,
    { found, mishaps }: { found: Identified; mishaps: Mishaps },
  ): Promise<void> {
    const { town, grid, sandbox } = this.#on;
    const { faceFen, paying } = mishaps;
    const { orderNo } = await terminal.order(found.cardSession, faceFen);
    town.orders.set(orderNo, { orderNo, meterNo: resident.meterNo, terminal });
    const codeUrl = await terminal.code(orderNo);
    for (const fault of mishaps.grid) grid.faults.set(fault);
    if (mishaps.wallet !== undefined) await sandbox.walletFault(mishaps.wallet);
    if (codeUrl === null || paying === 'none') return terminal.cancel(orderNo);
    const sold = terminal.until(
      orderNo,
      ({ state }) => WRITABLE.has(state) || OVER.has(state),
      paying === 'late' ? 0 : PATIENCE_MS,
    );
    await sandbox.pay(codeUrl, paying);
    const order = await sold;
    if (order?.state !== 'sold') return;
    const { writing, cutAfter } = mishaps;
    const { serial } = found;
    await terminal.write({ orderNo, card: resident.card, serial, writing, cutAfter });
    if (writing !== 'false-claim') return;
    town.lies.set(orderNo, resident);
    town.lied += 1;
  }

  /** A copy of the card somewhere else, at the same time: whatever it gets, the meter takes one of the two. */
  async #forge(resident: Resident, terminal: GridTerminal): Promise<void> {
    const { town, sandbox } = this.#on;
    const copy = town.copyOf(resident);
    try {
      const { cardSession, unfinished, serial } = await terminal.identify(copy.card);
      let order: OrderView | undefined = unfinished ?? undefined;
      if (unfinished === null) {
        const { orderNo } = await terminal.order(cardSession, 1000);
        town.orders.set(orderNo, { orderNo, meterNo: resident.meterNo, terminal });
        const codeUrl = await terminal.code(orderNo);
        const sold = terminal.until(
          orderNo,
          ({ state }) => WRITABLE.has(state) || OVER.has(state),
          PATIENCE_MS,
        );
        if (codeUrl !== null) await sandbox.pay(codeUrl, 'once');
        order = await sold;
      }
      if (order === undefined || !WRITABLE.has(order.state)) return;
      const { orderNo } = order;
      await terminal.write({ orderNo, card: copy.card, serial, writing: 'honest', cutAfter: 0 });
    } catch (error) {
      town.note(`rival: ${codeOf(error) ?? describe(error)}`);
    } finally {
      town.visitMeter(resident, copy.cardId);
    }
  }

  /** Reads the card; an order called written that is offered for this card again was a lie, and is found out. */
  async #look(resident: Resident, terminal: GridTerminal): Promise<Identified> {
    const found = await terminal.identify(resident.card);
    if (found.unfinished !== null) this.#on.town.lies.delete(found.unfinished.orderNo);
    return found;
  }

  async #write(
    resident: Resident,
    terminal: GridTerminal,
    { order, serial }: { order: OrderView; serial: string },
  ): Promise<void> {
    const { orderNo } = order;
    await terminal.write({ orderNo, card: resident.card, serial, writing: 'honest', cutAfter: 0 });
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message.slice(0, 120)}` : String(error);
}
