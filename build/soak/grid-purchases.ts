import { setTimeout as sleep } from 'node:timers/promises';
import type { OrderState, OrderView } from '@bianmin/shared/api/order';
import type { SimulatedCard } from '@bianmin/shared/testing/simulated-card';
import type { GridSandbox } from '../../server/sandbox/grid/sandbox.ts';
import { addressOf } from '../bench/terminal-line.ts';
import { Phone } from '../journey/phone.ts';
import type { SandboxClient } from '../sandbox-client.ts';
import type { FromAfar, Mishaps } from './grid-mishaps.ts';
import type { GridTerminal, Identified } from './grid-terminal.ts';
import type { Resident, Town } from './grid-town.ts';
import { persisting } from './persisting.ts';

/** How long a household waits for the grid before it goes on with its day. */
const PATIENCE_MS = 8_000;
const LOOK_EVERY_MS = 300;
/** Phones call from addresses after the terminals'. */
const FIRST_PHONE = 1_000;
/** What a forger pays for. */
const COPY_FEN = 1_000;

/** States in which nothing more comes while somebody waits. */
const HEARD: ReadonlySet<OrderState> = new Set<OrderState>([
  ...(['sold', 'writing', 'write-failed', 'done', 'credit-failed'] as const),
  ...(['refunding', 'refunded', 'closed', 'attention'] as const),
]);

type AfarMishaps = Pick<Mishaps, 'faceFen' | 'paying' | 'grid' | 'wallet'>;

export interface PurchasesInit {
  readonly town: Town;
  readonly grid: GridSandbox;
  readonly sandbox: SandboxClient;
  readonly webUrl: string;
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
    const { orderNo } = await terminal.order(found.cardSession, faceFen);
    this.#made(resident, orderNo, () => terminal.view(orderNo));
    const codeUrl = await terminal.code(orderNo);
    await this.#spoil(orderNo, mishaps);
    if (codeUrl === null || paying === 'none') {
      await terminal.cancel(orderNo);
      return undefined;
    }
    const patience = paying === 'late' ? 0 : PATIENCE_MS;
    const sold = terminal.until(orderNo, ({ state }) => HEARD.has(state), patience);
    await this.#pay(codeUrl, { paying, again: () => terminal.view(orderNo) });
    if ((await sold)?.state !== 'sold') return undefined;
    const { serial } = found;
    const lied = await terminal.write({ orderNo, card: resident.card, serial, writing, cutAfter });
    return lied ? orderNo : undefined;
  }

  /** By customer number, from the household's phone, while something is wrong with the way to its meter. */
  async fromAfar(resident: Resident, mishaps: AfarMishaps, afar: FromAfar): Promise<void> {
    const { world } = this.#on.grid;
    const { phone, bindingId } = (resident.phone ??= await this.#bound(resident));
    const { orderNo } = await phone.order(bindingId, mishaps.faceFen);
    const view = (): Promise<OrderView> => phone.view(orderNo);
    this.#made(resident, orderNo, view, () => phone.choose(orderNo, 'refund'));
    const codeUrl = await phone.code(orderNo);
    await this.#spoil(orderNo, mishaps);
    if (codeUrl === null || mishaps.paying === 'none') return;
    world.setLink(resident.meterNo, afar.link, afar.linkMs);
    try {
      await this.#pay(codeUrl, { paying: mishaps.paying, again: view });
      const until = performance.now() + (mishaps.paying === 'late' ? 0 : PATIENCE_MS);
      const mended = performance.now() + afar.linkMs;
      let order = await view();
      while (!HEARD.has(order.state) && performance.now() < until) {
        await sleep(LOOK_EVERY_MS);
        if (afar.link === 'offline' && performance.now() > mended) world.setLink(resident.meterNo, 'online');
        order = await view();
      }
      if (order.state === 'credit-failed') await phone.choose(orderNo, afar.choice);
    } finally {
      // A frame that is slow is on its way all the same.
      world.setLink(resident.meterNo, 'online');
    }
  }

  /** What somebody does who has a copy of the card: finishes what waits for it, or buys. */
  async byCopy(resident: Resident, terminal: GridTerminal, card: SimulatedCard): Promise<void> {
    const { cardSession, unfinished, serial } = await terminal.identify(card);
    let order: OrderView | undefined = unfinished ?? undefined;
    if (unfinished === null) {
      const { orderNo } = await terminal.order(cardSession, COPY_FEN);
      const view = (): Promise<OrderView> => terminal.view(orderNo);
      this.#made(resident, orderNo, view);
      const codeUrl = await terminal.code(orderNo);
      const sold = terminal.until(orderNo, ({ state }) => HEARD.has(state), PATIENCE_MS);
      if (codeUrl !== null) await this.#pay(codeUrl, { paying: 'once', again: view });
      order = await sold;
    }
    if (order?.state !== 'sold') return;
    await terminal.write({ orderNo: order.orderNo, card, serial, writing: 'honest', cutAfter: 0 });
  }

  #made(
    resident: Resident,
    orderNo: string,
    view: () => Promise<OrderView>,
    giveUp?: () => Promise<unknown>,
  ): void {
    const order = { orderNo, meterNo: resident.meterNo, view };
    this.#on.town.orders.set(orderNo, giveUp === undefined ? order : { ...order, giveUp });
  }

  async #bound({ customerNo }: Resident): Promise<{ phone: Phone; bindingId: string }> {
    const { webUrl, sandbox } = this.#on;
    this.#phones += 1;
    const phone = await Phone.begin({
      webUrl,
      address: addressOf(FIRST_PHONE + this.#phones),
      around: persisting,
    });
    return { phone, bindingId: await phone.bind(customerNo, (number) => sandbox.textedCode(number)) };
  }

  async #spoil(orderNo: string, { grid, wallet }: Pick<Mishaps, 'grid' | 'wallet'>): Promise<void> {
    for (const fault of grid) this.#on.grid.faults.set(fault);
    if (wallet === undefined) return;
    const { notify, ...others } = wallet;
    await this.#on.sandbox.walletFault({
      ...others,
      ...(notify === undefined ? {} : { notify: notify.map((fault) => ({ ...fault, about: orderNo })) }),
    });
  }

  /** A code may be replaced while its order is on a screen, which then shows the newer one. */
  async #pay(
    codeUrl: string,
    { paying, again }: { paying: 'once' | 'late' | 'twice'; again: () => Promise<OrderView> },
  ): Promise<void> {
    const { sandbox } = this.#on;
    try {
      await sandbox.pay(codeUrl, paying);
    } catch (error) {
      const newer = (await again()).payment?.codeUrl ?? null;
      if (newer === null || newer === codeUrl) throw error;
      await sandbox.pay(newer, paying);
    }
  }
}
