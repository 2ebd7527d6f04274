import { payHandle, type PayHandle } from '@bianmin/shared/api/pay-page';
import { errorOfAnswer, unreachable } from '@bianmin/shared/api/client-error';
import type { Channel } from '@bianmin/shared/api/scalars';
import { loadConfig, dataKeyOf } from '../../server/src/config.ts';
import { PayLinks } from '../../server/src/pay-page/links.ts';
import { addressOf } from '../bench/terminal-line.ts';
import type { Stack } from '../dev/stack.ts';
import type { SandboxClient } from '../sandbox-client.ts';
import type { GridTerminal } from './grid-terminal.ts';
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
  readonly #links: PayLinks;
  #pages = 0;

  constructor(init: MoneyPayingInit) {
    this.#init = init;
    this.#codes = new PayingByCode(init.sandbox);
    const secret = dataKeyOf(loadConfig(init.stack.serverEnv));
    this.#links = new PayLinks({ secret, publicUrl: init.stack.urls.webUrl });
  }

  async begin(order: PaidAt): Promise<(() => Promise<void>) | undefined> {
    const { sandbox, clerk } = this.#init;
    const { money, paying } = order.mishaps;
    if (money?.before !== undefined) await sandbox.walletFault({ wallet: money.channel, ...money.before });
    if (money === undefined || money.by === 'code') return this.#codes.begin(order);
    if (money.by === 'page') return this.#byPage(order, money.channel);
    if (!('terminal' in order) || paying === 'none') return undefined;
    const { terminal, orderNo } = order;
    this.counters.set(orderNo, terminal);
    return () => terminal.takeCash(orderNo, clerk);
  }

  async #byPage(order: Paid, channel: Channel): Promise<(() => Promise<void>) | undefined> {
    const codeUrl = await codeOf(await this.#handle(order.orderNo, channel));
    await this.#codes.spoil(order);
    return () => this.#codes.pay(codeUrl, order);
  }

  /** What a phone is given that opened the page in an ordinary browser and chose a wallet. */
  #handle(orderNo: string, channel: Channel): Promise<PayHandle> {
    const { webUrl } = this.#init.stack.urls;
    this.#pages += 1;
    const headers = {
      'content-type': 'application/json',
      'x-forwarded-for': addressOf(FIRST_PAGE + (this.#pages % PAGES)),
    };
    const body = JSON.stringify({ channel, product: 'browser' });
    return persisting(async () => {
      const url = `${webUrl}/v1/pay/${this.#links.tokenOf(orderNo)}/payments`;
      const response = await fetch(url, { method: 'POST', headers, body }).catch((cause: unknown) => {
        throw unreachable(cause);
      });
      const answer: unknown = await response.json();
      if (response.ok) return payHandle.parse(answer);
      throw errorOfAnswer({ status: response.status, headers: Object.fromEntries(response.headers) }, answer);
    });
  }
}

/** What a wallet pays at the end of the way that a browser is sent. */
async function codeOf(handle: PayHandle): Promise<string> {
  if (handle.kind === 'code') return handle.codeUrl;
  if (handle.kind === 'invoke') throw new Error('A browser was told to call a wallet.');
  const prepayId = new URL(handle.url).searchParams.get('prepay_id');
  if (prepayId !== null) return `weixin://wap/pay?prepayid=${prepayId}`;
  // Alipay's trade begins as the browser follows the address, and goes on to its cashier.
  const followed = await fetch(handle.url, { redirect: 'manual' });
  await followed.arrayBuffer();
  const cashier = new URL(followed.headers.get('location') ?? handle.url, handle.url);
  const codeUrl = cashier.searchParams.get('code_url');
  if (codeUrl === null) throw new Error(`Nothing to pay at ${cashier.origin}${cashier.pathname}.`);
  return codeUrl;
}
