import type { SandboxClient } from '../../kit/sandbox-client.ts';
import type { Mishaps } from './grid-mishaps.ts';
import type { OrderMoney } from './grid-rest.ts';
import type { GridTerminal } from './grid-terminal.ts';
import { moneyByOrder, type Cash, type OrderFacts } from './money-books.ts';
import { isUntold } from './money-mishaps.ts';

/** Askers at the same time for receipts. */
const ASKERS = 8;

export interface MoneyLedgerInit {
  readonly sandbox: SandboxClient;
  readonly counters: ReadonlyMap<string, GridTerminal>;
  /** By order, of staff: given back although the purchase stands, and given by other means than the channel, fen. */
  readonly given: ReadonlyMap<string, number>;
  readonly elsewhere: ReadonlyMap<string, number>;
}

type Made = Omit<OrderFacts, 'givenFen' | 'elsewhereFen'>;

/** What the campaign knows of its money besides the server: wallets, counters, and what its own staff gave. */
export class MoneyLedger {
  /** Set once what bills alone tell was found. */
  found = false;
  readonly #init: MoneyLedgerInit;
  readonly #made = new Map<string, Made>();

  constructor(init: MoneyLedgerInit) {
    this.#init = init;
  }

  made(
    orderNo: string,
    mishaps: Pick<Mishaps, 'faceFen' | 'paying' | 'wallet' | 'money'>,
    offFen: number,
  ): void {
    this.#made.set(orderNo, {
      faceFen: mishaps.faceFen,
      offFen,
      untold: isUntold(mishaps),
    });
  }

  /** What was known of an order as it was made. */
  factsOf(orderNo: string): Made | undefined {
    return this.#made.get(orderNo);
  }

  /** What counters took and are to hand back, of the orders that were taken to one. */
  async cash(): Promise<Map<string, Cash>> {
    const { counters } = this.#init;
    const cash = new Map<string, Cash>();
    const waiting = [...counters];
    const ask = async (): Promise<void> => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        const [orderNo, terminal] = next;
        cash.set(orderNo, await terminal.cashOf(orderNo));
      }
    };
    await Promise.all(Array.from({ length: ASKERS }, ask));
    return cash;
  }

  async byOrder(): Promise<Map<string, OrderMoney>> {
    const { sandbox, given, elsewhere } = this.#init;
    const cash = await this.cash();
    const facts = new Map<string, OrderFacts>();
    for (const [orderNo, made] of this.#made) {
      const staff = { givenFen: given.get(orderNo) ?? 0, elsewhereFen: elsewhere.get(orderNo) ?? 0 };
      facts.set(orderNo, { ...made, ...staff });
    }
    return moneyByOrder({ payments: await sandbox.paymentSums(), cash, facts, found: this.found });
  }
}
