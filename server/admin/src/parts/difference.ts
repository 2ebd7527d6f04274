/** A field that is not as it was; of a list, one element that came or went. */
export interface Change {
  /** `names.zh-CN`: where it stands. */
  readonly path: string;
  readonly kind: 'changed' | 'added' | 'removed';
  readonly before?: unknown;
  readonly after?: unknown;
}
/** What an entry or a request says: what changes, and what else there is to know. */
export interface Told {
  readonly changes: readonly Change[];
  readonly facts: readonly Fact[];
}
/** `to`: the page of what it names, where the value itself does not say it. */
export type Fact = readonly [name: string, value: unknown, to?: string];
type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads `before` beside `after`; where there is no `after`, beside the fields of the same names, as a request has them. A
 * `before` that is a list belongs to the one list that is asked for; one that is a word is where a user was, or what they were.
 */
export function toldBy(data: Fields): Told {
  const { content, ...around } = data;
  if (isFields(content)) {
    const inner = toldBy(content);
    return { changes: inner.changes, facts: [...Object.entries(around), ...inner.facts] };
  }
  const { before, after, ...rest } = data;
  if (before === undefined && after === undefined) return { changes: [], facts: Object.entries(rest) };
  if (Array.isArray(before)) return ofList(before, rest);
  if (typeof before === 'string') {
    const user =
      'org' in rest ? { before: { org: before } } : { status: 'active', before: { status: before } };
    return toldBy({ ...rest, ...user });
  }
  if (before === undefined || !isFields(before))
    return { changes: [], facts: Object.entries(rest).concat(spread(after)) };
  if (isFields(after)) return { changes: changesOf(before, after), facts: Object.entries(rest) };
  // Removed, or a request whose own fields are what comes.
  const same = Object.keys(before).filter((name) => name in rest);
  if (same.length === 0) return { changes: changesOf(before, {}), facts: Object.entries(rest) };
  const pick = (from: Fields): Fields => Object.fromEntries(same.map((name) => [name, from[name]]));
  return {
    changes: changesOf(pick(before), pick(rest)),
    facts: Object.entries(rest).filter(([name]) => !same.includes(name)),
  };
}

function ofList(before: readonly unknown[], rest: Fields): Told {
  const [name, after] = Object.entries(rest).find(([, value]) => Array.isArray(value)) ?? [];
  if (name === undefined) return { changes: [], facts: Object.entries(rest) };
  return {
    changes: changesOf({ [name]: before }, { [name]: after }),
    facts: Object.entries(rest).filter(([each]) => each !== name),
  };
}

function changesOf(before: Fields, after: Fields): Change[] {
  const [was, is] = [flat(before), flat(after)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((path): Change[] => {
    const [old, now] = [was.get(path), is.get(path)];
    if (Array.isArray(old) || Array.isArray(now)) return elements(path, listOf(old), listOf(now));
    if (JSON.stringify(old) === JSON.stringify(now)) return [];
    if (isNothing(old)) return [{ path, kind: 'added', after: now }];
    if (isNothing(now)) return [{ path, kind: 'removed', before: old }];
    return [{ path, kind: 'changed', before: old, after: now }];
  });
}

function elements(path: string, before: readonly unknown[], after: readonly unknown[]): Change[] {
  const texts = (of: readonly unknown[]): Set<string> => new Set(of.map((each) => JSON.stringify(each)));
  const [was, is] = [texts(before), texts(after)];
  return [
    ...before
      .filter((each) => !is.has(JSON.stringify(each)))
      .map((each): Change => ({ path, kind: 'removed', before: each })),
    ...after
      .filter((each) => !was.has(JSON.stringify(each)))
      .map((each): Change => ({ path, kind: 'added', after: each })),
  ];
}

/** Values by where they stand; lists are values. */
function flat(fields: Fields, prefix = ''): Map<string, unknown> {
  return new Map(
    Object.entries(fields).flatMap(([name, value]): [string, unknown][] =>
      isFields(value) ? [...flat(value, `${prefix}${name}.`)] : [[`${prefix}${name}`, value]],
    ),
  );
}

const spread = (value: unknown): [string, unknown][] => (isFields(value) ? Object.entries(value) : []);
const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : isNothing(value) ? [] : [value];
const isNothing = (value: unknown): boolean => value === undefined || value === null || value === '';
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
