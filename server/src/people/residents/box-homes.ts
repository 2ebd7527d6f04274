import type { Clock } from '@bianmin/card/clock';
import type { History, HomeOrderRequest } from '@bianmin/purchase/api/home';
import type { RemoteCustomer } from '@bianmin/purchase/api/remote';
import type { Where } from '../../access/approvals.ts';
import type { HouseholdHistory } from '../../orders/desk/household-history.ts';
import type { Order } from '../../orders/model/order.ts';
import type { OrderingTerminal } from '../../orders/desk/order-maker.ts';
import type { RemoteOrders } from '../../orders/desk/remote-orders.ts';
import { fundingOf, isGivenBack } from '../../orders/model/state.ts';
import { meterTailOf } from '../../kernel/mask.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { OrderStore } from '../../orders/store/orders.ts';
import type { BindingBook } from './binding-book.ts';
import type { StoredBinding } from './binding-store.ts';

/** A purchase that old is not at hand any more: the payer may have left the room. */
export const REMEMBER_MS = 3_600_000;

export interface BoxHomesInit {
  readonly book: BindingBook;
  readonly remote: Pick<RemoteOrders, 'create' | 'describe'>;
  readonly history: Pick<HouseholdHistory, 'of'>;
  readonly store: Pick<OrderStore, 'get'>;
  readonly clock: Clock;
}

/**
 * Households that a family's box keeps, to be topped up without card and number. What entitles the box is a purchase
 * that was paid on it: made with the card in its reader, or with the digits of a bound phone. Failures are `ProblemError`s.
 */
export class BoxHomes {
  readonly #init: BoxHomesInit;

  constructor(init: BoxHomesInit) {
    this.#init = init;
  }

  list(terminalId: string): Promise<StoredBinding[]> {
    return this.#init.book.list(terminalId);
  }

  /** One that it has already is given again. Throws `order.not-found`, `customer.not-proven`, `binding.too-many`. */
  async remember(terminalId: string, orderNo: string, where: Where): Promise<StoredBinding> {
    const { book, store, clock } = this.#init;
    const order = await store.get(orderNo);
    if (order?.terminalId !== terminalId) {
      throw new ProblemError({ code: 'order.not-found', message: 'This box has made no such order.' });
    }
    const isRecent = clock.now() - order.createdAt.getTime() <= REMEMBER_MS;
    if (!isRecent || fundingOf(order) === undefined || isGivenBack(order)) {
      throw new ProblemError({
        code: 'customer.not-proven',
        message: 'Only a household for which this box was paid within the last hour can be remembered.',
      });
    }
    const { customerNo, holder } = order;
    const masked = { ...order.masked, ...meterTailOf(order.meterNo) };
    return (
      (await book.known(terminalId, customerNo)) ??
      (await book.add(terminalId, { customerNo, masked, ...(holder === undefined ? {} : { holder }) }, where))
    );
  }

  forget(terminalId: string, homeId: string, where: Where): Promise<void> {
    return this.#init.book.remove(terminalId, homeId, where);
  }

  /** Of a box that was rejected, or is accepted once more, perhaps in another family. */
  forgetAll(terminalId: string, where: Where): Promise<void> {
    return this.#init.book.removeAll(terminalId, 'terminal.homes-end', where);
  }

  /** Throws `binding.not-found` also where the account has another holder or name by now, and forgets it then. */
  async describe(terminalId: string, homeId: string, where: Where): Promise<RemoteCustomer> {
    const { book, remote } = this.#init;
    const home = await book.get(terminalId, homeId);
    const described = await remote.describe(book.customerNoOf(home), terminalId);
    const { customer: masked, holder } = described;
    const now = { masked, ...(holder === undefined ? {} : { holder }) };
    await book.stillHeld(home, now, { byName: true, where });
    return described;
  }

  async order(terminal: OrderingTerminal, homeId: string, request: HomeOrderRequest): Promise<Order> {
    const { terminalId, orgPath } = terminal;
    const { book, remote } = this.#init;
    const home = await book.get(terminalId, homeId);
    const customerNo = book.customerNoOf(home);
    const held = home.holder === undefined ? {} : { holder: home.holder };
    const order = await remote.create({ ownerId: terminalId, orgPath, customerNo, ...held, ...request });
    await book.use(home);
    return order;
  }

  async history(terminalId: string, homeId: string, before?: string): Promise<History> {
    const { book, history } = this.#init;
    const home = await book.get(terminalId, homeId);
    const { holder, masked } = home;
    const held = holder === undefined ? {} : { holder };
    return history.of({ customerNo: book.customerNoOf(home), maskedName: masked.name, ...held }, before);
  }
}
