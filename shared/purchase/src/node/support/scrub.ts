import { withoutNumbers } from './secret-numbers.ts';
import { looksSecret, type Kind } from './secret-words.ts';
import { secretParts } from './secret-parts.ts';
import { REMOVED, withoutPath } from './without-path.ts';

/** What was written in another form so that it fits in ASCII: as an address, a program or a page has it. */
const ESCAPED = [
  /(?<![\w-])[\w-]*%[\da-f]{2}[\w%-]*/giu,
  /(?:\\+(?:u\{?[\da-f]{2,6}\}?|x[\da-f]{2}))+/giu,
  /(?:&#x?[\da-f]+;?)+/giu,
];

/** What a name before it gives away. */
const GIVEN =
  /\b(?:password|passwd|pwd|passphrase|psc|pin|secret|token|ticket|authorization|cookie)\b["']?\s*[=:]\s*["']?[^\s"',;&})\]]+/giu;
const SIGNED = /\beyJ[\w-]+(?:\.[\w-]*)*/gu;
const SCHEMES = /\b(Bearer|Basic|DPoP)\s+[\w.+/=~-]+/gu;
const MAIL = /(?<![\w.+-])[\w.+-]+@[\w-][\w.-]*/gu;
/** A person's folder has the person's name. */
const HOME = /([/\\](?:home|Users)[/\\])[^/\\\s"']+/giu;

/**
 * A text that may leave the machine: without these secrets, and without anything that has the look of one. Names of persons are
 * written in letters that are not Latin ones here, so that no such letter stays. Order numbers stay. Twice is as once.
 */
export function scrubText(text: string, secrets: readonly string[] = []): string {
  return scrub(text, { secrets, kind: 'text' });
}

/** What a machine, a maker or a list of ours calls itself: words that mix letters and digits (`Hi3798MV100`) stay while they are short. */
export function scrubLabel(text: string, secrets: readonly string[] = []): string {
  return scrub(text, { secrets, kind: 'label' });
}

function scrub(
  text: string,
  { secrets, kind }: { readonly secrets: readonly string[]; readonly kind: Kind },
): string {
  let said = text;
  for (const secret of secretParts(secrets)) said = said.replaceAll(secret, REMOVED);
  said = said
    .replace(/-----BEGIN [^-]+-----[^]*?(?:-----END [^-]+-----|$)/gu, REMOVED)
    .replace(/\b[a-z][a-z\d+.-]*:\/\/(?:[^\s/@:]*:[^\n]*@)?[^\s"'<>]*/giu, (url) => withoutPath(url))
    .replace(/[^\n\x20-\x7e]+/gu, REMOVED);
  for (const escaped of ESCAPED) said = said.replace(escaped, REMOVED);
  said = said
    .replace(GIVEN, REMOVED)
    .replace(SIGNED, REMOVED)
    .replace(SCHEMES, `$1 ${REMOVED}`)
    .replace(HOME, `$1${REMOVED}`)
    .replace(MAIL, REMOVED);
  return withoutNumbers(said)
    .replace(/[\w+/=-]+/gu, (run) => (isEncoded(run) ? REMOVED : run))
    .replace(/[\w+=-]+/gu, (word) => (looksSecret(word, kind) ? REMOVED : word))
    .replace(/…(?:[ ,;:/.-]*…)+/gu, REMOVED);
}

/** Base64 with its slashes: a path has plain words between them. */
function isEncoded(run: string): boolean {
  if (run.length < 16 || !run.includes('/')) return false;
  const mixed = run
    .split('/')
    .filter((part) => /[A-Za-z]/u.test(part) && /[\d+]/u.test(part) && !/^v\d{1,2}$/u.test(part));
  return mixed.length >= 2 || /[+=]/u.test(run);
}
