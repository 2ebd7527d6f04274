import {
  adminOrder,
  adminOrderPage,
  orderSearch,
  type AdminOrder,
  type OrderKey,
  type OrderSearch,
} from '@bianmin/purchase/api/admin-orders';
import { noDiscount } from '@bianmin/purchase/api/no-discount';
import { orderParam } from '@bianmin/purchase/api/staff';
import type { Scope } from '../../kernel/scope.ts';
import type { ReceiptCodes } from '../../orders/desk/receipt.ts';
import { byConsentOf } from '../../orders/model/by-consent.ts';
import type { Order } from '../../orders/model/order.ts';
import type { OrderStore } from '../../orders/store/orders.ts';
import { lookByKey, newestOf, readAsOf, type KeyedOrders } from './any-key.ts';
import type { Diagnoses } from './diagnoses.ts';
import { orderOf } from './order-of.ts';
import { orderQueryOf } from './order-query-of.ts';
import { rowOf } from './order-row.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { adminOf } from '../../access/caller.ts';

/** Others than users have short names: `grid`, `terminal`. */
const USER_ID = /^[\da-f]{8}-[\da-f-]{27}$/u;

interface Users {
  get(id: string): Promise<{ readonly _id: string; readonly name: string } | null>;
}

/** Orders as staff look for them, and one with everything that happened to it. */
export function adminOrderSearchRoutes(init: {
  readonly orders: OrderStore;
  readonly receipts: Pick<ReceiptCodes, 'orderNoOf'>;
  readonly users: Users;
  readonly diagnoses: Pick<Diagnoses, 'of' | 'placeOf'>;
}): AnyRoute[] {
  const { orders, receipts, users, diagnoses } = init;
  return [
    defineRoute({
      method: 'post',
      path: '/v1/admin/orders/search',
      summary:
        'Orders by any key in hand, or by customer, card, terminal, transaction, state or time, newest first',
      tag: 'admin',
      auth: 'admin',
      permission: 'order:read',
      scope: 'own',
      body: orderSearch,
      response: adminOrderPage,
      handler: async ({ body, principal }) => {
        const { limit } = body;
        const { found, readAs } = await look({ orders, receipts }, body, adminOf(principal).scope);
        const shown = found.slice(0, limit);
        return {
          orders: shown.map(rowOf),
          next: found.length > limit ? (shown.at(-1)?._id ?? null) : null,
          ...(readAs === undefined ? {} : { readAs }),
        };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/v1/admin/orders/:orderNo',
      summary: 'An order with its facts and all that happened to it',
      tag: 'admin',
      auth: 'admin',
      permission: 'order:read',
      scope: 'own',
      params: orderParam,
      response: adminOrder,
      problems: ['order.not-found'],
      handler: async ({ params, principal }) => {
        const order = await orderOf(orders, params.orderNo, adminOf(principal).scope);
        const [names, diagnosis, place] = await Promise.all([
          namesOf(order, users),
          diagnoses.of(order),
          diagnoses.placeOf(order.terminalId),
        ]);
        return storyOf(order, { names, diagnosis, place });
      },
    }),
  ];
}

/** One more than the page holds, so that there is known to be another. */
async function look(
  keyed: KeyedOrders,
  search: OrderSearch,
  scope: Scope,
): Promise<{ found: Order[]; readAs?: OrderKey[] }> {
  const page = { limit: search.limit + 1, after: search.after };
  const query = orderQueryOf(search);
  if (search.any === undefined) return { found: await keyed.orders.search(query, page, scope) };
  const ways = await lookByKey(keyed, search.any, { query, page, scope });
  return { found: newestOf(ways), readAs: readAsOf(ways) };
}

/** Of the users among those who did something with an order. */
async function namesOf(order: Order, users: Users): Promise<Map<string, string>> {
  const doers = order.events.map(({ by }) => by).filter((by) => USER_ID.test(by));
  const clerk = byConsentOf(order)?.staff;
  const ids = [...new Set(clerk === undefined ? doers : [...doers, clerk])];
  const found = await Promise.all(ids.map((id) => users.get(id)));
  return new Map(found.flatMap((user) => (user === null ? [] : [[user._id, user.name]])));
}

/** What the schema does not name (the customer's number, digests, codes to pay) does not pass it. */
function storyOf(
  order: Order,
  {
    names,
    ...told
  }: Pick<AdminOrder, 'diagnosis'> & {
    readonly names: ReadonlyMap<string, string>;
    readonly place: AdminOrder['place'];
  },
): AdminOrder {
  const events = order.events.map((event, at) => ({
    ...event,
    byName: names.get(event.by),
    data: event.data ?? {},
    afterMs: at === 0 ? 0 : event.at.getTime() - (order.events[at - 1]?.at ?? event.at).getTime(),
  }));
  const why = noDiscount.safeParse(
    order.events.find(({ name }) => name === 'order.created')?.data?.['noDiscount'],
  );
  const consent = byConsentOf(order);
  const byConsent = consent && { form: consent.form, staff: names.get(consent.staff) ?? null };
  const plain: unknown = JSON.parse(JSON.stringify({ ...order, events, noDiscount: why.data, byConsent }));
  return adminOrder.parse({ ...(plain as object), meter: undefined, ...told, ...rowOf(order) });
}
