import type { Clock } from '@bianmin/card/clock';
import type {
  ConsentDescribeRequest,
  ConsentOrderRequest,
  RemoteCustomer,
} from '@bianmin/purchase/api/remote';
import type { CalledFrom, ConsentSales } from '../../orders/desk/consent-sales.ts';
import type { OrderingTerminal } from '../../orders/desk/order-maker.ts';
import type { RemoteOrders } from '../../orders/desk/remote-orders.ts';
import type { Order } from '../../orders/model/order.ts';
import type { CounterSessions } from '../counter/sessions.ts';
import { clerkOf } from './clerk.ts';
import { roomOf, within, type ConsentLimits } from './consent.ts';
import type { Consents } from './consents.ts';
import { demandLive, overLimit, type ConsentUsage } from './usage.ts';

export interface ConsentOrdersInit {
  readonly consents: Consents;
  readonly usage: ConsentUsage;
  readonly remote: Pick<RemoteOrders, 'create' | 'describe' | 'isKnown'>;
  readonly sessions: Pick<CounterSessions, 'staffOf'>;
  readonly bounds: ConsentLimits;
  readonly clock: Pick<Clock, 'now'>;
}

/** Buying for a household that cannot come, with what it has consented to. */
export class ConsentOrders implements ConsentSales {
  readonly #init: ConsentOrdersInit;

  constructor(init: ConsentOrdersInit) {
    this.#init = init;
  }

  /** What may be bought, within the consent. Throws `consent.none`, `consent.over`, `consent.over-limit`. */
  async describe(terminal: OrderingTerminal, request: ConsentDescribeRequest): Promise<RemoteCustomer> {
    const { consents, usage, remote, sessions, bounds } = this.#init;
    const { terminalId } = terminal;
    await clerkOf(sessions, terminal, request.ticket);
    const consent = demandLive(await consents.at(terminal, request.consent), this.#now());
    const described = await remote.describe(consents.customerNoOf(consent), terminalId);
    const { customer: masked, holder } = described;
    await consents.stillHeld(consent, { masked, ...(holder === undefined ? {} : { holder }) });
    const limits = within(consent, bounds);
    const usedFen = await usage.usedFen(consent, terminalId);
    const roomFen = roomOf(limits, usedFen);
    const least = Math.min(described.limits.minFen, ...(described.bills ?? []).map(({ dueFen }) => dueFen));
    if (roomFen < least) throw overLimit(limits, Math.max(0, limits.perMonthFen - usedFen));
    return { ...described, limits: atMost(described.limits, roomFen) };
  }

  async create(terminal: OrderingTerminal, request: ConsentOrderRequest, from: CalledFrom): Promise<Order> {
    const { consents, usage, remote, sessions, bounds } = this.#init;
    const { terminalId, orgPath } = terminal;
    const { ticket, consent: id, faceFen, idempotencyKey, entry, billNo } = request;
    const staff = await clerkOf(sessions, terminal, ticket);
    const consent = await consents.at(terminal, id);
    const wanted = {
      ...{ ownerId: terminalId, orgPath, customerNo: consents.customerNoOf(consent) },
      ...{ faceFen, entry, idempotencyKey, billNo },
      consent: { form: consent.form, staff: staff._id },
    };
    // The answer got lost and the terminal asks again: its order is there, whatever became of the consent.
    if (await remote.isKnown(wanted)) return remote.create(wanted);
    demandLive(consent, this.#now());
    const limits = within(consent, bounds);
    if (faceFen > limits.perPurchaseFen) {
      throw overLimit(limits, Math.max(0, limits.perMonthFen - (await usage.usedFen(consent, terminalId))));
    }
    const order = { terminalId, key: idempotencyKey, fen: faceFen };
    return remote.create(wanted, async (held) => {
      await consents.stillHeld(consent, held);
      await usage.hold(consent, order);
      await consents.recordUse(consent, { staff, where: from }, order);
    });
  }

  #now(): Date {
    return new Date(this.#init.clock.now());
  }
}

/** What a screen offers, no more than this. */
function atMost(limits: RemoteCustomer['limits'], mostFen: number): RemoteCustomer['limits'] {
  const { stepFen, presetsFen } = limits;
  const maxFen = Math.min(limits.maxFen, Math.floor(mostFen / stepFen) * stepFen);
  const fitting = presetsFen.filter((fen) => fen <= maxFen);
  return { ...limits, maxFen, presetsFen: fitting.length > 0 || maxFen < limits.minFen ? fitting : [maxFen] };
}
