import type { ChipDriver } from '../chip/contract.ts';
import { builtInLayout } from '../meter-card/built-in-layouts.ts';
import type { CardImage } from '../meter-card/image.ts';
import type { CardLayout } from '../meter-card/layout.ts';
import { knownLayout, readCard } from '../meter-card/read.ts';

/** The layout that a card has where its maker is the chip's only one. */
export function layoutOn(driver: ChipDriver): CardLayout {
  return knownLayout({ driver, layout: builtInLayout(driver.chip) });
}

/** A driver, and that layout. */
export function withLayout(driver: ChipDriver): { readonly driver: ChipDriver; readonly layout: CardLayout } {
  return { driver, layout: layoutOn(driver) };
}

/** `readCard` by it. */
export async function readBuiltIn(driver: ChipDriver, atr: Uint8Array): Promise<CardImage> {
  return readCard(driver, atr, layoutOn(driver));
}
