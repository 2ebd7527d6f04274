import type { Channel } from '@bianmin/purchase/api/channels';
import type { Order, Payment } from '../../orders/model/order.ts';
import type { Town } from './town.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** A little longer than a code lives. */
const MOST_THOUGHT_MS = 6 * MINUTE;
/** Before the code dies. */
const LAST_MOMENT_MS = 20 * SECOND;
/** How often a wallet tries to tell us. */
const TRIES = 8;

/** Payers with a wallet, and the wallets, which tell us what was paid and given back. */
export class Payers {
  readonly #town: Town;

  constructor(town: Town) {
    this.#town = town;
  }

  /** A payer scans what a screen shows, thinks it over, and pays or does not. */
  scan({ payments }: Order): void {
    const { turns, dice } = this.#town;
    // Two phones, held up at the same moment.
    const together = dice.chance(0.5) ? this.thoughtMs() : undefined;
    for (const payment of payments) {
      if (payment.channel === 'cash' || payment.codeUrl === null) continue;
      const { codeUrl } = payment;
      const afterMs = together ?? (dice.chance(0.1) ? this.#lastMs(payment) : this.thoughtMs());
      if (dice.chance(0.95)) turns.begin(() => this.#pay(payment, { codeUrl, afterMs }));
    }
  }

  /** A wallet tells of a payment, or of a refund, until it is heard or gives up. */
  tell(no: string, channel: Channel, of: 'payment' | 'refund' = 'payment'): void {
    this.#town.turns.begin(() => this.#tell(no, channel, of));
  }

  /** Refunds that were worked on are done, at any time. */
  async settle(): Promise<void> {
    const { turns, dice, channels, weather } = this.#town;
    while (!weather.calm) {
      await turns.sleep(dice.below(20 * MINUTE));
      for (const [name, channel] of channels) {
        for (const no of dice.chance(0.5) ? channel.settleRefunds() : []) this.tell(no, name, 'refund');
      }
      if (turns.now() >= weather.clearsAt) return;
    }
  }

  /** Until a person has made up their mind. */
  thoughtMs(): number {
    const { dice } = this.#town;
    return dice.below(dice.chance(0.85) ? MINUTE / 2 : MOST_THOUGHT_MS);
  }

  /** Until a person pays who does so in the last moment. */
  #lastMs({ expiresAt }: Payment): number {
    const { turns, dice } = this.#town;
    return Math.max(0, expiresAt.getTime() - turns.now() - dice.below(LAST_MOMENT_MS));
  }

  async #pay({ channel, no }: Payment, by: { codeUrl: string; afterMs: number }): Promise<void> {
    if (channel === 'cash') return;
    const { turns, dice, channels, regardless, untold } = this.#town;
    const { codeUrl, afterMs } = by;
    await turns.sleep(afterMs);
    const wallet = channels.get(channel);
    if (wallet?.pay(codeUrl) === true) {
      if (dice.chance(0.1)) untold.add(no);
      else this.tell(no, channel);
    }
    if (wallet?.trades.has(no) === true && dice.chance(0.03)) {
      await turns.sleep(dice.below(MOST_THOUGHT_MS));
      regardless.add(no);
      untold.delete(no);
      wallet.payRegardless(no);
      this.tell(no, channel);
    }
  }

  async #tell(no: string, channel: Channel, of: 'payment' | 'refund'): Promise<void> {
    const { turns, dice, weather } = this.#town;
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      await turns.sleep(dice.below(attempt === 1 ? 5 * SECOND : attempt * 30 * SECOND));
      if (!weather.calm && dice.chance(weather.notices)) continue;
      const heard = await this.#deliver(no, channel, of);
      // What was acknowledged may come again all the same.
      if (heard && !(dice.chance(0.1) && !weather.calm)) return;
    }
  }

  async #deliver(no: string, channel: Channel, of: 'payment' | 'refund'): Promise<boolean> {
    const { channels } = this.#town;
    const wallet = channels.get(channel);
    if (wallet === undefined) return true;
    const told = of === 'payment' ? wallet.notificationsOf(no) : [wallet.refundNotificationOf(no)];
    const heard = await this.#town.ask(async ({ services }) => {
      for (const { headers, rawBody } of told) await services.notifications.take(channel, headers, rawBody);
      return true;
    });
    return heard === true;
  }
}
