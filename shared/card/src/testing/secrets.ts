import { toHex } from '../bytes/hex.ts';
import type { SamplePurchase } from './sample-purchase.ts';

/** Ways in which bytes end up in text: hex in both cases, spaced or not, and lists of numbers. */
export function spellings(secret: Uint8Array): string[] {
  const upper = toHex(secret);
  const spaced = upper.match(/../g)?.join(' ') ?? '';
  const numbers = [...secret].join(',');
  return [upper, upper.toLowerCase(), spaced, spaced.toLowerCase(), numbers, numbers.replaceAll(',', ', ')];
}

/**
 * Words that are random by their making: trace contexts, UUIDs, object ids, trace ids and SHA-256 digests, which
 * are written in small letters and have exactly their length. Among thousands of them one spells a code of three
 * bytes by chance, about once in fifty runs of a test, and says nothing of the card.
 */
const RANDOM_WORDS =
  /(?<![\da-z])(?:[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|[\da-f]{24}|[\da-f]{32}|[\da-f]{64})(?![\da-z])/gi;

const isSmall = (word: string): boolean => word === word.toLowerCase();

/** The first secret that a text gives away, by how it is spelt there; undefined where it gives none. */
export function leakIn(text: string, secrets: readonly Uint8Array[]): string | undefined {
  const told = text.replace(RANDOM_WORDS, (word) => (isSmall(word) ? '' : word));
  return secrets.flatMap(spellings).find((spelling) => told.includes(spelling));
}

/** Everything that an error says, its causes included. */
export function wordsOf(error: unknown): string {
  const words: string[] = [];
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    words.push(String(each), String(each.stack), JSON.stringify({ ...each }));
  }
  return words.join('\n');
}

/** Codes of a sample's card that its open contents do not happen to spell, so that finding one is a leak. */
export function secretsOf({ codes, card, plan }: SamplePurchase): Uint8Array[] {
  const open = plan.ranges.map(({ zone }) => toHex(card.zone(zone) ?? new Uint8Array())).join();
  return codes.map(({ code }) => code).filter((code) => !open.includes(toHex(code)));
}
