import { z } from 'zod';
import { CHIP_NAMES } from '@bianmin/shared/chip/contract';

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

const paymentSchema = z.object({
  outTradeNo: z.string(),
  totalFen: z.int(),
  transactions: z.array(z.object({ id: z.string(), totalFen: z.int(), refundedFen: z.int() })),
});

const usageSchema = z.object({ apdus: z.int() }).loose();
const householdSchema = z.object({ cardId: z.string(), meterNo: z.string() });

/** The sandbox's physical world and its wallets, as a person's hands use them. Loopback only. */
export class SandboxClient {
  readonly #grid: string;
  readonly #wallet: string;

  constructor(urls: { readonly gridUrl: string; readonly walletUrl: string }) {
    this.#grid = urls.gridUrl;
    this.#wallet = urls.walletUrl;
  }

  cards(): Promise<WorldCard[]> {
    return this.#ask(this.#grid, 'GET', '/world/cards', z.array(cardSchema));
  }

  async meter(meterNo: string): Promise<WorldMeter> {
    const meters = await this.#ask(this.#grid, 'GET', '/world/meters', z.array(meterSchema));
    const found = meters.find((meter) => meter.meterNo === meterNo);
    if (found === undefined) throw new Error(`The sandbox has no meter ${meterNo}.`);
    return found;
  }

  async insert(readerId: string, cardId: string): Promise<void> {
    await this.#ask(this.#grid, 'POST', `/world/readers/${readerId}/insert`, z.unknown(), { cardId });
  }

  async eject(readerId: string): Promise<void> {
    await this.#ask(this.#grid, 'POST', `/world/readers/${readerId}/eject`, z.unknown(), {});
  }

  async readerFaults(readerId: string, faults: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#ask(this.#grid, 'POST', `/world/readers/${readerId}/faults`, z.unknown(), faults);
  }

  async gridFault(fault: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#ask(this.#grid, 'POST', '/world/faults/grid', z.unknown(), fault);
  }

  meterInsert(meterNo: string, cardId: string): Promise<Insertion> {
    return this.#ask(this.#grid, 'POST', `/world/meters/${meterNo}/insert`, insertionSchema, { cardId });
  }

  usage(cardId: string): Promise<z.output<typeof usageSchema>> {
    return this.#ask(this.#grid, 'GET', `/world/cards/${cardId}/usage`, usageSchema);
  }

  async clone(cardId: string): Promise<string> {
    const answer = await this.#ask(
      this.#grid,
      'POST',
      `/world/cards/${cardId}/clone`,
      z.object({ id: z.string() }),
      {},
    );
    return answer.id;
  }

  households(count: number, chip: string): Promise<z.output<typeof householdSchema>[]> {
    return this.#ask(this.#grid, 'POST', '/world/households', z.array(householdSchema), { count, chip });
  }

  async pay(codeUrl: string, mode: 'once' | 'late' | 'twice' = 'once'): Promise<void> {
    await this.#ask(this.#wallet, 'POST', '/wallet/pay', z.unknown(), { codeUrl, mode });
  }

  /** What the wallets hold of one order: money taken by every transaction, and what went back. */
  async paid(orderNo: string): Promise<{ takenFen: number; refundedFen: number }> {
    const payments = await this.#ask(this.#wallet, 'GET', '/wallet/payments', z.array(paymentSchema));
    const transactions = payments
      .filter(({ outTradeNo }) => outTradeNo.startsWith(orderNo))
      .flatMap((payment) => payment.transactions);
    return {
      takenFen: transactions.reduce((sum, each) => sum + each.totalFen, 0),
      refundedFen: transactions.reduce((sum, each) => sum + each.refundedFen, 0),
    };
  }

  async walletFault(fault: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#ask(this.#wallet, 'POST', '/wallet/faults', z.unknown(), fault);
  }

  async #ask<S extends z.ZodType>(
    base: string,
    method: string,
    path: string,
    schema: S,
    body?: unknown,
  ): Promise<z.output<S>> {
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
