import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import {
  accountSchema,
  cardSchema,
  householdSchema,
  insertionSchema,
  meterSchema,
  saleSchema,
  smsSchema,
  usageSchema,
  type Insertion,
  type WorldAccount,
  type WorldCard,
  type WorldHousehold,
  type WorldMeter,
  type WorldSale,
} from './sandbox-answers.ts';
import { ask, get, post } from './sandbox-request.ts';
import { SandboxWallets } from './sandbox-wallets.ts';

/** How long a text may be under way, and how often is looked for it. */
const SMS_PATIENCE_MS = 10_000;
const SMS_LOOK_MS = 50;

/** A household's meter, and what the grid knows of it. */
interface NewMeter {
  balanceFen?: number;
  hoardLimitFen?: number;
  read?: boolean;
  whenFull?: 'leaves-card' | 'writes-back';
  /** Their balance is at the grid; they have no cards. */
  account?: boolean;
}

/** The sandbox's physical world and its wallets, as a person's hands use them. Loopback only. */
export class SandboxClient extends SandboxWallets {
  readonly #grid: string;

  constructor(urls: { readonly gridUrl: string; readonly walletUrl: string }) {
    super(urls.walletUrl);
    this.#grid = urls.gridUrl;
  }

  cards(): Promise<WorldCard[]> {
    return ask(this.#grid, get('/world/cards'), z.array(cardSchema));
  }

  async meter(meterNo: string): Promise<WorldMeter> {
    const meters = await ask(this.#grid, get('/world/meters'), z.array(meterSchema));
    const found = meters.find((meter) => meter.meterNo === meterNo);
    if (found === undefined) throw new Error(`The sandbox has no meter ${meterNo}.`);
    return found;
  }

  async insert(readerId: string, cardId: string): Promise<void> {
    await ask(this.#grid, post(`/world/readers/${readerId}/insert`, { cardId }), z.unknown());
  }

  async eject(readerId: string): Promise<void> {
    await ask(this.#grid, post(`/world/readers/${readerId}/eject`), z.unknown());
  }

  async readerFaults(readerId: string, faults: Readonly<Record<string, unknown>>): Promise<void> {
    await ask(this.#grid, post(`/world/readers/${readerId}/faults`, faults), z.unknown());
  }

  async gridFault(fault: Readonly<Record<string, unknown>>): Promise<void> {
    await ask(this.#grid, post('/world/faults/grid', fault), z.unknown());
  }

  /** Lets go of every message to the grid that a fault holds, however long ago its sender went away. */
  async releaseGrid(): Promise<void> {
    await ask(this.#grid, post('/world/faults/grid/release'), z.unknown());
  }

  async clearGridFaults(): Promise<void> {
    await ask(this.#grid, { method: 'DELETE', path: '/world/faults/grid' }, z.unknown());
  }

  /** The grid's book of one meter. */
  async sales(meterNo: string): Promise<WorldSale[]> {
    const all = await ask(this.#grid, get('/world/sales'), z.array(saleSchema));
    return all.filter((sale) => sale.meterNo === meterNo);
  }

  meterInsert(meterNo: string, cardId: string): Promise<Insertion> {
    return ask(this.#grid, post(`/world/meters/${meterNo}/insert`, { cardId }), insertionSchema);
  }

  /** The newest code that the grid texted to a customer's registered phone; waits for it a while. */
  async textedCode(customerNo: string): Promise<string> {
    const until = performance.now() + SMS_PATIENCE_MS;
    for (;;) {
      const texts = await ask(this.#grid, get('/world/sms'), z.array(smsSchema));
      const found = texts.find((text) => text.customerNo === customerNo);
      if (found !== undefined) return found.code;
      if (performance.now() > until) throw new Error(`The grid texted no code to customer ${customerNo}.`);
      await sleep(SMS_LOOK_MS);
    }
  }

  /** The newest frame that went to a meter from afar, hex. */
  async lastFrame(meterNo: string): Promise<string> {
    const frames = await ask(
      this.#grid,
      get(`/world/meters/${meterNo}/frames`),
      z.array(z.object({ frame: z.string() })),
    );
    const last = frames.at(-1);
    if (last === undefined) throw new Error(`No frame ever went to meter ${meterNo}.`);
    return last.frame;
  }

  /** What happens to frames on their way from the grid to a meter; docs/sandbox.md has the list. */
  async link(meterNo: string, link: 'online' | 'offline' | 'answer-lost' | 'dead'): Promise<void> {
    await ask(this.#grid, post(`/world/meters/${meterNo}/link`, { link }), z.unknown());
  }

  /** Gives a meter a frame past every link, as a forger with a recording would. */
  handFrame(meterNo: string, frame: string): Promise<Insertion> {
    return ask(this.#grid, post(`/world/meters/${meterNo}/frame`, { frame }), insertionSchema);
  }

  usage(cardId: string): Promise<z.output<typeof usageSchema>> {
    return ask(this.#grid, get(`/world/cards/${cardId}/usage`), usageSchema);
  }

  async clone(cardId: string): Promise<string> {
    const answer = await ask(this.#grid, post(`/world/cards/${cardId}/clone`), z.object({ id: z.string() }));
    return answer.id;
  }

  /** `meter`: absent, it holds ten yuan and has no ceiling; fen. */
  households(count: number, chip: string, meter: NewMeter = {}): Promise<WorldHousehold[]> {
    return ask(this.#grid, post('/world/households', { count, chip, ...meter }), z.array(householdSchema));
  }

  /** One of them. */
  async household(chip: string, meter: NewMeter = {}): Promise<WorldHousehold> {
    const [made] = await this.households(1, chip, meter);
    if (made === undefined) throw new Error('The sandbox made no household.');
    return made;
  }

  /** What the grid keeps for a customer, and whether its electricity flows. */
  account(customerNo: string): Promise<WorldAccount> {
    return ask(this.#grid, get(`/world/accounts/${customerNo}`), accountSchema);
  }

  /** A card's household becomes an account's; `open`: what becomes of a sale that waits for the card. */
  convert(customerNo: string, open: 'moved' | 'reversed'): Promise<WorldAccount> {
    return ask(this.#grid, post(`/world/accounts/${customerNo}/convert`, { open }), accountSchema);
  }

  /** Gives the grid a payment once more that it has had, as a network that repeats itself would. */
  async payAgain(orderNo: string): Promise<void> {
    await ask(this.#grid, post(`/world/payments/${orderNo}/again`), z.unknown());
  }

  /** A household uses electricity for so much, fen. */
  async consume(meterNo: string, fen: number): Promise<void> {
    await ask(this.#grid, post(`/world/meters/${meterNo}/consume`, { fen }), z.unknown());
  }

  /** An unissued card of the issuer's stock, for a replacement; gives its id. */
  async stock(chip: string): Promise<string> {
    const cards = await ask(
      this.#grid,
      post('/world/stock', { chip }),
      z.array(z.object({ id: z.string() })),
    );
    const [card] = cards;
    if (card === undefined) throw new Error('The sandbox made no card.');
    return card.id;
  }

  /** Ends the grid's day; gives the day that can be billed now. */
  async cutDay(): Promise<string> {
    const cut = await ask(this.#grid, post('/world/day/cut'), z.object({ day: z.string() }));
    return cut.day;
  }
}
