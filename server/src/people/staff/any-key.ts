import { orderNoOf } from '../../orders/model/order-no.ts';
import type { OrderQuery } from '../../orders/store/order-query.ts';

/** What a person may have in hand when they ask about an order. */
export type KeyKind = 'orderNo' | 'serial' | 'terminalId' | 'customerNo' | 'transactionId';

export interface KeyReading {
  readonly kind: KeyKind;
  readonly query: OrderQuery;
}

/**
 * What one box may hold: every way in which the text can be read, each a search with an index of its own. Sixteen digits
 * are a card's serial or a customer's number, and both are looked for; nothing is guessed.
 */
export function readingsOf(text: string): KeyReading[] {
  const key = text.trim();
  const orderNo = /^\d{18}$/u.test(key) ? key : orderNoOf(key);
  const found: KeyReading[] = [];
  // No order's number lies between this one and the same with one more character.
  if (orderNo !== undefined) found.push({ kind: 'orderNo', query: { from: orderNo, to: `${orderNo}0` } });
  if (/^[0-9A-Fa-f]{16}$/u.test(key)) found.push({ kind: 'serial', query: { serial: key.toUpperCase() } });
  if (/^t[0-9a-f]{30}$/u.test(key)) found.push({ kind: 'terminalId', query: { terminalId: key } });
  if (/^[0-9A-Za-z]{4,20}$/u.test(key)) found.push({ kind: 'customerNo', query: { customerNo: key } });
  if (/^[\w-]{8,64}$/u.test(key)) found.push({ kind: 'transactionId', query: { transactionId: key } });
  return found;
}
