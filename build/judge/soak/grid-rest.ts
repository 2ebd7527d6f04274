import { CHANNELS } from '@bianmin/purchase/api/channels';
import { setTimeout as sleep } from 'node:timers/promises';
import { adminOrder } from '@bianmin/purchase/api/admin-orders';
import type { OrderState } from '@bianmin/purchase/api/order';
import type { OrdersStack } from '../bench/orders-stack.ts';
import { Operator } from '../../run/dev/operator.ts';
import type { SandboxClient } from '../../kit/sandbox-client.ts';
import { diagnosisFindings, type ToldOrder } from './diagnoses.ts';
import {
  ENDS,
  judge,
  type JudgedMeter,
  type JudgedOrder,
  type JudgedSale,
  type Judgement,
} from './grid-judge.ts';
import type { GridTerminal } from './grid-terminal.ts';
import type { MadeOrder, Resident, Town } from './grid-town.ts';
import { atPresentMeters } from './moved-sales.ts';
import type { Visits } from './grid-visit.ts';
import { persisting } from '../bench/persisting.ts';
import { standingOf } from './standing.ts';
import type { ShownMeter } from './wrong-meter.ts';

/** How long everything may take to come to rest after the last purchase, ms; each order is looked at in it. */
const restMs = (orders: number): number => 180_000 + 20 * orders;
const ASK_EVERY_MS = 1_000;
/** What is wrong for so long while nothing moves stays so, ms: longer than a wallet's last notifications wait. */
const STAYS_MS = 75_000;
/** Askers at the same time about orders. */
const ASKERS = 8;
/** Cases that say that a terminal's word about a card is not true. */
const CONTRADICTIONS: ReadonlySet<string> = new Set(['claim-contradicted', 'written-not-credited']);

export interface GridRestInit {
  readonly on: OrdersStack;
  readonly sandbox: SandboxClient;
  readonly town: Town;
  readonly visits: Visits;
  readonly terminals: readonly GridTerminal[];
  /** What wallets and counters took and gave back for each order. */
  readonly money: () => Promise<ReadonlyMap<string, OrderMoney>>;
  /** What staff see of refunds; absent: there are no staff, and what waits for a person does not end. */
  readonly refunds?: () => Promise<OpenRefunds>;
  /** How much longer than usual it may take: what was put off under a clock that was ahead is looked at when all clocks say so. */
  readonly alsoMs?: number;
  readonly report: (line: string) => void;
}

export type OrderMoney = Omit<JudgedOrder, 'orderNo' | keyof ShownMeter | 'state' | 'waits'>;

/** Refunds that are not over. */
export interface OpenRefunds {
  /** Orders of which a channel would not make one. */
  readonly abnormal: ReadonlySet<string>;
  /** How many others there are. */
  readonly moving: number;
}

export interface Coming {
  /** Every order is asked about once more at the very end, whatever was heard of it before. */
  readonly askAll: boolean;
  /** What staff do in each round about the orders that wait for a person; absent: nothing, and they are not waited for. */
  readonly staff?: (waiting: readonly string[]) => Promise<void>;
}

/** What a soak ends with. */
export interface Verdict extends Judgement {
  /** Orders about which a terminal lied, and no case says so. */
  readonly uncaught: ReadonlySet<string>;
  /** Households that still cannot buy. */
  readonly waiting: number;
  /** Refunds that are under way, as far as anybody sees them. */
  readonly refunding: number;
}

/** After the last purchase: everybody goes on until nothing is open, and then wallets, grid, meters and staff are asked. */
export class GridRest {
  readonly #in: GridRestInit;
  /** Logged in once: who logs in again and again is slowed down. */
  #operator: Operator | undefined;
  /** Orders that were at an end when they were last asked about. */
  readonly #ended = new Map<string, OrderState>();
  /** Meters of which an order was not at an end when it was last asked about. */
  readonly #moving = new Set<string>();
  /** What was wrong when all last came to rest: it is not waited for a second time. */
  #known: ReadonlySet<string> = new Set();

  constructor(init: GridRestInit) {
    this.#in = init;
  }

  /** Nothing fails any more, every card is put in again and every meter visited, until all is at rest. */
  async come({ askAll, staff }: Coming = { askAll: true }): Promise<Verdict> {
    const { on, sandbox, town, alsoMs = 0, report } = this.#in;
    on.grid.faults.clear();
    for (const wallet of CHANNELS) await sandbox.walletFault({ wallet, reset: true });
    const until = performance.now() + restMs(town.orders.size) + alsoMs;
    let open = new Map<Resident, string>(town.residents.map((resident) => [resident, '']));
    const again = (): readonly Resident[] =>
      town.residents.filter(({ meterNo }) => this.#moving.has(meterNo));
    let told = '';
    const stillness = new Stillness(this.#known);
    for (let round = 0; ; round += 1) {
      await sandbox.settleLate();
      // What was put off may be sold after a household has found nothing open.
      open = await this.#settle([...new Set([...open.keys(), ...again()])], round);
      const { lost, doubled, wrongMeter, unknown, uncaught, findings, waits, refunding } =
        await this.#verdict(open.size);
      const moving = unknown + open.size + refunding + (staff === undefined ? 0 : waits.length);
      const still = lost + doubled + wrongMeter + uncaught.size + moving;
      const lasts = stillness.lasts([...findings, ...uncaught]);
      // Where refunds cannot be seen, they may be what moves.
      const stays = lasts && moving === 0 && this.#in.refunds !== undefined;
      if (still === 0 || stays || performance.now() > until) {
        // The last word.
        if (askAll) this.#ended.clear();
        const verdict = await this.#verdict(open.size);
        this.#known = new Set([...verdict.findings, ...verdict.uncaught]);
        return verdict;
      }
      await staff?.(waits);
      const found = [...findings.slice(0, 3), ...[...open].slice(0, 3).map(whyOpen)];
      if (found.join() !== told) {
        report(
          `Not at rest: ${open.size} households, ${unknown} orders, ${lost + doubled + wrongMeter} sums`,
        );
        for (const each of found) report(`  ${each}`);
      }
      told = found.join();
      await sleep(ASK_EVERY_MS);
    }
  }

  async #verdict(waiting: number): Promise<Verdict> {
    const refunds = await this.#in.refunds?.();
    return {
      ...(await this.#judge(refunds?.abnormal)),
      ...{ uncaught: await this.#uncaught(), waiting, refunding: refunds?.moving ?? 0 },
    };
  }

  /** Each household at another terminal than the round before; gives those for whom something still waits, and what. */
  async #settle(residents: readonly Resident[], round: number): Promise<Map<Resident, string>> {
    const waiting = [...residents];
    const open = new Map<Resident, string>();
    const hand = async (_: GridTerminal, index: number): Promise<void> => {
      const terminal = this.#in.terminals[(index + round) % this.#in.terminals.length];
      for (let resident = waiting.pop(); resident !== undefined; resident = waiting.pop()) {
        const why = terminal === undefined ? 'no terminal' : await this.#in.visits.settle(resident, terminal);
        if (why !== undefined) open.set(resident, why);
      }
    };
    await Promise.all(this.#in.terminals.map(hand));
    return open;
  }

  /** A lie is found where staff have a case of it, by their own API. */
  async #uncaught(): Promise<Set<string>> {
    const operator = (this.#operator ??= await Operator.login(this.#in.on.stack));
    const uncaught = new Set<string>();
    for (const orderNo of this.#in.town.lies) {
      const kinds = await operator.casesOf(orderNo);
      if (!kinds.some((kind) => CONTRADICTIONS.has(kind))) uncaught.add(orderNo);
    }
    return uncaught;
  }

  /** What staff are told of these orders, of all where none are named, and is not so: a sentence each. */
  async misdiagnosed(only?: readonly string[]): Promise<string[]> {
    const { on, town } = this.#in;
    const refunds = await this.#in.refunds?.();
    const books = await this.#books(refunds?.abnormal);
    const operator = (this.#operator ??= await Operator.login(on.stack));
    const wanted = only ?? books.orders.map(({ orderNo }) => orderNo);
    const waiting = [...wanted];
    const told: ToldOrder[] = [];
    const ask = async (): Promise<void> => {
      for (let no = waiting.pop(); no !== undefined; no = waiting.pop()) {
        const path = `/v1/admin/orders/${no}`;
        told.push(await persisting(() => operator.call({ path }, adminOrder)));
      }
    };
    await Promise.all(Array.from({ length: ASKERS }, ask));
    const meters = town.meters.map((meterNo) => {
      const { count, account } = on.grid.world.meter(meterNo);
      return { meterNo, count, isAccount: account !== undefined };
    });
    return diagnosisFindings({ ...books, meters, told });
  }

  async #judge(abnormal: ReadonlySet<string> | undefined): Promise<Judgement> {
    const { on, town } = this.#in;
    const meters: JudgedMeter[] = town.meters.map((meterNo) => ({
      meterNo,
      ...standingOf(on.grid.world, meterNo),
    }));
    return judge({ ...(await this.#books(abnormal)), meters });
  }

  /** `abnormal`: absent where there are no staff. */
  async #books(
    abnormal: ReadonlySet<string> | undefined,
  ): Promise<{ readonly orders: readonly JudgedOrder[]; readonly sales: readonly JudgedSale[] }> {
    const { on, town } = this.#in;
    const money = await this.#in.money();
    const { world } = on.grid;
    const orders: JudgedOrder[] = [];
    const made = [...town.orders.values()];
    this.#moving.clear();
    const ask = async (): Promise<void> => {
      for (let order = made.pop(); order !== undefined; order = made.pop()) {
        const { orderNo, meterNo, shown } = order;
        const state = await this.#stateOf(order);
        const sums = money.get(orderNo) ?? { takenFen: 0, refundedFen: 0 };
        const waits = abnormal !== undefined && (state === 'attention' || abnormal.has(orderNo));
        const shownTail = shown.meterTail ?? null;
        orders.push({ orderNo, meterNo, shownTail, state, waits, ...sums });
        if (!ENDS.has(state)) this.#moving.add(town.exchanges.taken.get(meterNo) ?? meterNo);
      }
    };
    await Promise.all(Array.from({ length: ASKERS }, ask));
    const sales = world.bill();
    const known = new Set(town.orders.keys());
    const meterOf = new Map(sales.map(({ orderNo, meterNo }) => [orderNo, meterNo]));
    // An order whose answer was lost for good is still a payer's money.
    for (const [orderNo, sums] of money) {
      if (known.has(orderNo) || sums.takenFen === 0) continue;
      orders.push({ orderNo, meterNo: meterOf.get(orderNo) ?? 'none', state: null, ...sums });
    }
    return atPresentMeters({ orders, sales, exchanged: town.exchanges.taken });
  }

  /** One that was at an end when it was last asked about is not asked about again. */
  async #stateOf({ orderNo, view, giveUp }: MadeOrder): Promise<OrderState> {
    const ended = this.#ended.get(orderNo);
    if (ended !== undefined) return ended;
    const { state } = await view();
    if (ENDS.has(state)) this.#ended.set(orderNo, state);
    if (state === 'credit-failed') await giveUp?.();
    return state;
  }
}

function whyOpen([{ meterNo }, why]: [Resident, string]): string {
  return `meter ${meterNo}: ${why}`;
}

/** Whether what is wrong has been the same for long, or since before. */
class Stillness {
  readonly #known: ReadonlySet<string>;
  #wrong = '';
  #since = performance.now();

  constructor(known: ReadonlySet<string>) {
    this.#known = known;
  }

  lasts(wrong: readonly string[]): boolean {
    const now = wrong.join('\n');
    if (now !== this.#wrong) this.#since = performance.now();
    this.#wrong = now;
    const old = wrong.length > 0 && wrong.every((each) => this.#known.has(each));
    return old || performance.now() - this.#since > STAYS_MS;
  }
}
