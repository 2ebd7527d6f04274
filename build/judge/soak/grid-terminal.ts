import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { recogniserOf } from '@bianmin/card/meter-card/recognise';
import { systemClock } from '@bianmin/card/node/system-clock';
import { BOTH_MAKERS } from '@bianmin/card/testing/second-maker';
import { MemoryJournal } from '@bianmin/card/testing/memory-journal';
import type { SimulatedCard } from '@bianmin/card/testing/simulated-card';
import type { IdentifyResponse } from '@bianmin/purchase/api/card';
import { ApiError } from '@bianmin/purchase/api/client-error';
import type { ClaimRequest, OrderView } from '@bianmin/purchase/api/order';
import type { TakeCashRequest } from '@bianmin/purchase/api/float';
import type { Channel } from '@bianmin/purchase/api/channels';
import { cardWorkBy } from '@bianmin/purchase/purchase/card-work';
import type { WriteOutcome } from '@bianmin/purchase/purchase/ports';
import { releaseAndWrite } from '@bianmin/purchase/purchase/releasing';
import type { RemoteCardTerminal } from '@bianmin/purchase/remote-card/terminal';
import { remoteCards } from '../../../terminal-app/src/host/remote-cards.ts';
import { OrderStream } from '../../../terminal-app/src/host/order-stream.ts';
import { DirectSlot } from '../bench/direct-slot.ts';
import type { Enrolled } from '../bench/enrolled.ts';
import type { Writing } from './grid-mishaps.ts';
import { persisting } from '../bench/persisting.ts';

/** As a terminal that was given both makers' layouts. */
const recognise = recogniserOf(BOTH_MAKERS);
const cardWork = cardWorkBy(recognise);

const SILENT = { debug: () => undefined, warn: () => undefined };
/** A digest of nothing that any card ever was. */
const INVENTED = 'f'.repeat(64);
/** The server has heard the claim and will never take it. */
const HEARD: ReadonlySet<string> = new Set(['order.lease-stale', 'order.already-written', 'order.not-found']);

/** A card at a terminal, as it was read. */
export interface Identified extends IdentifyResponse {
  /** Hex, 16 digits. */
  readonly serial: string;
}

export interface WriteInit {
  readonly orderNo: string;
  readonly card: SimulatedCard;
  readonly serial: string;
  readonly writing: Writing;
  readonly cutAfter: number;
}

/** A kiosk without screen that keeps on through outages, and that can lie about what it did to a card. */
export class GridTerminal {
  readonly #on: Enrolled;
  readonly #stream: OrderStream;
  readonly #journal = new MemoryJournal();

  /** Of an enrolled terminal. */
  get id(): string {
    return this.#on.identity.terminalId;
  }

  constructor(enrolled: Enrolled) {
    this.#on = enrolled;
    const { client, connect } = enrolled;
    this.#stream = new OrderStream({
      api: { streamUrl: (last) => client.streamUrl(last), order: (orderNo) => client.order(orderNo) },
      clock: systemClock,
      log: SILENT,
      connect,
    });
  }

  async identify(card: SimulatedCard): Promise<Identified> {
    const opened = await cardWork.open(new DirectSlot(card));
    await opened.end();
    const answer = await persisting(() => this.#on.client.identify({ image: opened.image, entry: 'kiosk' }));
    return { ...answer, serial: opened.serial };
  }

  /** The same key throughout: an answer that got lost makes no second order. */
  order(cardSession: string, faceFen: number): Promise<OrderView> {
    const request = { idempotencyKey: randomUUID(), cardSession, faceFen, entry: 'kiosk' } as const;
    return persisting(() => this.#on.client.createOrder(request));
  }

  /** What a wallet scans, or null where nothing can be paid. */
  async code(orderNo: string, channel: Channel): Promise<string | null> {
    const { payment } = await persisting(() => this.#on.client.createPayment(orderNo, { channel }));
    return payment?.codeUrl ?? null;
  }

  view(orderNo: string): Promise<OrderView> {
    return persisting(() => this.#on.client.order(orderNo));
  }

  /** The clerk at the counter took the cash. */
  async takeCash(orderNo: string, by: TakeCashRequest): Promise<void> {
    await persisting(() => this.#on.client.takeCash(orderNo, by));
  }

  /** What the counter took for an order and is to hand back of it; nothing where it took none. */
  async cashOf(orderNo: string): Promise<{ takenFen: number; refundedFen: number }> {
    try {
      const { takenFen, handBackFen } = await persisting(() => this.#on.client.cashReceipt(orderNo));
      return { takenFen, refundedFen: handBackFen };
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'request.not-found') throw error;
      return { takenFen: 0, refundedFen: 0 };
    }
  }

  async cancel(orderNo: string): Promise<void> {
    await persisting(() => this.#on.client.cancel(orderNo));
  }

  /** The first view that is waited for, or the last one once patience is over. */
  until(
    orderNo: string,
    reached: (order: OrderView) => boolean,
    patienceMs: number,
  ): Promise<OrderView | undefined> {
    return new Promise((resolve) => {
      let last: OrderView | undefined;
      const end = (): void => {
        clearTimeout(timer);
        off();
        resolve(last);
      };
      const off = this.#stream.subscribe(orderNo, (order) => {
        last = order;
        if (reached(order)) end();
      });
      const timer = setTimeout(end, patienceMs);
    });
  }

  /** Has the plan released and does with it, and says of it, what `writing` says. True where it told a lie. */
  async write(init: WriteInit): Promise<boolean> {
    if (init.writing === 'false-claim') return this.#pretend(init);
    const outcome = await persisting(() => this.#attempt(init));
    const entry = (await this.#journal.list()).find(({ orderNo }) => orderNo === init.orderNo);
    if (entry === undefined || (outcome.result !== 'written' && outcome.result !== 'failed')) return false;
    const { lease, imageDigest } = entry;
    if (init.writing !== 'silent') {
      const failed = outcome.result === 'failed' ? outcome.code : 'meter-card.verify';
      const written = outcome.result === 'written' && init.writing !== 'says-failed';
      await this.#claim(init.orderNo, {
        lease,
        ...(imageDigest === undefined ? {} : { imageDigest }),
        ...(written ? { result: 'written' } : { result: 'failed', reason: failed }),
      });
    }
    await this.#journal.remove(init.orderNo);
    return init.writing === 'says-failed' && outcome.result === 'written';
  }

  /** The card as it is, under the nonce that staff were given. */
  async readUnder(nonce: string, card: SimulatedCard): Promise<void> {
    const opened = await cardWork.open(new DirectSlot(card));
    await opened.end();
    const body = { image: opened.image };
    await persisting(() => this.#on.client.post(`/v1/terminal/readings/${nonce}`, z.unknown(), body));
  }

  /** The person here says yes to whatever staff ask of this card from afar, for as long as the work takes. */
  async lends(card: SimulatedCard, work: () => Promise<void>): Promise<void> {
    const { client, identity } = this.#on;
    const slot = new DirectSlot(card);
    const lent: RemoteCardTerminal = remoteCards({
      recognise,
      api: {
        cardSession: (id) => client.cardSession(id),
        consent: (id, yes) => client.consent(id, yes),
        stepResult: (id, result) => client.stepResult(id, result),
        endCardSession: (id, end) => client.endCardSession(id, end),
      },
      ...{ journal: this.#journal, clock: systemClock, unseal: (jwe: string) => identity.unseal(jwe) },
      lender: { lend: () => true, giveBack: () => undefined, slots: () => [slot] },
      onView: ({ state }) => {
        if (state === 'asked') void lent.command('yes');
      },
      onFault: () => undefined,
    });
    lent.start();
    try {
      await work();
    } finally {
      await lent.stop();
    }
  }

  close(): void {
    this.#stream.close();
  }

  async #attempt({ orderNo, card, serial, writing, cutAfter }: WriteInit): Promise<WriteOutcome> {
    let left = cutAfter;
    card.cutHook = writing === 'cut' ? () => left-- === 0 : undefined;
    try {
      return await releaseAndWrite(
        { slot: new DirectSlot(card), orderNo, serial, tries: 0, onProgress: () => undefined },
        {
          api: this.#on.client,
          cards: cardWork,
          journal: this.#journal,
          clock: systemClock,
          unseal: (jwe) => this.#on.identity.unseal(jwe),
        },
      );
    } finally {
      card.cutHook = undefined;
    }
  }

  async #pretend({ orderNo, card }: WriteInit): Promise<boolean> {
    const opened = await cardWork.open(new DirectSlot(card));
    await opened.end();
    const { lease } = await persisting(() => this.#on.client.release(orderNo, { image: opened.image }));
    await this.#claim(orderNo, { lease, result: 'written', imageDigest: INVENTED });
    return true;
  }

  async #claim(orderNo: string, claim: ClaimRequest): Promise<void> {
    try {
      await persisting(() => this.#on.client.claim(orderNo, claim));
    } catch (error) {
      if (!(error instanceof ApiError) || !HEARD.has(error.code)) throw error;
    }
  }
}
