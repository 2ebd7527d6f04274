import type { AdminSearchFound } from '@bianmin/purchase/api/admin-search';
import type { OrderKey } from '@bianmin/purchase/api/admin-orders';
import type { Presence } from '@bianmin/purchase/api/heartbeat';
import type { Where } from '../../access/approvals.ts';
import { byAdmin, type AuditTrail } from '../../access/audit.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import type { OrgStore } from '../../access/store/orgs.ts';
import type { Cases } from '../../cases/cases.ts';
import type { Terminal, TerminalStore } from '../../fleet/store/terminals.ts';
import { householdWord } from '../../kernel/household-word.ts';
import { isNamed } from '../../kernel/org-named.ts';
import { meterTailOf } from '../../kernel/mask.ts';
import type { Permission } from '../../kernel/permissions.ts';
import type { Scope } from '../../kernel/scope.ts';
import type { NumberSeal } from '../../kernel/sealed-number.ts';
import type { Order } from '../../orders/model/order.ts';
import { lookByKey, newestOf, readAsOf, readingsOf, type FoundByKey, type KeyedOrders } from './any-key.ts';
import { rowOf } from './order-row.ts';

/** Of each group. */
const SHOWN = 5;
/** Communities whose name has the text, and whose terminals are shown. */
const PLACES = 3;
/** Of these, what is found is a household's: whose number, meter or card it is. */
const HOUSEHOLD_KEYS: readonly OrderKey[] = ['customerNo', 'meterNo', 'serial'];
const CASE_ID = /^[0-9a-f]{32}$/u;
/** Numbers and keys are in the name of no place. */
const NO_NAME = /^(?:[\d\s-]+|[\w-]{16,})$/u;

export interface ConsoleSearchInit extends KeyedOrders {
  readonly cases: Pick<Cases, 'list'>;
  readonly terminals: Pick<TerminalStore, 'getWithin' | 'named' | 'list'>;
  readonly orgs: Pick<OrgStore, 'get' | 'within'>;
  readonly presence: (
    ids: readonly string[],
  ) => Promise<ReadonlyMap<string, { readonly presence: Presence; readonly seenAt: Date | null }>>;
  readonly seal: Pick<NumberSeal, 'seal'>;
  readonly audit: Pick<AuditTrail, 'record'>;
}

/**
 * One search for whatever a caller can read out. Each group wants the permission of its own list, and all of them the caller's scope;
 * each question has an index. Households have no name that could be searched for: orders hold only the masked one.
 */
export class ConsoleSearch {
  readonly #init: ConsoleSearchInit;

  constructor(init: ConsoleSearchInit) {
    this.#init = init;
  }

  async find(text: string, by: AdminPrincipal, where: Where): Promise<AdminSearchFound> {
    const may = (permission: Permission): boolean => by.permissions.has(permission);
    const [ways, terminals] = await Promise.all([
      may('order:read') ? this.#ways(text, by.scope) : [],
      may('terminal:read') ? this.#terminals(text, by.scope) : [],
    ]);
    const orders = newestOf(ways);
    const shown = orders.slice(0, SHOWN);
    const inHand = readingsOf(text, this.#init.receipts).flatMap(({ query }) => query.from ?? []);
    const orderNos = new Set([...inHand, ...shown.map(({ _id }) => _id)]);
    return {
      readAs: readAsOf(ways),
      orders: shown.map((order) => ({ ...rowOf(order), page: `/orders/${order._id}` })),
      moreOrders: orders.length > SHOWN,
      households: await this.#households(ways, by, where),
      terminals,
      cases: may('case:read') ? await this.#cases(text, [...orderNos], by.scope) : [],
      refunds: refundsOf(shown),
    };
  }

  #ways(text: string, scope: Scope): Promise<FoundByKey[]> {
    return lookByKey(this.#init, text, { query: {}, page: { limit: SHOWN + 1 }, scope });
  }

  /** Those whose own number found their orders, as their newest order has them; each look is in the trail before it is answered. */
  async #households(
    ways: readonly FoundByKey[],
    by: AdminPrincipal,
    where: Where,
  ): Promise<AdminSearchFound['households']> {
    const own = ways.filter(({ kind }) => HOUSEHOLD_KEYS.includes(kind));
    const newest = new Map(
      newestOf(own)
        .toReversed()
        .map((order) => [order.customerNo, order]),
    );
    for (const [customerNo] of newest) {
      const target = householdWord(this.#init.seal, customerNo);
      const data = { searchedBy: readAsOf(own).join() };
      await this.#init.audit.record(byAdmin(by, { action: 'resident.look-up', target, where, data }));
    }
    return [...newest.values()].map(({ masked, meterNo }) => ({
      customer: { ...masked },
      ...meterTailOf(meterNo),
    }));
  }

  async #terminals(text: string, scope: Scope): Promise<AdminSearchFound['terminals']> {
    const { terminals, presence } = this.#init;
    const [one, named, placed] = await Promise.all([
      terminals.getWithin(text, scope),
      terminals.named(text, SHOWN, scope),
      this.#inPlaces(text, scope),
    ]);
    const found = [...(one === null ? [] : [one]), ...named, ...placed];
    const shown = [...new Map(found.map((terminal) => [terminal._id, terminal])).values()].slice(0, SHOWN);
    const heard = await presence(shown.map(({ _id }) => _id));
    return Promise.all(
      shown.map(async ({ _id, kind, name, status, community }) => ({
        ...{ id: _id, kind, name, status },
        presence: heard.get(_id)?.presence ?? 'never',
        seenAt: heard.get(_id)?.seenAt?.toISOString() ?? null,
        place: community === undefined ? null : ((await this.#init.orgs.get(community))?.names ?? null),
        // A kiosk in service by whether it is there; any other by what it is.
        page: `/terminals?${kind === 'kiosk' && status === 'accepted' ? 'find' : 'id'}=${_id}`,
      })),
    );
  }

  /** Of communities that have the text in a name. */
  async #inPlaces(text: string, scope: Scope): Promise<Terminal[]> {
    if (NO_NAME.test(text)) return [];
    const places = (await this.#init.orgs.within(scope))
      .filter((org) => org.kind === 'community' && isNamed(org, text))
      .slice(0, PLACES);
    const stand = ({ _id }: { readonly _id: string }): Promise<Terminal[]> =>
      this.#init.terminals.list({ community: _id, limit: SHOWN }, scope);
    return (await Promise.all(places.map(stand))).flat();
  }

  /** The one whose number it is, and those of these orders. */
  async #cases(text: string, orderNos: readonly string[], scope: Scope): Promise<AdminSearchFound['cases']> {
    const { cases } = this.#init;
    const lists = await Promise.all([
      ...(CASE_ID.test(text) ? [cases.list({ ids: [text], limit: 1 }, scope)] : []),
      ...orderNos.map((orderNo) => cases.list({ orderNo, limit: SHOWN }, scope)),
    ]);
    const found = [...new Map(lists.flat().map((one) => [one._id, one])).values()];
    return found.slice(0, SHOWN).map(({ _id, kind, status, orderNo, openedAt }) => ({
      ...{ id: _id, kind, status, orderNo },
      openedAt: openedAt.toISOString(),
      page: `/cases/${_id}`,
    }));
  }
}

/** The newest order's first. */
function refundsOf(orders: readonly Order[]): AdminSearchFound['refunds'] {
  return orders
    .flatMap(({ _id, refunds }) =>
      refunds.map(({ no, fen, status }) => ({
        ...{ refundNo: no, orderNo: _id, fen, status },
        page: `/orders/${_id}`,
      })),
    )
    .slice(0, SHOWN);
}
