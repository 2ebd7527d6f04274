import type { Clock } from '@bianmin/card/clock';
import type { Logger } from 'pino';
import type { Order } from '../../orders/model/order.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { OrderStore } from '../../orders/store/orders.ts';
import type { NumberSeal } from '../../kernel/sealed-number.ts';
import {
  InvoiceError,
  type InvoiceBuyer,
  type InvoiceEvidence,
  type InvoicePlatform,
} from '../../gateways/invoice/contract.ts';
import type { InvoiceStore } from './invoice-store.ts';
import { liveOf, mayBeInvoiced, nextStep, paidInTheEnd, type Invoice } from './invoice.ts';

/** Longer than the platform takes to answer; after a crash another process takes the request over. */
const HAND_MS = 60_000;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 3_600_000;
/** So many in one round; the next takes the rest. */
export const ROUND = 50;

export interface InvoicesInit {
  readonly store: InvoiceStore;
  readonly orders: Pick<OrderStore, 'get'>;
  readonly seal: NumberSeal;
  readonly clock: Clock;
  readonly log: Logger;
  /** Absent: this province has none yet. */
  readonly platform: InvoicePlatform | undefined;
}

/** Invoices of orders: asked for once, sent until the platform has answered, cancelled when money goes back. */
export class Invoices {
  readonly #init: InvoicesInit;

  constructor(init: InvoicesInit) {
    this.#init = init;
  }

  /**
   * Asks for an order's invoice; the one that counts is given back if there is one. Throws `invoice.not-offered`,
   * `invoice.not-yet` (the electricity has not arrived, or everything was given back).
   */
  async request(order: Order, buyer: InvoiceBuyer): Promise<Invoice> {
    if (this.#init.platform === undefined) {
      throw new ProblemError({
        code: 'invoice.not-offered',
        message: 'Electronic invoices are not offered here yet.',
      });
    }
    const known = await this.#init.store.ofOrder(order._id);
    const live = liveOf(known);
    if (live !== undefined) return live;
    if (!mayBeInvoiced(order)) {
      throw new ProblemError({
        code: 'invoice.not-yet',
        message: 'An invoice is available once the electricity has arrived. Ask again then.',
      });
    }
    const sealed = this.#init.seal.seal(JSON.stringify([buyer.title, buyer.taxNo ?? '']));
    const made = await this.#add(known, {
      kind: 'blue',
      buyer: sealed,
      totalFen: paidInTheEnd(order),
      order: order._id,
    });
    // Another call asked at the same moment: its invoice is the one.
    return made ?? this.request(order, buyer);
  }

  async ofOrder(orderNo: string): Promise<Invoice[]> {
    return this.#init.store.ofOrder(orderNo);
  }

  /** After an order changed: what was invoiced is made to agree with what was finally paid. Harmless to repeat. */
  async follow(order: Order): Promise<void> {
    const known = await this.#init.store.ofOrder(order._id);
    const step = nextStep(order, known);
    if (step.do === 'nothing') return;
    const { buyer, totalFen } = step.do === 'cancel' ? step.invoice : step;
    await this.#add(known, {
      kind: step.do === 'cancel' ? 'red' : 'blue',
      buyer,
      totalFen,
      order: order._id,
      ...(step.do === 'cancel' ? { cancels: step.invoice._id } : {}),
    });
  }

  /** One round over what is due; gives how many requests were looked at. Any number of processes may do so at once. */
  async work(): Promise<number> {
    const { store, platform, clock } = this.#init;
    if (platform === undefined) return 0;
    for (let done = 0; done < ROUND; done += 1) {
      const now = clock.now();
      const invoice = await store.take(new Date(now), new Date(now + HAND_MS));
      if (invoice === null) return done;
      if (invoice.status === 'waiting') await this.#advance(platform, invoice);
      else await this.#settle(invoice);
    }
    return ROUND;
  }

  async #add(
    known: readonly Invoice[],
    made: { kind: Invoice['kind']; buyer: string; totalFen: number; order: string; cancels?: string },
  ): Promise<Invoice | undefined> {
    const { order, ...rest } = made;
    const at = new Date(this.#init.clock.now());
    const invoice: Invoice = {
      ...rest,
      _id: `${order}f${known.length + 1}`,
      orderNo: order,
      status: 'waiting',
      sent: false,
      tries: 0,
      cancelled: false,
      requestedAt: at,
      dueAt: at,
    };
    return (await this.#init.store.insert(invoice)) ? invoice : undefined;
  }

  async #advance(platform: InvoicePlatform, invoice: Invoice): Promise<void> {
    try {
      await this.#heard(invoice, await this.#ask(platform, invoice));
    } catch (error) {
      if (!(error instanceof InvoiceError)) throw error;
      this.#init.log.warn({ err: error, requestNo: invoice._id }, 'an invoice has not been issued yet');
      await this.#later(invoice);
    }
  }

  /** One that was ever sent is asked about first, and sent again only where the platform has never seen it. */
  async #ask(platform: InvoicePlatform, invoice: Invoice): Promise<InvoiceEvidence> {
    if (invoice.sent) {
      const evidence = await platform.query(invoice._id);
      if (evidence.status !== 'not-found') return evidence;
    } else {
      await this.#init.store.change(invoice, { sent: true });
    }
    const [title = '', taxNo = ''] = JSON.parse(this.#init.seal.open(invoice.buyer)) as string[];
    const cancels =
      invoice.cancels === undefined ? undefined : await this.#numberOf(invoice, invoice.cancels);
    return platform.issue({
      requestNo: invoice._id,
      orderNo: invoice.orderNo,
      buyer: { title, ...(taxNo === '' ? {} : { taxNo }) },
      totalFen: invoice.totalFen,
      ...(cancels === undefined ? {} : { cancels }),
    });
  }

  async #numberOf(invoice: Invoice, requestNo: string): Promise<string> {
    const found = (await this.#init.store.ofOrder(invoice.orderNo)).find(({ _id }) => _id === requestNo);
    if (found?.number === undefined)
      throw new Error(`${invoice._id} cancels ${requestNo}, which was never issued.`);
    return found.number;
  }

  async #heard(invoice: Invoice, evidence: InvoiceEvidence): Promise<void> {
    const { store, log } = this.#init;
    switch (evidence.status) {
      case 'accepted':
        return this.#later(invoice);
      case 'refused':
        log.error({ requestNo: invoice._id, reason: evidence.reason }, 'an invoice was refused');
        await store.change(invoice, { status: 'refused', reason: evidence.reason.slice(0, 200) });
        return this.#settle({ ...invoice, status: 'refused' });
      case 'issued': {
        const { number, url, issuedAt } = evidence;
        if (invoice.cancels !== undefined) {
          await store.change({ _id: invoice.cancels, status: 'issued' }, { cancelled: true });
        }
        await store.change(invoice, { status: 'issued', number, url, issuedAt });
        return this.#settle({ ...invoice, status: 'issued' });
      }
    }
  }

  /** The order may have changed while the platform worked: at rest only once that is followed up. */
  async #settle(ended: Invoice): Promise<void> {
    const { store, orders } = this.#init;
    const order = await orders.get(ended.orderNo);
    if (order !== null) await this.follow(order);
    await store.rest(ended);
  }

  async #later(invoice: Invoice): Promise<void> {
    const tries = invoice.tries + 1;
    const wait = Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), LONGEST_WAIT_MS);
    await this.#init.store.change(invoice, { tries, dueAt: new Date(this.#init.clock.now() + wait) });
  }
}
