import { payHandle, payPage, type PayHandle, type PayPageView } from '@bianmin/purchase/api/pay-page';
import type { Channel } from '@bianmin/purchase/api/channels';
import type { SandboxClient } from '../../kit/sandbox-client.ts';
import { callOnce, type Caller } from '../../run/dev/call.ts';

/**
 * A payer's phone that opened an order's own page (`/p/<token>`) in an ordinary browser: what the page's script does,
 * without the page. Failures are `ApiError`s.
 */
export class PagePhone {
  readonly #api: URL;
  readonly #caller: Caller;

  /** `page`: the address as the one code for every wallet, or an order of a phone's own, says it. */
  constructor(page: string, caller: Caller = {}) {
    const { pathname } = new URL(page);
    this.#api = new URL(`/v1/pay/${pathname.slice(pathname.lastIndexOf('/') + 1)}`, page);
    this.#caller = caller;
  }

  /** What the payer is shown before anything is paid. */
  async look(): Promise<PayPageView> {
    return payPage.parse(await this.#call('GET', this.#api));
  }

  /** Chooses a wallet and follows where it leads; gives what the wallet then pays. */
  async choose(channel: Channel): Promise<string> {
    const url = new URL(`${this.#api.href}/payments`);
    return codeOf(payHandle.parse(await this.#call('POST', url, { channel, product: 'browser' })));
  }

  async #call(method: 'GET' | 'POST', url: URL, body?: unknown): Promise<unknown> {
    const { address, limitMs, around = (call) => call() } = this.#caller;
    return around(async () => (await callOnce(url, { method, address, body, limitMs })).answer);
  }
}

/** Looks at an order's page, sees what it should cost, and pays it with one of the wallets that it offers. */
export async function payOnPage(init: {
  page: string;
  amountFen: number;
  channel: Channel;
  sandbox: SandboxClient;
}): Promise<void> {
  const { page, amountFen, channel, sandbox } = init;
  const phone = new PagePhone(page);
  const { paidFen, ways } = await phone.look();
  if (paidFen !== amountFen) throw new Error(`The page asks for ${paidFen} fen, not for ${amountFen}.`);
  const way = ways.find((each) => each.channel === channel);
  if (way?.down !== null || !way.products.includes('browser')) {
    throw new Error(`The page does not offer ${channel}.`);
  }
  await sandbox.pay(await phone.choose(channel));
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
