import { readFileSync } from 'node:fs';
import { BUILT_IN_LAYOUTS } from '@bianmin/card/meter-card/built-in-layouts';
import type { CardLayouts } from '@bianmin/card/meter-card/layout';
import { openLayouts } from '@bianmin/purchase/node/signed-layouts';
import type { Config } from './config.ts';
import { releaseRoots } from './release-roots.ts';

/** Where makers' cards have their files, as this server goes by it. */
export interface LayoutsInForce {
  readonly layouts: CardLayouts;
  /** As it was signed, for terminals; absent: they go on with what they keep. */
  readonly document?: string;
}

/**
 * What CARD_LAYOUTS_FILE names, signed with `npm run release -- layouts`; else the built-in ones. Throws `TypeError` without a root,
 * `LayoutsError` where too few have signed them, or the disk's own error.
 */
export function layoutsInForce(
  config: Pick<Config, 'CARD_LAYOUTS_FILE' | 'RELEASE_ROOT_FILE'>,
): LayoutsInForce {
  const { CARD_LAYOUTS_FILE: path } = config;
  if (path === undefined) return { layouts: BUILT_IN_LAYOUTS };
  const roots = releaseRoots(config);
  if (roots === undefined) throw new TypeError('CARD_LAYOUTS_FILE needs RELEASE_ROOT_FILE: set it as well.');
  const document = readFileSync(path, 'utf8').trim();
  return { layouts: openLayouts(document, roots.root).layouts, document };
}
