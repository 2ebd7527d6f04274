import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel } from '@bianmin/shared/api/scalars';
import { loadConfig, dataKeyOf } from '../../server/src/config.ts';
import { SealedLinks } from '../../server/src/domain/sealed-links.ts';
import { addressOf } from '../bench/terminal-line.ts';
import type { Stack } from '../dev/stack.ts';
import { PagePhone } from '../journey/page-phone.ts';
import type { SandboxClient } from '../sandbox-client.ts';
import type { GridTerminal } from './grid-terminal.ts';
import type { MoneyPlan } from './grid-mishaps.ts';
import { PayingByCode, type Paid, type PaidAt, type Paying } from './paying.ts';
import { persisting } from './persisting.ts';

/** Payers' phones at the page call from addresses after the terminals' and the residents'. */
const FIRST_PAGE = 20_000;
const PAGES = 5_000;

export interface MoneyPayingInit {
  readonly stack: Pick<Stack, 'urls' | 'serverEnv'>;
  readonly sandbox: SandboxClient;
  /** Who stands behind the counter. */
  readonly clerk: { readonly staff: string; readonly pin: string };
}

/** By wallets' codes, by the page behind the one code for every wallet, and in cash. */
export class MoneyPaying implements Paying {
  /** Orders for which somebody went to the counter, and at which terminal. */
  readonly counters = new Map<string, GridTerminal>();
  readonly #init: MoneyPayingInit;
  readonly #codes: PayingByCode;
  readonly #links: SealedLinks;
  #pages = 0;

  constructor(init: MoneyPayingInit) {
    this.#init = init;
    this.#codes = new PayingByCode(init.sandbox);
    const secret = dataKeyOf(loadConfig(init.stack.serverEnv));
    this.#links = new SealedLinks({
      ...{ secret, purpose: 'bianmin pay links', base: `${init.stack.urls.webUrl}/p/` },
    });
  }

  async begin(order: PaidAt): Promise<(() => Promise<void>) | undefined> {
    const { sandbox, clerk } = this.#init;
    const { money, paying } = order.mishaps;
    if (money?.before !== undefined) await sandbox.walletFault({ wallet: money.channel, ...money.before });
    if (money === undefined || money.by === 'code') return this.#codes.begin(order);
    if (money.by === 'page') return this.#byPage(order, money);
    if (!('terminal' in order) || paying === 'none') return undefined;
    const { terminal, orderNo } = order;
    this.counters.set(orderNo, terminal);
    return () => terminal.takeCash(orderNo, clerk);
  }

  /** Opened in an ordinary browser, with a wallet chosen there; all who pay have chosen before the first pays. */
  async #byPage(
    order: Paid,
    { channel, also }: Pick<MoneyPlan, 'channel' | 'also'>,
  ): Promise<(() => Promise<void>) | undefined> {
    const codeUrl = await this.#chosen(order, channel);
    const others: { codeUrl: string; afterMs: number }[] = [];
    for (const each of also) {
      others.push({ codeUrl: await this.#chosen(order, each.channel), afterMs: each.afterMs });
    }
    await this.#codes.spoil(order);
    return async () => {
      const later = others.map(async (other) => {
        await sleep(other.afterMs);
        await this.#payAgain(other.codeUrl);
      });
      await Promise.all([this.#codes.pay(codeUrl, order), ...later]);
    };
  }

  #chosen(order: Paid, channel: Channel): Promise<string> {
    this.#pages += 1;
    const address = addressOf(FIRST_PAGE + (this.#pages % PAGES));
    const page = new PagePhone(this.#links.urlOf(order.orderNo), { address, around: persisting });
    return page.choose(channel);
  }

  /** The wallet refuses where the order's code was closed in time; then nobody paid twice. */
  async #payAgain(codeUrl: string): Promise<void> {
    await this.#init.sandbox.pay(codeUrl).catch((error: unknown) => {
      if (!String(error).includes(': 409 ')) throw error;
    });
  }
}
