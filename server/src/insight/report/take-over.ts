/** Takes out sums of periods (YYYY, YYYY-MM, YYYY-MM-DD) that ended before a day; without one, all of them. */
export function takeOver<T extends { readonly period: string }>(sums: Map<string, T>, day?: string): T[] {
  const over = [...sums].filter(
    ([, { period }]) => day === undefined || period < day.slice(0, period.length),
  );
  for (const [id] of over) sums.delete(id);
  return over.map(([, each]) => each);
}
