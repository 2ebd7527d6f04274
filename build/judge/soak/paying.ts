import type { OrderView } from '@bianmin/purchase/api/order';
import type { Phone } from '../journey/phone.ts';
import type { SandboxClient } from '../../kit/sandbox-client.ts';
import type { Mishaps } from './grid-mishaps.ts';
import type { GridTerminal } from './grid-terminal.ts';

/** An order that is to be paid. */
export interface Paid {
  readonly orderNo: string;
  readonly mishaps: Pick<Mishaps, 'faceFen' | 'paying' | 'wallet' | 'money'>;
  /** By the terminal or the phone that made it. */
  readonly view: () => Promise<OrderView>;
}

/** At whose screen it is paid: a kiosk's or a phone's own. */
export type PaidAt = Paid & ({ readonly terminal: GridTerminal } | { readonly phone: Phone });

/** How the money of orders comes. */
export interface Paying {
  /** Begins to be paid, with the wallet's mishaps set; gives what pays it, or nothing where it cannot be paid. */
  begin(order: PaidAt): Promise<(() => Promise<void>) | undefined>;
}

/** By the code that a wallet gives for one order. */
export class PayingByCode implements Paying {
  readonly #sandbox: SandboxClient;

  constructor(sandbox: SandboxClient) {
    this.#sandbox = sandbox;
  }

  async begin(order: PaidAt): Promise<(() => Promise<void>) | undefined> {
    const { orderNo, mishaps } = order;
    const channel = mishaps.money?.channel ?? 'wechat';
    const at = 'terminal' in order ? order.terminal : order.phone;
    const codeUrl = await at.code(orderNo, channel);
    await this.spoil(order);
    return codeUrl === null ? undefined : () => this.pay(codeUrl, order);
  }

  /** Sets what goes wrong at the wallet from now on; what is about notifications, for this order's alone. */
  async spoil({ orderNo, mishaps }: Paid): Promise<void> {
    const { wallet, money } = mishaps;
    if (wallet === undefined) return;
    const { notify, ...others } = wallet;
    await this.#sandbox.walletFault({
      wallet: money?.channel ?? 'wechat',
      ...others,
      ...(notify === undefined ? {} : { notify: notify.map((fault) => ({ ...fault, about: orderNo })) }),
    });
  }

  /** A code may be replaced while its order is on a screen, which then shows the newer one. */
  async pay(codeUrl: string, { mishaps, view }: Paid): Promise<void> {
    const { paying } = mishaps;
    if (paying === 'none') return;
    try {
      await this.#sandbox.pay(codeUrl, paying);
    } catch (error) {
      const newer = (await view()).payment?.codeUrl ?? null;
      if (newer === null || newer === codeUrl) throw error;
      await this.#sandbox.pay(newer, paying);
    }
  }
}
