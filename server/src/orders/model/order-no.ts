import { randomInt } from 'node:crypto';
import type { Refund } from './order.ts';
import { chinaClock } from '../../kernel/china-time.ts';

/** `yyMMddHHmmss` in China's time and six random digits. Unique by the store, which refuses a second. */
export function newOrderNo(now: Date, random: (below: number) => number = randomInt): string {
  const digits = chinaClock(now).replace(/\D/gu, '');
  return digits.slice(2) + String(random(1_000_000)).padStart(6, '0');
}

/** No order that was made at this moment or later has a smaller one: numbers are in the order of time. */
export function firstOrderNo(at: Date): string {
  return newOrderNo(new Date(Math.ceil(at.getTime() / 1000) * 1000), () => 0);
}

/** When an order with this number was made, to the second; undefined where it is no number of an order. */
export function madeAt(orderNo: string): Date | undefined {
  const parts = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\d{6}$/u.exec(orderNo);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const at = new Date(`20${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

/** Our number of an order's n-th payment at its channel: 20 or 21 characters. */
export function paymentNo(orderNo: string, attempt: number): string {
  return `${orderNo}p${attempt}`;
}

/** Ours for money that a channel took again on a payment's number. */
export function extraPaymentNo(payment: string, nth: number): string {
  return `${payment}x${nth}`;
}

/** Why a payment is owed back as a whole, once. */
export type OwedReason = Exclude<Refund['reason'], 'compensation'>;

/** Each reason has its number, so that the same debt always has the same refund number. */
const REASON_NUMBER: Record<OwedReason, number> = {
  'double-payment': 1,
  'late-payment': 2,
  'not-sold': 3,
  requested: 4,
  'not-credited': 5,
};

export function refundNo(payment: string, reason: OwedReason): string {
  return `${payment}r${REASON_NUMBER[reason]}`;
}

/** A payment's n-th compensation. */
export function compensationNo(payment: string, nth: number): string {
  return `${payment}s${nth}`;
}

/** The order that a payment's or refund's number belongs to, or undefined where it is none of ours. */
export function orderNoOf(number: string): string | undefined {
  return /^(\d{18})p\d{1,2}(?:x\d{1,2})?(?:r\d|s\d{1,2})?$/u.exec(number)?.[1];
}
