import type { IncomingHttpHeaders } from 'node:http';
import type { Channel } from '@bianmin/purchase/api/channels';
import type {
  ChannelBill,
  ChannelNotification,
  ComplaintNotice,
  CreatePayment,
  PayerIdentity,
  PaymentChannel,
  PaymentEvidence,
  PaymentHandle,
  PaymentProduct,
  RefundEvidence,
  RefundRequest,
} from './contract.ts';
import { PaymentError } from './error.ts';

/** What an operator decides about a channel. */
export interface ChannelRule {
  /**
   * Offered in the order of their weights, and chosen in their proportion where the payer does not choose; 0: only
   * where no other is.
   */
  readonly weight: number;
  /** Of one payment, fen. */
  readonly minFen: number;
  readonly maxFen: number;
}

/** Without rules, the first channel of the configuration that answers is the one that is shown. */
export const DEFAULT_RULE: ChannelRule = { weight: 0, minFen: 1, maxFen: Number.MAX_SAFE_INTEGER };

/** Why a channel is not offered now. */
export type ChannelDown = 'unreachable' | 'limit';

export interface ChannelWay {
  readonly channel: Channel;
  readonly products: ReadonlySet<PaymentProduct>;
  readonly asksWho: boolean;
  readonly down: ChannelDown | null;
}

/** One finished call, for metrics. */
export interface ChannelCall {
  readonly channel: Channel;
  readonly operation: 'create' | 'query' | 'close' | 'refund' | 'queryRefund';
  /** `failed`: a fault of ours, not the channel's. */
  readonly outcome: 'ok' | 'refused' | 'unavailable' | 'unknown' | 'mismatch' | 'failed';
  readonly ms: number;
}

/** So many unanswered calls in a row, and a channel is hidden until it answers again. */
const FAILURES = 3;

/**
 * Which channels may be offered now. Every call through a watched channel is a sign of its health; one that is down is
 * hidden from payers, is still asked about what it has, and comes back by the first answer, of a probe at the latest.
 */
export class ChannelWatch {
  readonly channels: ReadonlyMap<Channel, PaymentChannel>;
  readonly #rules: Readonly<Partial<Record<Channel, ChannelRule>>>;
  readonly #changed: (channel: Channel, up: boolean) => void;
  readonly #failures = new Map<Channel, number>();
  #probes = 0;

  constructor(init: {
    channels: ReadonlyMap<Channel, PaymentChannel>;
    rules?: Readonly<Partial<Record<Channel, ChannelRule>>>;
    /** Told when a channel goes down or comes back. */
    changed?: (channel: Channel, up: boolean) => void;
    /** Told of each call. */
    called?: (call: ChannelCall) => void;
  }) {
    this.#rules = init.rules ?? {};
    this.#changed = init.changed ?? (() => undefined);
    this.channels = new Map(
      [...init.channels].map(([name, channel]) => [
        name,
        new Watched(channel, {
          heard: (ok) => this.#heard(name, ok),
          called: init.called ?? (() => undefined),
        }),
      ]),
    );
  }

  isDown(channel: Channel): boolean {
    return (this.#failures.get(channel) ?? 0) >= FAILURES;
  }

  /** Calls in a row that it did not answer. */
  failuresOf(channel: Channel): number {
    return this.#failures.get(channel) ?? 0;
  }

  /** Every channel with what may be offered of it for this amount, the preferred first. */
  ways(amountFen: number): ChannelWay[] {
    return [...this.channels.values()]
      .map((channel) => ({
        channel: channel.channel,
        products: channel.products,
        asksWho: channel.payerIdentity !== undefined,
        down: this.#downFor(channel.channel, amountFen),
      }))
      .toSorted((a, b) => this.#ruleOf(b.channel).weight - this.#ruleOf(a.channel).weight);
  }

  /** A channel for a payer who did not choose, in proportion to the weights; `at`: 0 to below 1. */
  pick(amountFen: number, product: PaymentProduct, at: number = Math.random()): Channel | undefined {
    const open = this.ways(amountFen).filter(({ down, products }) => down === null && products.has(product));
    const total = open.reduce((sum, { channel }) => sum + this.#ruleOf(channel).weight, 0);
    if (total === 0) return open[0]?.channel;
    let rest = at * total;
    for (const { channel } of open) {
      rest -= this.#ruleOf(channel).weight;
      if (rest < 0) return channel;
    }
    return open[0]?.channel;
  }

  /** Asks those that are down about a payment that was never made: any answer brings one back. */
  async probe(): Promise<number> {
    const down = [...this.channels.values()].filter(({ channel }) => this.isDown(channel));
    this.#probes += 1;
    await Promise.all(down.map((channel) => channel.query(`probe${this.#probes}`).catch(() => undefined)));
    return down.length;
  }

  #downFor(channel: Channel, amountFen: number): ChannelDown | null {
    if (this.isDown(channel)) return 'unreachable';
    const { minFen, maxFen } = this.#ruleOf(channel);
    return amountFen < minFen || amountFen > maxFen ? 'limit' : null;
  }

  #ruleOf(channel: Channel): ChannelRule {
    return this.#rules[channel] ?? DEFAULT_RULE;
  }

  #heard(channel: Channel, answered: boolean): void {
    const before = this.isDown(channel);
    this.#failures.set(channel, answered ? 0 : (this.#failures.get(channel) ?? 0) + 1);
    const after = this.isDown(channel);
    if (before !== after) this.#changed(channel, !after);
  }
}

/** A channel whose every call tells whether it answers. A refusal is an answer. */
class Watched implements PaymentChannel {
  readonly payerIdentity?: PayerIdentity;
  readonly #inner: PaymentChannel;
  readonly #heard: (answered: boolean) => void;
  readonly #called: (call: ChannelCall) => void;

  constructor(
    inner: PaymentChannel,
    on: { heard: (answered: boolean) => void; called: (call: ChannelCall) => void },
  ) {
    this.#inner = inner;
    this.#heard = on.heard;
    this.#called = on.called;
    if (inner.payerIdentity !== undefined) this.payerIdentity = inner.payerIdentity;
  }

  get channel(): Channel {
    return this.#inner.channel;
  }

  get products(): ReadonlySet<PaymentProduct> {
    return this.#inner.products;
  }

  get bills(): boolean {
    return this.#inner.bills;
  }

  create(request: CreatePayment): Promise<PaymentHandle> {
    return this.#listen('create', this.#inner.create(request));
  }

  query(paymentNo: string): Promise<PaymentEvidence> {
    return this.#listen('query', this.#inner.query(paymentNo));
  }

  close(paymentNo: string): Promise<'closed' | 'paid'> {
    return this.#listen('close', this.#inner.close(paymentNo));
  }

  refund(request: RefundRequest): Promise<RefundEvidence> {
    return this.#listen('refund', this.#inner.refund(request));
  }

  queryRefund(refundNo: string, paymentNo: string): ReturnType<PaymentChannel['queryRefund']> {
    return this.#listen('queryRefund', this.#inner.queryRefund(refundNo, paymentNo));
  }

  parseNotification(
    headers: IncomingHttpHeaders,
    rawBody: Buffer,
  ): Promise<ChannelNotification | ComplaintNotice> {
    return this.#inner.parseNotification(headers, rawBody);
  }

  acknowledge(accepted: boolean): ReturnType<PaymentChannel['acknowledge']> {
    return this.#inner.acknowledge(accepted);
  }

  /** Bills have hours of their own: that one is not ready says nothing about paying. */
  downloadBill(day: string): Promise<ChannelBill> {
    return this.#inner.downloadBill(day);
  }

  async #listen<T>(operation: ChannelCall['operation'], call: Promise<T>): Promise<T> {
    const begun = performance.now();
    const tell = (outcome: ChannelCall['outcome']): void => {
      this.#called({ channel: this.channel, operation, outcome, ms: performance.now() - begun });
    };
    try {
      const answer = await call;
      this.#heard(true);
      tell('ok');
      return answer;
    } catch (error) {
      tell(outcomeOf(error));
      if (error instanceof PaymentError) {
        this.#heard(error.code !== 'payment.unavailable' && error.code !== 'payment.unknown');
      }
      throw error;
    }
  }
}

function outcomeOf(error: unknown): ChannelCall['outcome'] {
  if (!(error instanceof PaymentError)) return 'failed';
  switch (error.code) {
    case 'payment.refused':
      return 'refused';
    case 'payment.unavailable':
      return 'unavailable';
    case 'payment.unknown':
      return 'unknown';
    case 'payment.mismatch':
    case 'payment.bad-signature':
      return 'mismatch';
  }
}
