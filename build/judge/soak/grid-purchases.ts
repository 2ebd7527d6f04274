import { setTimeout as sleep } from 'node:timers/promises';
import type { SimulatedCard } from '@bianmin/card/testing/simulated-card';
import type { OrderState, OrderView } from '@bianmin/purchase/api/order';
import type { GridSandbox } from '../../../server/sandbox/grid/sandbox.ts';
import { addressOf } from '../bench/terminal-line.ts';
import { Phone } from '../journey/phone.ts';
import type { SandboxClient } from '../../kit/sandbox-client.ts';
import type { Caller } from '../../run/dev/call.ts';
import type { FromAfar, Mishaps } from './grid-mishaps.ts';
import type { Holding } from './grid-outage.ts';
import type { GridTerminal, Identified } from './grid-terminal.ts';
import type { FamilyPhone, Home } from './families.ts';
import type { Resident, ShownHousehold, Town } from './grid-town.ts';
import type { Paid, Paying } from './paying.ts';
import { persisting } from '../bench/persisting.ts';

/** How long a household waits for the grid before it goes on with its day. */
const PATIENCE_MS = 8_000;
const LOOK_EVERY_MS = 300;
/** Phones call from addresses after the terminals'. */
const FIRST_PHONE = 1_000;
/** What a forger pays for. */
const COPY_FEN = 1_000;

/** States in which nothing more comes while the terminal waits. */
const HEARD: ReadonlySet<OrderState> = new Set<OrderState>([
  ...(['sold', 'writing', 'write-failed', 'done', 'credit-failed'] as const),
  ...(['refunding', 'refunded', 'closed', 'attention'] as const),
]);

type AfarMishaps = Pick<Mishaps, 'faceFen' | 'paying' | 'grid' | 'wallet' | 'money'>;

export interface PurchasesInit {
  readonly town: Town;
  readonly grid: GridSandbox;
  readonly sandbox: SandboxClient;
  readonly webUrl: string;
  readonly paying: Paying;
  /** How phones call; absent: until they are answered. */
  readonly phones?: Pick<Caller, 'around' | 'limitMs'>;
  /** Absent: no household waits. */
  readonly holding?: Holding;
}

/** Buying, with everything that goes wrong with it. */
export class GridPurchases {
  readonly #on: PurchasesInit;
  #phones = 0;

  constructor(init: PurchasesInit) {
    this.#on = init;
  }

  /** At a kiosk; gives the order's number where the terminal lied about its card. */
  async byCard(
    resident: Resident,
    terminal: GridTerminal,
    { found, mishaps }: { found: Identified; mishaps: Mishaps },
  ): Promise<string | undefined> {
    const { faceFen, paying, writing, cutAfter } = mishaps;
    await this.#on.holding?.beforeOrder();
    const { orderNo } = await terminal.order(found.cardSession, faceFen);
    const view = (): Promise<OrderView> => terminal.view(orderNo);
    const paid = this.#made(resident, { orderNo, shown: found.customer, mishaps, view });
    const pay = await this.#on.paying.begin({ ...paid, terminal });
    this.#spoil(mishaps);
    if (pay === undefined || paying === 'none') {
      await terminal.cancel(orderNo);
      return undefined;
    }
    const patience = paying === 'late' ? 0 : PATIENCE_MS;
    await this.#on.holding?.beforePaying(orderNo);
    const sold = terminal.until(orderNo, ({ state }) => HEARD.has(state), patience);
    await pay();
    if ((await sold)?.state !== 'sold') return undefined;
    this.#on.town.onSold(orderNo);
    const { serial } = found;
    if (mishaps.exchange === 'before-write') this.#on.town.exchanges.exchange(resident);
    if (mishaps.mixedUp) await this.#writeOther(resident, terminal, { orderNo, serial });
    const lied = await terminal.write({ orderNo, card: resident.card, serial, writing, cutAfter });
    return lied ? orderNo : undefined;
  }

  /** By customer number, from the household's phone, while something is wrong with the way to its meter. */
  async fromAfar(resident: Resident, mishaps: AfarMishaps, afar: FromAfar): Promise<void> {
    const { world } = this.#on.grid;
    const { phone, bindings } = await this.#phoneOf(resident);
    const bindingId = bindings.get(resident.customerNo) ?? '';
    const { orderNo, customer: shown } = await phone.order(bindingId, mishaps.faceFen);
    const view = (): Promise<OrderView> => phone.view(orderNo);
    const giveUp = (): Promise<unknown> => phone.choose(orderNo, 'refund');
    const paid = this.#made(resident, { orderNo, shown, mishaps, view, giveUp });
    const pay = await this.#on.paying.begin({ ...paid, phone });
    this.#spoil(mishaps);
    if (pay === undefined || mishaps.paying === 'none') return;
    await this.#on.holding?.beforePaying(orderNo);
    world.setLink(resident.meterNo, afar.link, afar.linkMs);
    try {
      await pay();
      const until = performance.now() + (mishaps.paying === 'late' ? 0 : PATIENCE_MS);
      const mended = performance.now() + afar.linkMs;
      let order = await view();
      while (!HEARD.has(order.state) && performance.now() < until) {
        await sleep(LOOK_EVERY_MS);
        if (afar.link === 'offline' && performance.now() > mended) world.setLink(resident.meterNo, 'online');
        order = await view();
      }
      if (order.state === 'done') this.#on.town.onSold(orderNo);
      if (order.state === 'credit-failed') await phone.choose(orderNo, afar.choice);
    } finally {
      // A frame that is slow is on its way all the same.
      world.setLink(resident.meterNo, 'online');
    }
  }

  /** What a forger does who has a copy of the card: finishes what waits for it, or buys. */
  async byCopy(resident: Resident, terminal: GridTerminal, card: SimulatedCard): Promise<void> {
    const { cardSession, unfinished, serial, customer: shown } = await terminal.identify(card);
    let order: OrderView | undefined = unfinished ?? undefined;
    if (unfinished === null) {
      const { orderNo } = await terminal.order(cardSession, COPY_FEN);
      const mishaps = { faceFen: COPY_FEN, paying: 'once', grid: [], wallet: undefined } as const;
      const view = (): Promise<OrderView> => terminal.view(orderNo);
      const paid = this.#made(resident, { orderNo, shown, mishaps, view });
      const pay = await this.#on.paying.begin({ ...paid, terminal });
      const sold = terminal.until(orderNo, ({ state }) => HEARD.has(state), PATIENCE_MS);
      await pay?.();
      order = await sold;
    }
    if (order?.state !== 'sold') return;
    await terminal.write({ orderNo: order.orderNo, card, serial, writing: 'honest', cutAfter: 0 });
  }

  /** Another card of the family goes in where this one's purchase is to be written. */
  async #writeOther(
    resident: Resident,
    terminal: GridTerminal,
    paidFor: { orderNo: string; serial: string },
  ): Promise<void> {
    const lender = this.#on.town.borrow(resident);
    if (lender === undefined) return;
    try {
      await terminal.write({ ...paidFor, card: lender.card, writing: 'honest', cutAfter: 0 });
    } finally {
      this.#on.town.giveBack(lender);
    }
  }

  #made(
    { meterNo, customerNo }: Resident,
    made: Paid & { shown: ShownHousehold; giveUp?: () => Promise<unknown> },
  ): Paid {
    const { orderNo, shown, mishaps, view, giveUp } = made;
    this.#on.town.made({ orderNo, meterNo, customerNo, shown, view, ...(giveUp && { giveUp }) }, mishaps);
    return { orderNo, mishaps, view };
  }

  /** The family's; one that could not be bound is tried again next time. */
  async #phoneOf({ family }: Resident): Promise<FamilyPhone> {
    const phone = (family.phone ??= this.#bound(family.homes));
    try {
      return await phone;
    } catch (error) {
      if (family.phone === phone) delete family.phone;
      throw error;
    }
  }

  async #bound(homes: readonly Home[]): Promise<FamilyPhone> {
    const { webUrl, sandbox, phones = { around: persisting } } = this.#on;
    this.#phones += 1;
    const address = addressOf(FIRST_PHONE + this.#phones);
    const phone = await Phone.begin({ webUrl, address, ...phones });
    const bindings = new Map<string, string>();
    for (const { customerNo } of homes) {
      bindings.set(customerNo, await phone.bind(customerNo, (number) => sandbox.textedCode(number)));
    }
    return { phone, bindings };
  }

  #spoil({ grid }: Pick<Mishaps, 'grid'>): void {
    for (const fault of grid) this.#on.grid.faults.set(fault);
  }
}
