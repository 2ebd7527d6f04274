import { isOrderNo } from './secret-words.ts';
import { REMOVED } from './without-path.ts';

/** Bytes, a number each, as a program prints an array of them. */
const BYTES = [/\b\d{1,3}(?:, ?\d{1,3}){2,}\b/gu, /(?:"?\d+"?: ?\d{1,3},? ?){3,}/gu, /\b0x[\da-f]{1,8}\b/giu];
const DAY = String.raw`20\d\d-[01]\d-[0-3]\d`;
/** Nothing begins within a day or a number. */
const BEGINS = String.raw`(?<![\w.]|20\d\d-|20\d\d-\d\d-)(?!${DAY}\b)`;
/** Bytes in pairs of hex digits. */
const PAIRS = new RegExp(String.raw`${BEGINS}[\da-f]{2}(?:[ :-][\da-f]{2}){2,}(?![\w.])`, 'giu');
const TIME = /^[0-2]\d(?::[0-5]\d){2}$/u;
/** Digits in groups, as a telephone or a bank's card has them. */
const GROUPS = new RegExp(String.raw`${BEGINS}\+?\(?\d+(?:[ /,_()-]{1,3}\d+)+(?!\w)`, 'gu');
/** Groups between dots: a version or an address where they are few and small. */
const DOTTED = /(?<![\w.])\d+(?:\.\d+){2,}(?![\w.])/gu;
/** Of these many digits somebody may be called. */
const MANY = 6;

/** Without numbers that stand apart in pieces; those in one piece are words. Days, times, versions and addresses stay. */
export function withoutNumbers(text: string): string {
  let said = text;
  for (const bytes of BYTES) said = said.replace(bytes, REMOVED);
  return said
    .replace(PAIRS, (found) => (TIME.test(found) ? found : REMOVED))
    .replace(GROUPS, (found) => (digitsIn(found) < MANY ? found : REMOVED))
    .replace(DOTTED, (found) => (isSmall(found.split('.')) ? found : REMOVED));
}

function digitsIn(found: string): number {
  const groups = found.split(/\D+/u).filter((group) => !isOrderNo(group));
  return groups.join('').length;
}

function isSmall(groups: readonly string[]): boolean {
  const isFew = groups.length === 4 || (groups.length === 3 && groups.join('').length < 9);
  return isFew && groups.every(({ length }) => length <= 5);
}
