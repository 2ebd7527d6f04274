import { randomUUID } from 'node:crypto';
import { systemClock } from '@bianmin/card/node/system-clock';
import { MemoryJournal } from '@bianmin/card/testing/memory-journal';
import type { SimulatedCard } from '@bianmin/card/testing/simulated-card';
import type { ApiClient } from '@bianmin/purchase/api/client';
import type { OrderView } from '@bianmin/purchase/api/order';
import { cardWork } from '@bianmin/purchase/purchase/card-work';
import { releaseAndWrite } from '@bianmin/purchase/purchase/releasing';
import type { HostIdentity } from '../../../terminal-app/src/host/identity.ts';
import { OrderStream } from '../../../terminal-app/src/host/order-stream.ts';
import type { Operator } from '../../run/dev/operator.ts';
import type { SandboxClient } from '../../kit/sandbox-client.ts';
import { DirectSlot } from './direct-slot.ts';
import { enrolTerminal, type Enrolled } from './enrolled.ts';
import type { TerminalLine } from './terminal-line.ts';

/** How long an order may take before the bench calls it stuck, ms. */
const PATIENCE_MS = 60_000;
const SILENT = { debug: () => undefined, warn: () => undefined };

/** A kiosk without screen and reader: own identity, real client, real card layer, straight on a simulated card. */
export class VirtualTerminal {
  readonly #identity: HostIdentity;
  readonly #client: ApiClient;
  readonly #stream: OrderStream;
  readonly #sandbox: SandboxClient;
  readonly #journal = new MemoryJournal();

  private constructor(init: Enrolled & { sandbox: SandboxClient }) {
    const { client, connect } = init;
    this.#identity = init.identity;
    this.#client = client;
    this.#sandbox = init.sandbox;
    this.#stream = new OrderStream({
      api: { streamUrl: (last) => client.streamUrl(last), order: (orderNo) => client.order(orderNo) },
      clock: systemClock,
      log: SILENT,
      connect,
    });
  }

  /** Makes its keys under `dir` and has it accepted by a code of the operator's. */
  static async enrolled(init: {
    index: number;
    dir: string;
    webUrl: string;
    operator: Operator;
    sandbox: SandboxClient;
    line?: TerminalLine;
  }): Promise<VirtualTerminal> {
    return new VirtualTerminal({ ...(await enrolTerminal(init)), sandbox: init.sandbox });
  }

  /** Of its own orders: the address of a stream, for once. */
  streamUrl(lastEventId?: string): Promise<string> {
    return this.#client.streamUrl(lastEventId);
  }

  /** One whole purchase, from the card put in to the claim acknowledged; gives the order's number. Fails where it does not come to that. */
  async buy(card: SimulatedCard, faceFen: number): Promise<string> {
    const slot = new DirectSlot(card);
    const opened = await cardWork.open(slot);
    await opened.end();
    const { cardSession } = await this.#client.identify({ image: opened.image, entry: 'kiosk' });
    const { orderNo } = await this.#client.createOrder({
      idempotencyKey: randomUUID(),
      cardSession,
      faceFen,
      entry: 'kiosk',
    });
    const sold = this.#until(orderNo, (order) => order.state === 'sold');
    // Where the payment already failed, nobody waits for it.
    sold.catch(() => undefined);
    const { payment } = await this.#client.createPayment(orderNo, { channel: 'wechat' });
    const codeUrl = payment?.codeUrl ?? null;
    if (codeUrl === null) throw new Error(`Order ${orderNo} got no code.`);
    await Promise.all([this.#sandbox.pay(codeUrl), sold]);
    const outcome = await releaseAndWrite(
      { slot, orderNo, serial: opened.serial, tries: 0, onProgress: () => undefined },
      {
        api: this.#client,
        cards: cardWork,
        journal: this.#journal,
        clock: systemClock,
        unseal: (jwe) => this.#identity.unseal(jwe),
      },
    );
    const entry = (await this.#journal.list()).find((candidate) => candidate.orderNo === orderNo);
    if (outcome.result !== 'written' || entry?.imageDigest === undefined) {
      throw new Error(`Order ${orderNo} was not written: ${outcome.result}.`);
    }
    const { lease, imageDigest } = entry;
    const { state } = await this.#client.claim(orderNo, { lease, result: 'written', imageDigest });
    if (state !== 'done') throw new Error(`Order ${orderNo} is ${state} after its claim.`);
    await this.#journal.remove(orderNo);
    return orderNo;
  }

  close(): void {
    this.#stream.close();
  }

  #until(orderNo: string, reached: (order: OrderView) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      let last = 'nothing heard';
      const end = (): void => {
        clearTimeout(timer);
        off();
      };
      const off = this.#stream.subscribe(orderNo, (order) => {
        last = order.state;
        if (!reached(order)) return;
        end();
        resolve();
      });
      const timer = setTimeout(() => {
        end();
        reject(new Error(`Order ${orderNo} is stuck: ${last}.`));
      }, PATIENCE_MS);
    });
  }
}
