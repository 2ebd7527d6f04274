/** Without what is mistaken for something else when it is read out. */
const SIGNS = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const OF = 4;

/** A password to be told to a user, good until they choose their own: about 79 bits, `abcd-efgh-jkmn-pqrs`. */
export function temporaryPassword(): string {
  const signs: string[] = [];
  while (signs.length < GROUPS * OF) {
    const [byte = 0] = crypto.getRandomValues(new Uint8Array(1));
    // Bytes beyond the last whole multiple would make some signs likelier.
    const sign = byte < SIGNS.length * 8 ? SIGNS[byte % SIGNS.length] : undefined;
    if (sign !== undefined) signs.push(sign);
  }
  return Array.from({ length: GROUPS }, (_, at) => signs.slice(at * OF, at * OF + OF).join('')).join('-');
}
