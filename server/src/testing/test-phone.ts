import type { PaymentHandle } from '../gateways/payment/contract.ts';

/** A payer's phone without a screen: follows what a channel sends it to, as its browser and its wallet would. */
export class TestPhone {
  readonly #walletUrl: string;
  /** What the wallet knows this browser by. */
  #cookie = '';

  constructor(walletUrl: string) {
    this.#walletUrl = walletUrl;
  }

  /** Opens the consent; gives what comes back to our page. */
  async consent(url: string): Promise<{ code: string; state: string | null; back: string }> {
    const response = await this.#open(url);
    const back = locationOf(response);
    this.#cookie = (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const { searchParams } = back;
    const code = searchParams.get('code') ?? searchParams.get('auth_code') ?? '';
    return { code, state: searchParams.get('state'), back: `${back.origin}${back.pathname}` };
  }

  /** The code that the wallet would pay for this handle; rejects where the wallet opens nothing for it. */
  async codeOf(handle: PaymentHandle): Promise<string> {
    switch (handle.kind) {
      case 'code':
        return handle.codeUrl;
      case 'redirect':
        return codeIn(locationOf(await this.#open(handle.url)));
      case 'invoke': {
        const { parameters } = handle;
        if (handle.method === 'alipay-trade') {
          return `alipays://platformapi/startapp?tradeNO=${parameters['tradeNO'] ?? ''}`;
        }
        const query = new URLSearchParams(parameters).toString();
        return codeIn(locationOf(await this.#open(`${this.#walletUrl}/wechat/pay?${query}`)));
      }
    }
  }

  #open(url: string): Promise<Response> {
    return fetch(url, {
      redirect: 'manual',
      headers: { referer: 'https://example.com/p/token', cookie: this.#cookie },
    });
  }
}

function locationOf(response: Response): URL {
  const location = response.headers.get('location');
  if (location === null) throw new Error(`The wallet opened nothing: ${response.status}.`);
  return new URL(location, response.url);
}

function codeIn({ searchParams }: URL): string {
  return searchParams.get('code_url') ?? '';
}
