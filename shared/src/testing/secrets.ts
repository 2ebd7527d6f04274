import { toHex } from '../bytes/hex.ts';
import type { SamplePurchase } from './sample-purchase.ts';

/** Ways in which bytes end up in text: hex in both cases, spaced or not, and lists of numbers. */
export function spellings(secret: Uint8Array): string[] {
  const upper = toHex(secret);
  const spaced = upper.match(/../g)?.join(' ') ?? '';
  const numbers = [...secret].join(',');
  return [upper, upper.toLowerCase(), spaced, spaced.toLowerCase(), numbers, numbers.replaceAll(',', ', ')];
}

/** The first secret that a text gives away, by how it is spelt there; undefined where it gives none. */
export function leakIn(text: string, secrets: readonly Uint8Array[]): string | undefined {
  return secrets.flatMap(spellings).find((spelling) => text.includes(spelling));
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
