import { CHANNELS } from '@bianmin/purchase/api/channels';
import type { OrderState } from '@bianmin/purchase/api/order';
import { PROVINCE } from '@bianmin/purchase/api/org';
import { within, type Scope } from '../../kernel/scope.ts';
import type { Order, PaymentMeans } from '../model/order.ts';
import { maskCustomerNo } from '../../kernel/mask.ts';
import { COMMUNITY_PREFIX } from '../../kernel/org-path.ts';
import type { OrderSpan } from './order-spans.ts';
import { anyOf } from '../../adapters/mongo/sealed-filter.ts';
import type { NumberSeal } from '../../kernel/sealed-number.ts';

/** What an order is searched for by; several hold together. */
export interface OrderQuery {
  readonly customerNo?: string | undefined;
  readonly serial?: string | undefined;
  readonly meterNo?: string | undefined;
  readonly terminalId?: string | undefined;
  readonly transactionId?: string | undefined;
  readonly state?: OrderState | undefined;
  /** In any of these. */
  readonly states?: readonly OrderState[] | undefined;
  /** The last four digits of the customer's number, as masked. */
  readonly customerTail?: string | undefined;
  readonly attention?: boolean | undefined;
  readonly entry?: Order['entry'] | undefined;
  /** Of any of its payments. */
  readonly channel?: PaymentMeans | undefined;
  readonly chip?: Order['chip'] | undefined;
  /** Made within this organisation, as it was then. */
  readonly orgId?: string | undefined;
  /** Order numbers are in the order of time: the first that counts. */
  readonly from?: string | undefined;
  /** The first that does not count any more. */
  readonly to?: string | undefined;
}

/** Where a page begins. */
export interface OrderPage {
  readonly limit: number;
  /** Older than this order. */
  readonly after?: string | undefined;
}

const MEANS = [...CHANNELS, 'cash'] as const;

/**
 * What is asked for by a key that few orders have: all of them are found at once. So are a community's where a condition
 * without an index holds beside it, since each part of the time would be looked for among all that the community has.
 */
export function isOfFew(query: OrderQuery, scope: Scope): boolean {
  const { customerNo, serial, meterNo, transactionId, attention, entry, channel, chip, orgId } = query;
  const { states, customerTail } = query;
  const known = (key: unknown): boolean => key !== undefined;
  const ofCommunity = [scope, orgId].some((place) => place?.startsWith(COMMUNITY_PREFIX) === true);
  return (
    [customerNo, serial, meterNo, transactionId].some(known) ||
    attention === true ||
    (ofCommunity && [entry, channel, chip, states, customerTail].some(known))
  );
}

/** The numbers among which a page's orders are. */
export function spanOf({ from, to }: OrderQuery, { after }: OrderPage): OrderSpan {
  return { from, to: [to, after].filter((each) => each !== undefined).sort()[0] };
}

/**
 * As the database is asked for the console's search. The index of each condition (`adapters/mongo/indexes.txt`, `orders`):
 * `customerNo, _id`, `serial, _id`, `meterNo, state` (a meter has some dozens, which are sorted), `terminalId, _id`, `transactions`,
 * `state, _id` (`orgPath, state, _id` for a part of the province), `attention`, `orgPath, _id`; times are `_id`. Entry, channel, chip
 * and customerTail have none.
 */
export function filterOf(
  query: OrderQuery,
  of: { span: OrderSpan; scope: Scope },
  seal: NumberSeal,
): Record<string, unknown> {
  const { customerNo, serial, terminalId, transactionId, state, attention, entry, channel, chip } = query;
  const { meterNo, states, customerTail } = query;
  const { from, to } = of.span;
  return {
    ...placeOf(of.scope, query.orgId),
    ...(customerNo === undefined ? {} : { customerNo: anyOf(seal.spellings(customerNo)) }),
    ...(serial === undefined ? {} : { serial }),
    ...(meterNo === undefined ? {} : { meterNo }),
    ...(terminalId === undefined ? {} : { terminalId }),
    ...(transactionId === undefined
      ? {}
      : { transactions: { $in: MEANS.map((each) => `${each}:${transactionId}`) } }),
    ...(state === undefined ? {} : { state }),
    ...(states === undefined ? {} : { state: { $in: [...states] } }),
    ...(customerTail === undefined ? {} : { 'masked.customerNo': maskCustomerNo(`*${customerTail}`) }),
    ...(attention === true ? { attention: { $gt: '' } } : {}),
    ...(entry === undefined ? {} : { entry }),
    ...(channel === undefined ? {} : { 'payments.channel': channel }),
    ...(chip === undefined ? {} : { chip }),
    ...(from === undefined && to === undefined
      ? {}
      : { _id: { ...(from === undefined ? {} : { $gte: from }), ...(to === undefined ? {} : { $lt: to }) } }),
  };
}

/** Both hold: what is looked for, and what the person who looks may see. Orders without a place are the province's. */
function placeOf(scope: Scope, orgId: string | undefined): Record<string, unknown> {
  const own = within(scope).orgPath;
  if (orgId === undefined || orgId === PROVINCE || orgId === own) return within(scope);
  return { orgPath: own === undefined ? orgId : { $all: [orgId, own] } };
}

/** The same in memory. */
export function isFound(order: Order, query: OrderQuery, page: OrderPage): boolean {
  const same = (['customerNo', 'serial', 'meterNo', 'terminalId', 'state', 'entry', 'chip'] as const).every(
    (field) => query[field] === undefined || order[field] === query[field],
  );
  const { transactionId, attention, channel, orgId, from, to, states, customerTail } = query;
  return (
    same &&
    (transactionId === undefined || order.payments.some((each) => each.transactionId === transactionId)) &&
    (channel === undefined || order.payments.some((each) => each.channel === channel)) &&
    (orgId === undefined || order.orgPath.includes(orgId)) &&
    (states === undefined || states.includes(order.state)) &&
    (customerTail === undefined || order.masked.customerNo === maskCustomerNo(`*${customerTail}`)) &&
    (attention !== true || order.attention !== null) &&
    (from === undefined || order._id >= from) &&
    (to === undefined || order._id < to) &&
    (page.after === undefined || order._id < page.after)
  );
}
