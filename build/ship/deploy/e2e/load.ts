import { setTimeout as sleep } from 'node:timers/promises';
import axios from 'axios';
import type { OrdersStack } from '../../../judge/bench/orders-stack.ts';
import { VirtualTerminal } from '../../../judge/bench/virtual-terminal.ts';
import { Operator } from '../../../run/dev/operator.ts';
import { SandboxClient } from '../../../kit/sandbox-client.ts';
import { moreHouseholds } from '../../../../server/sandbox/grid/world/more-households.ts';
import { countedLine, LineTally } from './counted-line.ts';

const FACE_FEN = 5000;
/** More than the load of a few minutes can use up. */
const HOUSEHOLDS = 1500;
/** Between two of a reader's questions, ms. */
const READING_MS = 40;

/** Terminals that buy, one after the other, and a caller that reads, all through nginx, until asked to end. */
export class Load {
  readonly tally: LineTally;
  readonly terminals: readonly VirtualTerminal[];
  /** Cards that were written, with the number of their order. */
  readonly bought: { readonly orderNo: string; readonly cardId: string; readonly meterNo: string }[] = [];
  readonly failures: string[] = [];
  readonly #on: OrdersStack;
  readonly #lines: { close(): void }[] = [];
  readonly #ending = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  private constructor(on: OrdersStack, init: { tally: LineTally; terminals: readonly VirtualTerminal[] }) {
    this.#on = on;
    this.tally = init.tally;
    this.terminals = init.terminals;
  }

  /** Terminal n calls from 127.0.1.n. */
  static async open(on: OrdersStack, count: number): Promise<Load> {
    const { stack, dir } = on;
    const { webUrl } = stack.urls;
    const operator = await Operator.login(stack);
    const sandbox = new SandboxClient(stack.urls);
    const tally = new LineTally();
    const terminals: VirtualTerminal[] = [];
    const load = new Load(on, { tally, terminals });
    for (let index = 0; index < count; index += 1) {
      const line = countedLine(`127.0.1.${index + 1}`, tally);
      load.#lines.push(line);
      terminals.push(await VirtualTerminal.enrolled({ index, dir, webUrl, operator, sandbox, line }));
    }
    return load;
  }

  /** `count`: households that it may use up. */
  begin(count = HOUSEHOLDS): void {
    const { world } = this.#on.grid;
    const households = moreHouseholds(world, { count, chip: 'SLE4442' });
    const { signal } = this.#ending;
    const buy = async (terminal: VirtualTerminal): Promise<void> => {
      while (!signal.aborted) {
        const household = households.pop();
        if (household === undefined) throw new Error('The load has used up its households.');
        try {
          const orderNo = await terminal.buy(world.drawer.get(household.cardId).sim, FACE_FEN);
          this.bought.push({ ...household, orderNo });
        } catch (error) {
          this.failures.push(String(error));
        }
      }
    };
    const line = countedLine('127.0.2.1', this.tally);
    this.#lines.push(line);
    const http = axios.create({ adapter: line.adapter, responseType: 'text', validateStatus: () => true });
    const read = async (): Promise<void> => {
      const { webUrl } = this.#on.stack.urls;
      for (let count = 0; !signal.aborted; count += 1) {
        // The document has 300 KB and more, so that it is under way when a process ends.
        const path = count % 5 === 0 ? '/openapi.json' : '/healthz';
        await http.get(`${webUrl}${path}`).catch(() => undefined);
        await sleep(READING_MS);
      }
    };
    this.#running = Promise.all([...this.terminals.map(buy), read()]);
    // The caller that ends the load looks at it.
    this.#running.catch(() => undefined);
  }

  /** What is under way comes to its end. */
  async end(): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  /** Every card that was written goes into its meter, twice: credited once, or it is a fault. */
  faults(): string[] {
    const { world } = this.#on.grid;
    const faults: string[] = [];
    for (const { orderNo, cardId, meterNo } of this.bought) {
      const first = world.insert(meterNo, cardId);
      const second = world.insert(meterNo, cardId);
      if (first.creditedFen === FACE_FEN && second.creditedFen === 0) continue;
      faults.push(`${orderNo}: meter credited ${first.creditedFen} and then ${second.creditedFen} fen`);
    }
    return faults;
  }

  close(): void {
    for (const terminal of this.terminals) terminal.close();
    for (const line of this.#lines) line.close();
  }
}
