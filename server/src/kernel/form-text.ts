/** More than any wallet's notification or call has. */
const MOST_FIELDS = 200;

/**
 * The fields of a form (`application/x-www-form-urlencoded`), or of several parts of one; undefined where one is there twice, or
 * there are more than any sender of ours has. Its length was bounded when it was read.
 */
export function fieldsOf(...forms: readonly (string | URLSearchParams)[]): Map<string, string> | undefined {
  const fields = new Map<string, string>();
  for (const form of forms) {
    if (typeof form === 'string' && hasMore(form, MOST_FIELDS)) return undefined;
    for (const [name, value] of new URLSearchParams(form)) {
      if (fields.has(name) || fields.size >= MOST_FIELDS) return undefined;
      fields.set(name, value);
    }
  }
  return fields;
}

/** Counted before they are parsed. */
function hasMore(form: string, most: number): boolean {
  let count = 1;
  for (let at = form.indexOf('&'); at >= 0; at = form.indexOf('&', at + 1)) {
    count += 1;
    if (count > most) return true;
  }
  return false;
}
