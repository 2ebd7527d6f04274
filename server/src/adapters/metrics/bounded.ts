/** What stands for all values that came after the first so many. */
const OTHER = 'other';

/** Keeps a label that others choose to the first `most` values: each is a series for ever. */
export function bounded(most: number): (value: string) => string {
  const seen = new Set<string>();
  return (value) => {
    if (seen.has(value)) return value;
    if (seen.size >= most) return OTHER;
    seen.add(value);
    return value;
  };
}
