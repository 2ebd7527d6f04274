import type { Entry } from '@bianmin/purchase/api/scalars';
import type { AccountFacts } from '../../gateways/grid/accounts.ts';
import { holderOf } from '../../kernel/holder.ts';
import { maskedOf } from '../../kernel/mask.ts';
import type { GridCustomer } from '../../gateways/grid/customers.ts';
import type { Order } from '../model/order.ts';
import { billToPay } from './account-facts.ts';
import type { AccountGate } from './account-gate.ts';
import { checkAmount, type NewOrder, type OrderMaker } from './order-maker.ts';

/** Who buys, as the grid or a card session has it. */
type Buyer = AccountFacts &
  Pick<NewOrder, 'customerNo' | 'meterNo' | 'chip' | 'serial' | 'masked'> &
  Limits & { readonly holder?: string | undefined };
type Limits = Pick<GridCustomer, 'minFen' | 'maxFen'>;

interface Asked extends Pick<
  NewOrder,
  'terminalId' | 'orgPath' | 'idempotencyKey' | 'idempotencyDigest' | 'consent'
> {
  readonly faceFen: number;
  readonly entry: Entry;
  readonly billNo: string | undefined;
}

/** Purchases into an account that the grid keeps, and of bills (远程费控, 后付费): no card, no count, nothing to write. */
export class AccountOrders {
  readonly #grid: string;
  readonly #gate: AccountGate;
  readonly #maker: OrderMaker;

  constructor(init: { grid: string; gate: AccountGate; maker: OrderMaker }) {
    this.#grid = init.grid;
    this.#gate = init.gate;
    this.#maker = init.maker;
  }

  /** `last` as for `RemoteOrders.create`. Failures are `ProblemError`s. */
  async create(customer: Buyer, asked: Asked, last?: () => Promise<void>): Promise<Order> {
    const { billNo, faceFen, ...request } = asked;
    const bill = billNo === undefined ? undefined : billToPay(customer, { billNo, faceFen });
    if (bill === undefined) checkAmount(customer, faceFen);
    const { customerNo, meterNo, chip, serial, masked, holder } = customer;
    const order: NewOrder = {
      ...request,
      ...{ kind: 'account', faceFen, grid: this.#grid, customerNo, meterNo, chip, serial },
      ...{ imageDigest: '', count: 0, masked, meterSaidAt: null },
      ...(holder === undefined ? {} : { holder }),
      ...(bill === undefined ? {} : { bill }),
      ...(customer.supply === 'off' ? { wasOff: true } : {}),
    };
    return this.#maker.make(order, async () => {
      await this.#gate.makeWay(request.terminalId, { meterNo, bill });
      await last?.();
    });
  }
}

/** A customer of the grid's as a buyer. */
export function buyerOf(customer: GridCustomer): Buyer {
  const { holder: _, ...rest } = customer;
  return { ...rest, masked: maskedOf(customer), ...holderOf(customer) };
}
