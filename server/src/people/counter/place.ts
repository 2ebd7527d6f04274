import type { Scope } from '../../kernel/scope.ts';
import { scopeOf, WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { COMMUNITY_PREFIX } from '../../kernel/org-path.ts';
import type { Order } from '../../orders/model/order.ts';
import type { OrderQuery } from '../../orders/store/order-query.ts';

/** A terminal that asks, as its token proved it. */
export interface CounterTerminal {
  readonly terminalId: string;
  readonly orgPath: readonly string[];
}

/** Whose orders staff at a terminal see. */
export interface CounterPlace {
  readonly kind: 'community' | 'terminal';
  readonly scope: Scope;
  readonly query: Pick<OrderQuery, 'terminalId'>;
  readonly has: (order: Order) => boolean;
}

/**
 * Those of the community that the terminal stands in. A terminal that stands in a prefecture, or nowhere, shows its own
 * alone, whatever the person may see at the console: a counter is no place to look through a prefecture.
 */
export function placeOf({ terminalId, orgPath }: CounterTerminal): CounterPlace {
  const org = orgPath.at(-1);
  if (org?.startsWith(COMMUNITY_PREFIX) === true) {
    return {
      ...{ kind: 'community', scope: scopeOf(org), query: {} },
      has: (order) => order.orgPath.includes(org) || order.watchers.includes(terminalId),
    };
  }
  return {
    ...{ kind: 'terminal', scope: WHOLE_PROVINCE, query: { terminalId } },
    has: (order) => order.terminalId === terminalId || order.watchers.includes(terminalId),
  };
}
