import type { CreditChoice } from '@bianmin/purchase/api/order';
import type {
  CreateRemoteOrderRequest,
  RemoteCustomer,
  RemoteDescribeRequest,
} from '@bianmin/purchase/api/remote';
import { ProblemError } from '../../kernel/problem.ts';
import type { Order } from '../model/order.ts';
import type { OrderingTerminal } from './order-maker.ts';
import type { ProofCheck } from './proof-check.ts';
import type { RemoteOrders } from './remote-orders.ts';

/** Buying by customer number at a terminal: with a resident's proof, never by the number alone. */
export class TerminalRemote {
  readonly #remote: RemoteOrders;
  readonly #proofs: ProofCheck;

  constructor(init: { remote: RemoteOrders; proofs: ProofCheck }) {
    this.#remote = init.remote;
    this.#proofs = init.proofs;
  }

  async describe(terminalId: string, request: RemoteDescribeRequest): Promise<RemoteCustomer> {
    await this.#prove({ ...request, terminalId, use: 'describe' });
    return this.#remote.describe(request.customerNo, terminalId);
  }

  async create(terminal: OrderingTerminal, request: CreateRemoteOrderRequest): Promise<Order> {
    const { terminalId, orgPath } = terminal;
    const { customerNo, faceFen, entry, idempotencyKey, billNo, proof } = request;
    const remote = { ownerId: terminalId, orgPath, customerNo, faceFen, entry, idempotencyKey, billNo };
    // The answer got lost and the terminal asks again: its proof is used up, and its order is there.
    if (await this.#remote.isKnown(remote)) return this.#remote.create(remote);
    const shown = { customerNo, proof, terminalId };
    await this.#prove({ ...shown, use: 'describe' });
    // Used up last: an order that is refused for another reason costs the resident no proof.
    return this.#remote.create(remote, () => this.#prove({ ...shown, use: 'order' }));
  }

  /** A person who only holds the card may have it written; where the money goes is for the one who paid. */
  async choose(terminalId: string, order: Order, choice: CreditChoice): Promise<Order> {
    if (choice === 'refund' && order.terminalId !== terminalId) {
      throw new ProblemError({
        code: 'order.no-choice',
        message: 'A refund can be asked for only at the terminal that made the order.',
        orderNo: order._id,
      });
    }
    return this.#remote.choose(order, choice);
  }

  async #prove(shown: Parameters<ProofCheck['check']>[0]): Promise<void> {
    if (await this.#proofs.check(shown)) return;
    throw new ProblemError({
      code: 'customer.not-proven',
      message: 'The right to act for this customer is not proven here. Get a new proof, or use the card.',
    });
  }
}
