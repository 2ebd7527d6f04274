/** Permissions of one subject, in the order of the matrix. */
export interface Subject {
  readonly name: string;
  readonly permissions: readonly string[];
}

/** What belongs together stands together: what is done every day first. */
const ORDER = [
  ...['order', 'card', 'complaint', 'payment', 'refund', 'float', 'discount', 'commission'],
  ...['case', 'reconcile', 'bill', 'statistics', 'terminal', 'release', 'announcement', 'alert'],
  ...['org', 'resident', 'user', 'role', 'approval', 'audit'],
];

/** The rows of the matrix. The server's list is what its own role holds, which holds everything. */
export function subjectsOf(roles: readonly { permissions: readonly string[] }[]): Subject[] {
  const all = [...new Set(roles.flatMap(({ permissions }) => permissions))];
  const subjects = new Map<string, string[]>();
  for (const each of all) {
    const name = each.split(':')[0] ?? each;
    subjects.set(name, [...(subjects.get(name) ?? []), each]);
  }
  const place = (name: string): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  return [...subjects]
    .map(([name, permissions]) => ({ name, permissions: permissions.toSorted(readFirst) }))
    .toSorted((a, b) => place(a.name) - place(b.name) || compare(a.name, b.name));
}

/** The same order in every language. */
const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
const isRead = (permission: string): boolean => permission.endsWith(':read');
const readFirst = (a: string, b: string): number => Number(isRead(b)) - Number(isRead(a)) || compare(a, b);

/** The key of a permission's sentence: `order-read`. */
export const keyOf = (permission: string): string => permission.replace(':', '-');

/** One thing that two people want differently. */
export interface Conflict {
  readonly what: string;
  readonly before: boolean;
  readonly theirs: boolean;
  readonly mine: boolean;
}

/** Where a set as it was, as another user made it meanwhile, and as it was to be are not the same. */
export function conflictsOf(sets: {
  before: readonly string[];
  theirs: readonly string[];
  mine: readonly string[];
}): Conflict[] {
  const { before, theirs, mine } = sets;
  return [...new Set([...before, ...theirs, ...mine])]
    .map((what) => ({
      what,
      ...{ before: before.includes(what), theirs: theirs.includes(what), mine: mine.includes(what) },
    }))
    .filter((each) => each.before !== each.theirs || each.before !== each.mine);
}
