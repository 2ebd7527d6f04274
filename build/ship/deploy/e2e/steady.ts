import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { cardWork } from '@bianmin/purchase/purchase/card-work';
import { ApiError } from '@bianmin/purchase/api/client-error';
import type { ApiClient } from '@bianmin/purchase/api/client';
import type { Connect } from '../../../../terminal-app/src/host/order-stream.ts';
import { moreHouseholds } from '../../../../server/sandbox/grid/world/more-households.ts';
import { DirectSlot } from '../../../judge/bench/direct-slot.ts';
import { enrolTerminal } from '../../../judge/bench/enrolled.ts';
import type { OrdersStack } from '../../../judge/bench/orders-stack.ts';
import { Operator } from '../../../run/dev/operator.ts';
import { countedLine, LineTally } from './counted-line.ts';

/** What became of one request, at which moment of the monotonic clock. */
export interface Outcome {
  readonly begunAt: number;
  readonly endedAt: number;
  /** Absent: it was answered as it should be. */
  readonly error?: ApiError;
}

const FACE_FEN = 5000;
/** From one request of a client to its next: sixteen clients make sixty a second. */
const PACE_MS = 265;

interface Client {
  readonly api: ApiClient;
  readonly connect: Connect;
  readonly order: Parameters<ApiClient['createOrder']>[0];
  readonly orderNo: string;
}

/** Terminals with an order each that ask for it and send it again under its key, at an even pace, by the product's own client. */
export class SteadyLoad {
  readonly outcomes: Outcome[] = [];
  /** When each of the streams ended. */
  readonly streamEnds: number[] = [];
  readonly #clients: readonly Client[];
  readonly #closing: (() => void)[];
  readonly #ending = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  private constructor(clients: readonly Client[], closing: (() => void)[]) {
    this.#clients = clients;
    this.#closing = closing;
  }

  static async open(on: OrdersStack, count: number): Promise<SteadyLoad> {
    const operator = await Operator.login(on.stack);
    const { world } = on.grid;
    const households = moreHouseholds(world, { count, chip: 'SLE4442' });
    const closing: (() => void)[] = [];
    const clients: Client[] = [];
    for (const [index, { cardId }] of households.entries()) {
      const line = countedLine(`127.0.4.${index + 1}`, new LineTally());
      closing.push(() => {
        line.close();
      });
      const of = { index, dir: on.dir, webUrl: on.stack.urls.webUrl, operator, line };
      const { client: api, connect } = await enrolTerminal(of);
      const opened = await cardWork.open(new DirectSlot(world.drawer.get(cardId).sim));
      await opened.end();
      const { cardSession } = await api.identify({ image: opened.image, entry: 'kiosk' });
      const order = { idempotencyKey: randomUUID(), cardSession, faceFen: FACE_FEN, entry: 'kiosk' } as const;
      const { orderNo } = await api.createOrder(order);
      clients.push({ api, connect, order, orderNo });
    }
    return new SteadyLoad(clients, closing);
  }

  /** A stream of orders for each of so many; resolves once they are open. */
  async openStreams(count: number): Promise<void> {
    const opening = this.#clients.slice(0, count).map(async ({ api, connect }) => {
      const url = await api.streamUrl();
      await new Promise<void>((resolve) => {
        const stream = connect(url, {
          open: resolve,
          order: () => undefined,
          end: () => void this.streamEnds.push(performance.now()),
        });
        this.#closing.push(() => {
          stream.close();
        });
      });
    });
    await Promise.all(opening);
  }

  begin(): void {
    this.#running = Promise.all(this.#clients.map((client, index) => this.#ask(client, index)));
  }

  async end(): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  close(): void {
    for (const close of this.#closing) close();
  }

  async #ask({ api, order, orderNo }: Client, index: number): Promise<void> {
    await sleep((PACE_MS * index) / this.#clients.length);
    for (let count = 0; !this.#ending.signal.aborted; count += 1) {
      const begunAt = performance.now();
      const asked = count % 2 === 0 ? api.order(orderNo) : api.createOrder(order);
      const error = await asked.then(
        () => undefined,
        (thrown: unknown) => {
          if (thrown instanceof ApiError) return thrown;
          throw thrown;
        },
      );
      const endedAt = performance.now();
      this.outcomes.push({ begunAt, endedAt, ...(error === undefined ? {} : { error }) });
      await sleep(Math.max(0, begunAt + PACE_MS - endedAt));
    }
  }
}
