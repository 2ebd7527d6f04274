import { OPERATIONS, type AnswerBody, type Operation } from '../../src/gateways/grid/wire/operations.ts';

/** Who asks to sell, by order: two where the caller sells again what may have been sold. */
export class SaleRequests {
  readonly #counts = new Map<string, number>();
  /** Lost before anything was done with them. */
  readonly #lost = new Map<string, number>();

  /** Of orders that the deposit was said not to pay for, only what was asked since. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  heard(operation: Operation, request: unknown): void {
    if (asksToSell(operation)) add(this.#counts, orderNoOf(request), 1);
  }

  lost(operation: Operation, request: unknown): void {
    if (asksToSell(operation)) add(this.#lost, orderNoOf(request), 1);
  }

  answered(operation: Operation, request: unknown, answer: AnswerBody): void {
    const orderNo = orderNoOf(request);
    if (asksToSell(operation) && answer.result === 'refused' && answer.refusal === 'vendor-credit') {
      add(this.#counts, orderNo, -1);
    }
    if (operation === 'queryOriginal' && isForCredit(answer)) {
      add(this.#counts, orderNo, -(this.#lost.get(orderNo) ?? 0));
      this.#lost.delete(orderNo);
    }
  }
}

function isForCredit(answer: AnswerBody): boolean {
  if (answer.result !== 'ok') return false;
  const original = OPERATIONS.queryOriginal.answer.parse(answer.data);
  return original.status === 'rejected' && original.reason === 'vendor-credit';
}

function asksToSell(operation: Operation): boolean {
  return operation === 'sell' || operation === 'payAccount';
}

function orderNoOf(request: unknown): string {
  return (request as { orderNo?: string } | null)?.orderNo ?? '';
}

function add(counts: Map<string, number>, orderNo: string, by: number): void {
  counts.set(orderNo, (counts.get(orderNo) ?? 0) + by);
}
