import type { AdminSearchFound } from '@bianmin/purchase/api/admin-search';

type Group = 'orders' | 'households' | 'terminals' | 'cases' | 'refunds';
type Of<G extends Group> = { readonly group: G; readonly of: AdminSearchFound[G][number] };
/** There are more orders than were found, and their list has all. */
type More = { readonly group: 'orders'; readonly of: 'all' };

/** One line that may be chosen. */
export type Hit = ({ [G in Group]: Of<G> }[Group] | More) & {
  /** Of its element, and of no other's. */
  readonly id: string;
  /** Where it leads; absent: to the list of all orders that the text finds. */
  readonly page?: string;
};

/** In this order: most who ask have an order in mind, and the first is a press away. */
const GROUPS = ['orders', 'households', 'terminals', 'cases', 'refunds'] as const satisfies readonly Group[];

/** What was found, as the lines of each group; groups without any are left out. */
export function hitGroups(
  found: AdminSearchFound,
): { readonly group: Group; readonly hits: readonly Hit[] }[] {
  return GROUPS.map((group) => ({ group, hits: hitsOf(group, found) })).filter(({ hits }) => hits.length > 0);
}

function hitsOf(group: Group, found: AdminSearchFound): Hit[] {
  const hits = found[group].map((of, at) => ({
    ...{ group, of, id: `hit-${group}-${at}` },
    ...('page' in of ? { page: of.page } : {}),
  })) as Hit[];
  if (group !== 'orders' || !found.moreOrders) return hits;
  return [...hits, { group, of: 'all', id: 'hit-orders-all' }];
}

/** The line after or before one, around the ends. */
export function stepFrom(at: number, by: 1 | -1, count: number): number {
  return count === 0 ? 0 : (at + by + count) % count;
}
