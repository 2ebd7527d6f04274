/** What a stored value is searched for by: one of its spellings (`NumberSeal.spellings`), mostly the only one. */
export function anyOf(spellings: readonly string[]): string | { $in: string[] } {
  const [only, ...others] = spellings;
  return only !== undefined && others.length === 0 ? only : { $in: [...spellings] };
}

/** What is none of them. */
export function noneOf(spellings: readonly string[]): { $ne: string } | { $nin: string[] } {
  const [only, ...others] = spellings;
  return only !== undefined && others.length === 0 ? { $ne: only } : { $nin: [...spellings] };
}
