import type { SandboxClient } from '../sandbox-client.ts';
import type { Mishaps } from './grid-mishaps.ts';
import type { OrderMoney } from './grid-rest.ts';
import type { GridTerminal } from './grid-terminal.ts';
import { moneyByOrder, type Cash, type OrderFacts } from './money-books.ts';
import { isUntold } from './money-mishaps.ts';

/** Askers at the same time for receipts. */
const ASKERS = 8;

type Made = Omit<OrderFacts, 'givenFen'> & Pick<Mishaps, 'paying'>;

/** What the campaign knows of its money besides the server: wallets, counters, and what its own staff gave. */
export class MoneyLedger {
  /** Set once what bills alone tell was found. */
  found = false;
  readonly #init: {
    readonly sandbox: SandboxClient;
    readonly counters: ReadonlyMap<string, GridTerminal>;
    readonly given: ReadonlyMap<string, number>;
  };
  readonly #made = new Map<string, Made>();

  constructor(init: {
    sandbox: SandboxClient;
    counters: ReadonlyMap<string, GridTerminal>;
    given: ReadonlyMap<string, number>;
  }) {
    this.#init = init;
  }

  made(
    orderNo: string,
    mishaps: Pick<Mishaps, 'faceFen' | 'paying' | 'wallet' | 'money'>,
    offFen: number,
  ): void {
    this.#made.set(orderNo, {
      faceFen: mishaps.faceFen,
      paying: mishaps.paying,
      offFen,
      untold: isUntold(mishaps),
    });
  }

  /** What was known of an order as it was made. */
  factsOf(orderNo: string): Made | undefined {
    return this.#made.get(orderNo);
  }

  async byOrder(): Promise<Map<string, OrderMoney>> {
    const { sandbox, counters, given } = this.#init;
    const cash = new Map<string, Cash>();
    const waiting = [...counters];
    const ask = async (): Promise<void> => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        const [orderNo, terminal] = next;
        cash.set(orderNo, await terminal.cashOf(orderNo));
      }
    };
    await Promise.all(Array.from({ length: ASKERS }, ask));
    const facts = new Map<string, OrderFacts>();
    for (const [orderNo, made] of this.#made) {
      facts.set(orderNo, { ...made, givenFen: given.get(orderNo) ?? 0 });
    }
    return moneyByOrder({ payments: await sandbox.paymentSums(), cash, facts, found: this.found });
  }
}
