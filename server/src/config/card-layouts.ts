import { readFileSync } from 'node:fs';
import { BUILT_IN_LAYOUTS } from '@bianmin/shared/meter-card/built-in-layouts';
import type { CardLayouts } from '@bianmin/shared/meter-card/layout';
import { releaseKeyOf } from '@bianmin/shared/node/signed-document';
import { openLayouts } from '@bianmin/shared/node/signed-layouts';
import type { Config } from './config.ts';

/** Where makers' cards have their files, as this server goes by it. */
export interface LayoutsInForce {
  readonly layouts: CardLayouts;
  /** As it was signed, for terminals; absent: they go on with what they keep. */
  readonly document?: string;
}

/**
 * What CARD_LAYOUTS_FILE names, signed with `npm run release -- layouts`; else the built-in ones. Throws `TypeError` without a
 * key, `LayoutsError` where they are not signed by it, or the disk's own error.
 */
export function layoutsInForce({
  CARD_LAYOUTS_FILE: path,
  RELEASE_PUBLIC_KEY: key,
}: Pick<Config, 'CARD_LAYOUTS_FILE' | 'RELEASE_PUBLIC_KEY'>): LayoutsInForce {
  if (path === undefined) return { layouts: BUILT_IN_LAYOUTS };
  if (key === undefined) throw new TypeError('CARD_LAYOUTS_FILE needs RELEASE_PUBLIC_KEY: set it as well.');
  const document = readFileSync(path, 'utf8').trim();
  return { layouts: openLayouts(document, releaseKeyOf(key)), document };
}
