/** Where the words for a fact's values are. */
const OF_VALUES: Readonly<Record<string, string>> = {
  state: 'common.state',
  wasState: 'common.state',
  sale: 'orders.fact.sale',
  write: 'orders.fact.write',
  claim: 'cases.claim',
  fact: 'cases.moving',
  against: 'cases.source',
  reason: 'refunds.reasons',
};

/** The key of the words for a value of the fact `name`; undefined for one that is shown as it is. */
export function valueKey(name: string, value: unknown): string | undefined {
  const group = OF_VALUES[name];
  return group === undefined || typeof value !== 'string' ? undefined : `${group}.${value}`;
}
