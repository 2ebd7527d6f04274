import type { CardImageMessage } from '@bianmin/purchase/api/card-image';
import type { CardSessionKind } from '@bianmin/purchase/api/card-session';
import type { AuthoriseRequest, ClaimRequest, SealedPlan } from '@bianmin/purchase/api/order';
import { WHOLE_PROVINCE, type Scope } from '../../kernel/scope.ts';
import type { CardUndos } from '../../orders/desk/card-undos.ts';
import type { CardWrites, WritingTerminal } from '../../orders/desk/card-writes.ts';
import type { KeyPermit } from '../../orders/desk/refused-keys.ts';
import type { Order } from '../../orders/model/order.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { OrderStore } from '../../orders/store/orders.ts';

/** The card as it was just read. */
interface CardToWrite {
  readonly image: CardImageMessage;
  /** Staff let its code meet its last try. */
  readonly lastTry: boolean;
}

/**
 * Where the plans of one kind of session come from. The session only carries them: who may write what, and the grid's
 * part in it, is decided where it is decided for every other write.
 */
export interface RemoteWriter {
  /** The only card that may be driven, null for any. Throws where there is nothing to write. */
  begin(subject: string, scope: Scope): Promise<{ readonly serial: string | null }>;
  /** The plan for the card as it was just read, sealed to the terminal. */
  release(subject: string, terminal: WritingTerminal, card: CardToWrite): Promise<SealedPlan>;
  /** The stage that the write asked for. */
  next(subject: string, terminal: WritingTerminal, request: AuthoriseRequest): Promise<SealedPlan>;
  /** For the plan of a lease that waited for its terminal; `again`: it had it before. Throws as `release` where it may not go. */
  permit(subject: string, terminalId: string, of: { lease: number; again: boolean }): Promise<KeyPermit>;
  /** May be repeated. */
  written(subject: string, terminalId: string, claim: ClaimRequest): Promise<void>;
}

export type RemoteWriters = Partial<Record<CardSessionKind, RemoteWriter>>;

/** An order by its number. Throws `order.not-found`. */
function ordersOf(store: OrderStore): (orderNo: string, scope?: Scope) => Promise<Order> {
  return async (orderNo, scope = WHOLE_PROVINCE) => {
    const order = await store.getWithin(orderNo, scope);
    if (order !== null) return order;
    throw new ProblemError({ code: 'order.not-found', message: 'There is no such order.', orderNo });
  };
}

/** Writes a sold order's card once more; sells nothing. */
export function orderWriter(store: OrderStore, writes: CardWrites): RemoteWriter {
  const orderOf = ordersOf(store);
  return {
    async begin(orderNo, scope) {
      const order = await orderOf(orderNo, scope);
      if (order.sale.status === 'sold') return { serial: order.serial };
      throw new ProblemError({
        code: 'order.not-sold',
        message: 'The grid has not sold this order; there is nothing to write.',
        orderNo,
      });
    },
    release: async (orderNo, terminal, card) => writes.release(await orderOf(orderNo), terminal, card),
    next: async (orderNo, terminal, request) => writes.authorise(await orderOf(orderNo), terminal, request),
    permit: async (orderNo, _terminalId, of) => writes.permit(await orderOf(orderNo), of),
    async written(orderNo, terminalId, claim) {
      await writes.claim(await orderOf(orderNo), terminalId, claim);
    },
  };
}

/** Takes a sale off its card, once two persons allowed it. */
export function undoWriter(store: OrderStore, undos: CardUndos, writes: CardWrites): RemoteWriter {
  const orderOf = ordersOf(store);
  return {
    begin: async (orderNo, scope) => undos.cardOf(await orderOf(orderNo, scope)),
    release: async (orderNo, terminal, { image }) => undos.release(await orderOf(orderNo), terminal, image),
    next: async (orderNo, terminal, request) => undos.authorise(await orderOf(orderNo), terminal, request),
    permit: async (orderNo, _terminalId, of) => undos.permit(await orderOf(orderNo), of),
    // The claim of any plan, which knows an undoing's by its lease.
    async written(orderNo, terminalId, claim) {
      await writes.claim(await orderOf(orderNo), terminalId, claim);
    },
  };
}

/** What a replacement's desk does of this; it has allowed the request before. */
export interface ReplacementDesk {
  release(requestNo: string, terminal: WritingTerminal, image: CardImageMessage): Promise<SealedPlan>;
  authorise(requestNo: string, terminal: WritingTerminal, request: AuthoriseRequest): Promise<SealedPlan>;
  permit(requestNo: string, terminalId: string, of: { again: boolean }): Promise<KeyPermit>;
  claim(requestNo: string, terminalId: string, claim: ClaimRequest): Promise<unknown>;
}

/** Writes a blank card that a second person allowed; which card it may be, the desk knows. */
export function replacementWriter(desk: ReplacementDesk): RemoteWriter {
  return {
    begin: () => Promise.resolve({ serial: null }),
    release: (requestNo, terminal, { image }) => desk.release(requestNo, terminal, image),
    next: (requestNo, terminal, request) => desk.authorise(requestNo, terminal, request),
    permit: (requestNo, terminalId, of) => desk.permit(requestNo, terminalId, of),
    async written(requestNo, terminalId, claim) {
      await desk.claim(requestNo, terminalId, claim);
    },
  };
}
