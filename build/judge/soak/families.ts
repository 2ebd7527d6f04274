import type { Phone } from '../journey/phone.ts';

/** Meters that one family pays for: a flat, a shop, the parents' house. */
const METERS = 3;

export interface Home {
  meterNo: string;
  readonly customerNo: string;
}

/** Neighbours with one drawer of cards, and one phone for all their meters. */
export interface Family {
  readonly homes: readonly Home[];
  /** Bound to all of them before its first purchase. */
  phone?: Promise<FamilyPhone>;
}

export interface FamilyPhone {
  readonly phone: Phone;
  /** By customer number. */
  readonly bindings: ReadonlyMap<string, string>;
}

/** The n-th home's family. */
export function familiesOf(homes: readonly Home[]): readonly Family[] {
  const families: Family[] = [];
  for (let at = 0; at < homes.length; at += METERS) families.push({ homes: homes.slice(at, at + METERS) });
  return homes.map((_, n) => families[Math.floor(n / METERS)] ?? { homes: [] });
}
