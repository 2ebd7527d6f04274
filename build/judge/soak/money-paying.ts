import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '@bianmin/purchase/api/client-error';
import { type Channel, CHANNELS } from '@bianmin/purchase/api/channels';
import { dataKeysFrom } from '../../../server/src/config/data-keys.ts';
import { SealedLinks } from '../../../server/src/orders/desk/sealed-links.ts';
import { addressOf } from '../bench/terminal-line.ts';
import type { Stack } from '../../run/dev/stack-contract.ts';
import { PagePhone } from '../journey/page-phone.ts';
import type { SandboxClient } from '../../kit/sandbox-client.ts';
import type { GridTerminal } from './grid-terminal.ts';
import type { Also, MoneyPlan } from './grid-mishaps.ts';
import { PayingByCode, type Paid, type PaidAt, type Paying } from './paying.ts';
import { persisting } from '../bench/persisting.ts';

/** Payers' phones at the page call from addresses after the terminals' and the residents'. */
const FIRST_PAGE = 20_000;
const PAGES = 5_000;
/** A household does not wait for a payer who comes later than that, ms. */
const WAITS_MS = 5_000;
/** Who pays while an order is closed comes between a channel's answer and the server's hearing of it, ms. */
const CROSSING = { answerMs: 2_500, payMs: 800 } as const;
/** What the server says to a payer who came too late. */
const TOO_LATE: ReadonlySet<string> = new Set(['order.already-paid', 'order.closed']);

export interface MoneyPayingInit {
  readonly stack: Pick<Stack, 'urls' | 'serverEnv'>;
  readonly sandbox: SandboxClient;
  /** Who stands behind the counter. */
  readonly clerk: { readonly staff: string; readonly pin: string };
  /** Told why a later payer could not pay. */
  readonly note: (error: unknown) => void;
}

/** By wallets' codes, by the page behind the one code for every wallet, and in cash; alone, together, and much later. */
export class MoneyPaying implements Paying {
  /** Orders that were taken to the counter, and at which terminal. */
  readonly counters = new Map<string, GridTerminal>();
  /** Orders that a wallet paid when they were over. */
  readonly paidLate = new Set<string>();
  readonly #init: MoneyPayingInit;
  readonly #codes: PayingByCode;
  readonly #links: SealedLinks;
  readonly #later = new Set<Promise<void>>();
  #pages = 0;

  constructor(init: MoneyPayingInit) {
    this.#init = init;
    this.#codes = new PayingByCode(init.sandbox);
    const keys = dataKeysFrom(init.stack.serverEnv);
    this.#links = new SealedLinks({
      ...{ keys, purpose: 'bianmin pay links', base: `${init.stack.urls.webUrl}/p/` },
    });
  }

  async begin(order: PaidAt): Promise<(() => Promise<void>) | undefined> {
    const { money, paying } = order.mishaps;
    if (money === undefined) return this.#codes.begin(order);
    await this.#spoil(order.orderNo, money);
    if (money.by === 'code') {
      const pay = await this.#codes.begin(order);
      return money.crosses && 'terminal' in order && pay !== undefined ? () => this.#cross(order, pay) : pay;
    }
    const others = await this.#others(order, money.also);
    const first = await (money.by === 'page' ? this.#byPage(order, money.channel) : this.#inCash(order));
    if (paying === 'none') void others();
    return first === undefined || paying === 'none'
      ? undefined
      : async () => void (await Promise.all([others(), first()]));
  }

  /** When everybody has paid who will. */
  async done(): Promise<void> {
    while (this.#later.size > 0) await Promise.all(this.#later);
  }

  /** What goes wrong at wallets with this order from now on. */
  async #spoil(orderNo: string, { channel, before, slow, refunds }: MoneyPlan): Promise<void> {
    const { sandbox } = this.#init;
    if (before !== undefined) await sandbox.walletFault({ wallet: channel, ...before });
    for (const { channel: wallet, ...call } of slow) {
      await sandbox.walletFault({ wallet, add: true, api: [{ ...call, about: orderNo }] });
    }
    if (refunds === undefined) return;
    for (const wallet of CHANNELS) {
      // Alipay's answers say of a refund that was made at once, or is notified, that it was made, and no sum of it alone.
      const shortFen = wallet === 'alipay' ? 0 : refunds.shortFen;
      const plan = { ...refunds, shortFen, about: orderNo, times: 5 };
      await sandbox.walletFault({ wallet, add: true, refunds: [plan] });
    }
  }

  /** Opened in an ordinary browser, with a wallet chosen there. */
  async #byPage(order: Paid, channel: Channel): Promise<() => Promise<void>> {
    const codeUrl = await this.#chosen(order, channel);
    await this.#codes.spoil(order);
    return () => this.#codes.pay(codeUrl, order);
  }

  async #inCash(order: PaidAt): Promise<(() => Promise<void>) | undefined> {
    if (!('terminal' in order) || order.mishaps.paying === 'none') return undefined;
    const { terminal, orderNo, mishaps } = order;
    return async () => {
      await sleep(mishaps.money?.cashAfterMs ?? 0);
      this.counters.set(orderNo, terminal);
      await unlessTooLate(terminal.takeCash(orderNo, this.#init.clerk));
    };
  }

  /** All who pay have chosen before the first pays. Gives what lets them pay; it waits for those that a household waits for. */
  async #others(order: Paid, also: readonly Also[]): Promise<() => Promise<void>> {
    const others: { codeUrl: string; payer: Also }[] = [];
    for (const payer of also) others.push({ codeUrl: await this.#chosen(order, payer.channel), payer });
    return async () => {
      const all = others.map(async ({ codeUrl, payer }) => {
        await sleep(payer.afterMs);
        await this.#payAgain(order.orderNo, codeUrl, payer);
      });
      for (const each of all) this.#track(each);
      await Promise.all(all.filter((_, n) => (others[n]?.payer.afterMs ?? 0) <= WAITS_MS));
    };
  }

  #chosen(order: Paid, channel: Channel): Promise<string> {
    this.#pages += 1;
    const address = addressOf(FIRST_PAGE + (this.#pages % PAGES));
    const page = new PagePhone(this.#links.urlOf(order.orderNo), { address, around: persisting });
    return page.choose(channel);
  }

  /** A wallet refuses where the order's code was closed in time, unless its payer confirmed just before that. */
  async #payAgain(orderNo: string, codeUrl: string, payer: Also): Promise<void> {
    const { sandbox } = this.#init;
    const { channel: wallet, untold, insists } = payer;
    if (untold) {
      await sandbox.walletFault({
        ...{ wallet, add: true },
        notify: [{ on: 'payment', kind: 'lost', about: orderNo }],
      });
    }
    if (await this.#paid(codeUrl, 'once')) return;
    if (insists && (await this.#paid(codeUrl, 'late'))) this.paidLate.add(orderNo);
  }

  /** False where the wallet refused. */
  async #paid(codeUrl: string, mode: 'once' | 'late'): Promise<boolean> {
    try {
      await this.#init.sandbox.pay(codeUrl, mode);
      return true;
    } catch (error) {
      if (String(error).includes(': 409 ')) return false;
      throw error;
    }
  }

  /**
   * The terminal has the order closed, the channel says late that it is unpaid, and meanwhile it is paid; the server
   * is not notified of it, closing says that it is paid, and the first question after that is answered from books
   * that lag.
   */
  async #cross(order: Paid & { terminal: GridTerminal }, pay: () => Promise<void>): Promise<void> {
    const { terminal, orderNo } = order;
    const asked = { on: 'query', about: orderNo } as const;
    await this.#init.sandbox.walletFault({
      ...{ wallet: 'wechat', add: true },
      api: [
        { ...asked, kind: 'slow-after', delayMs: CROSSING.answerMs },
        { ...asked, kind: 'behind' },
      ],
      notify: [{ on: 'payment', kind: 'lost', about: orderNo }],
    });
    const closed = unlessTooLate(terminal.cancel(orderNo));
    const paid = sleep(CROSSING.payMs).then(pay);
    await Promise.all([paid, closed]);
  }

  #track(work: Promise<void>): void {
    const over = work.catch(this.#init.note).finally(() => this.#later.delete(over));
    this.#later.add(over);
  }
}

async function unlessTooLate(call: Promise<void>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof ApiError) || !TOO_LATE.has(error.code)) throw error;
  }
}
