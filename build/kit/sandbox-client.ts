import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { CHANNELS } from '@bianmin/shared/api/channels';
import { CHIP_NAMES } from '@bianmin/shared/chip/contract';

/** How long a text may be under way, and how often is looked for it. */
const SMS_PATIENCE_MS = 10_000;
const SMS_LOOK_MS = 50;
/** Payments in one piece of a long list. */
const SUMS_AT_ONCE = 20_000;

const placeSchema = z.discriminatedUnion('in', [
  z.object({ in: z.literal('drawer') }),
  z.object({ in: z.literal('reader'), readerId: z.string() }),
]);

const cardSchema = z.object({
  id: z.string(),
  label: z.string(),
  /** What is special about it, in English. */
  noteEn: z.string().optional(),
  chip: z.enum(CHIP_NAMES),
  meterNo: z.string().nullable(),
  place: placeSchema,
});
export type WorldCard = z.output<typeof cardSchema>;

const meterSchema = z.object({ meterNo: z.string(), balanceFen: z.int(), count: z.int() });
export type WorldMeter = z.output<typeof meterSchema>;

const insertionSchema = z.object({
  creditedFen: z.int(),
  balanceFen: z.int(),
  count: z.int(),
  error: z.int().nullable(),
  message: z.string(),
});
export type Insertion = z.output<typeof insertionSchema>;

const notificationSchema = z.object({
  id: z.string(),
  event: z.string(),
  status: z.string(),
  attempts: z.array(z.object({ answer: z.string() })),
});
export type WalletNotification = z.output<typeof notificationSchema>;

const paymentSchema = z.object({
  outTradeNo: z.string(),
  totalFen: z.int(),
  transactions: z.array(z.object({ id: z.string(), totalFen: z.int(), refundedFen: z.int() })),
  notifications: z.array(notificationSchema),
});

const walletName = z.enum(CHANNELS);
const sumSchema = z.object({
  wallet: walletName,
  outTradeNo: z.string(),
  totalFen: z.int(),
  transactions: z.array(z.object({ id: z.string(), totalFen: z.int(), refundedFen: z.int() })),
});
/** What came and went under one payment number. */
export type PaymentSum = z.output<typeof sumSchema>;

const refundSchema = z.object({
  wallet: walletName,
  outRefundNo: z.string(),
  outTradeNo: z.string(),
  refundFen: z.int(),
  status: z.string(),
});
export type WalletRefund = z.output<typeof refundSchema>;

const saleSchema = z.object({
  orderNo: z.string(),
  status: z.string(),
  /** null: a number that was reversed before it was ever seen. */
  meterNo: z.string().nullable(),
  faceFen: z.int(),
  count: z.int().nullable(),
  writeClaimed: z.boolean(),
});
export type WorldSale = z.output<typeof saleSchema>;

const smsSchema = z.object({ customerNo: z.string(), code: z.string() });
const usageSchema = z.object({ apdus: z.int(), eepromCycles: z.int() }).loose();
export type WorldHousehold = z.output<typeof householdSchema>;
const householdSchema = z.object({ cardId: z.string(), meterNo: z.string(), customerNo: z.string() });

/** The sandbox's physical world and its wallets, as a person's hands use them. Loopback only. */
export class SandboxClient {
  readonly #grid: string;
  readonly #wallet: string;

  constructor(urls: { readonly gridUrl: string; readonly walletUrl: string }) {
    this.#grid = urls.gridUrl;
    this.#wallet = urls.walletUrl;
  }

  cards(): Promise<WorldCard[]> {
    return this.#ask(this.#grid, get('/world/cards'), z.array(cardSchema));
  }

  async meter(meterNo: string): Promise<WorldMeter> {
    const meters = await this.#ask(this.#grid, get('/world/meters'), z.array(meterSchema));
    const found = meters.find((meter) => meter.meterNo === meterNo);
    if (found === undefined) throw new Error(`The sandbox has no meter ${meterNo}.`);
    return found;
  }

  async insert(readerId: string, cardId: string): Promise<void> {
    await this.#ask(this.#grid, post(`/world/readers/${readerId}/insert`, { cardId }), z.unknown());
  }

  async eject(readerId: string): Promise<void> {
    await this.#ask(this.#grid, post(`/world/readers/${readerId}/eject`), z.unknown());
  }

  async readerFaults(readerId: string, faults: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#ask(this.#grid, post(`/world/readers/${readerId}/faults`, faults), z.unknown());
  }

  async gridFault(fault: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#ask(this.#grid, post('/world/faults/grid', fault), z.unknown());
  }

  /** Lets go of every message to the grid that a fault holds, however long ago its sender went away. */
  async releaseGrid(): Promise<void> {
    await this.#ask(this.#grid, post('/world/faults/grid/release'), z.unknown());
  }

  async clearGridFaults(): Promise<void> {
    await this.#ask(this.#grid, { method: 'DELETE', path: '/world/faults/grid' }, z.unknown());
  }

  /** The grid's book of one meter. */
  async sales(meterNo: string): Promise<WorldSale[]> {
    const all = await this.#ask(this.#grid, get('/world/sales'), z.array(saleSchema));
    return all.filter((sale) => sale.meterNo === meterNo);
  }

  meterInsert(meterNo: string, cardId: string): Promise<Insertion> {
    return this.#ask(this.#grid, post(`/world/meters/${meterNo}/insert`, { cardId }), insertionSchema);
  }

  /** The newest code that the grid texted to a customer's registered phone; waits for it a while. */
  async textedCode(customerNo: string): Promise<string> {
    const until = performance.now() + SMS_PATIENCE_MS;
    for (;;) {
      const texts = await this.#ask(this.#grid, get('/world/sms'), z.array(smsSchema));
      const found = texts.find((text) => text.customerNo === customerNo);
      if (found !== undefined) return found.code;
      if (performance.now() > until) throw new Error(`The grid texted no code to customer ${customerNo}.`);
      await sleep(SMS_LOOK_MS);
    }
  }

  /** The newest frame that went to a meter from afar, hex. */
  async lastFrame(meterNo: string): Promise<string> {
    const frames = await this.#ask(
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
    await this.#ask(this.#grid, post(`/world/meters/${meterNo}/link`, { link }), z.unknown());
  }

  /** Gives a meter a frame past every link, as somebody with a recording would. */
  handFrame(meterNo: string, frame: string): Promise<Insertion> {
    return this.#ask(this.#grid, post(`/world/meters/${meterNo}/frame`, { frame }), insertionSchema);
  }

  usage(cardId: string): Promise<z.output<typeof usageSchema>> {
    return this.#ask(this.#grid, get(`/world/cards/${cardId}/usage`), usageSchema);
  }

  async clone(cardId: string): Promise<string> {
    const answer = await this.#ask(
      this.#grid,
      post(`/world/cards/${cardId}/clone`),
      z.object({ id: z.string() }),
    );
    return answer.id;
  }

  households(count: number, chip: string): Promise<WorldHousehold[]> {
    return this.#ask(this.#grid, post('/world/households', { count, chip }), z.array(householdSchema));
  }

  /** An unissued card of the issuer's stock, for a replacement; gives its id. */
  async stock(chip: string): Promise<string> {
    const cards = await this.#ask(
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
    const cut = await this.#ask(this.#grid, post('/world/day/cut'), z.object({ day: z.string() }));
    return cut.day;
  }

  async pay(codeUrl: string, mode: 'once' | 'late' | 'twice' = 'once'): Promise<void> {
    await this.#ask(this.#wallet, post('/wallet/pay', { codeUrl, mode }), z.unknown());
  }

  /** What the wallets hold of one order: money taken by every transaction, and what went back. */
  async paid(orderNo: string): Promise<{ takenFen: number; refundedFen: number }> {
    const payments = await this.#ask(this.#wallet, get('/wallet/payments'), z.array(paymentSchema));
    const transactions = payments
      .filter(({ outTradeNo }) => outTradeNo.startsWith(orderNo))
      .flatMap((payment) => payment.transactions);
    return {
      takenFen: transactions.reduce((sum, each) => sum + each.totalFen, 0),
      refundedFen: transactions.reduce((sum, each) => sum + each.refundedFen, 0),
    };
  }

  /** The same of every order at once: sums by whatever `orderNoOf` makes of a payment's number. */
  async moneyByOrder(
    orderNoOf: (paymentNo: string) => string | undefined,
  ): Promise<Map<string, { takenFen: number; refundedFen: number }>> {
    const sums = new Map<string, { takenFen: number; refundedFen: number }>();
    for (const payment of await this.paymentSums()) {
      const orderNo = orderNoOf(payment.outTradeNo) ?? payment.outTradeNo;
      const sum = sums.get(orderNo) ?? { takenFen: 0, refundedFen: 0 };
      for (const { totalFen, refundedFen } of payment.transactions) {
        sum.takenFen += totalFen;
        sum.refundedFen += refundedFen;
      }
      sums.set(orderNo, sum);
    }
    return sums;
  }

  /** Every payment number at the wallets and its money, asked for in pieces. */
  async paymentSums(): Promise<PaymentSum[]> {
    const sums: PaymentSum[] = [];
    for (;;) {
      const path = `/wallet/sums?from=${sums.length}&limit=${SUMS_AT_ONCE}`;
      const page = await this.#ask(this.#wallet, get(path), z.array(sumSchema));
      sums.push(...page);
      if (page.length < SUMS_AT_ONCE) return sums;
    }
  }

  /** Refunds at the wallets, newest first. */
  refunds(): Promise<WalletRefund[]> {
    return this.#ask(this.#wallet, get('/wallet/refunds?limit=100000'), z.array(refundSchema));
  }

  /** How many payments the wallets were ever asked for, paid or not; `orderNo` absent: by all orders. */
  async paymentCount(orderNo = ''): Promise<number> {
    return (await this.#payments(orderNo)).length;
  }

  /** What the wallets told the merchant about one order's payments. */
  async notifications(orderNo: string): Promise<WalletNotification[]> {
    return (await this.#payments(orderNo)).flatMap((payment) => payment.notifications);
  }

  /** Money that was paid late arrives now. */
  async settleLate(): Promise<void> {
    await this.#ask(this.#wallet, post('/wallet/settle-late'), z.unknown());
  }

  /** The last bytes of a notification once more; gives the merchant's status. */
  async replay(notificationId: string): Promise<number> {
    const { status } = await this.#ask(
      this.#wallet,
      post('/wallet/replay', { id: notificationId }),
      z.object({ status: z.int() }),
    );
    return status;
  }

  /** Knobs of one wallet; WeChat's, where `fault` names no `wallet`. */
  async walletFault(fault: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#ask(this.#wallet, post('/wallet/faults', fault), z.unknown());
  }

  async #payments(orderNo: string): Promise<z.output<typeof paymentSchema>[]> {
    const path = '/wallet/payments?limit=10000';
    const payments = await this.#ask(this.#wallet, get(path), z.array(paymentSchema));
    return payments.filter(({ outTradeNo }) => outTradeNo.startsWith(orderNo));
  }

  async #ask<S extends z.ZodType>(base: string, request: Request, schema: S): Promise<z.output<S>> {
    const { method, path, body } = request;
    const response = await fetch(new URL(path, base), {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 200)}`);
    return schema.parse(text === '' ? null : JSON.parse(text));
  }
}

interface Request {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
}

function get(path: string): Request {
  return { method: 'GET', path };
}

function post(path: string, body: unknown = {}): Request {
  return { method: 'POST', path, body };
}
