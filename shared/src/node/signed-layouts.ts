import type { KeyObject } from 'node:crypto';
import type { CardLayouts } from '../meter-card/layout.ts';
import { layoutsFrom, layoutsText } from '../meter-card/layouts-document.ts';
import { LayoutsError } from '../meter-card/layouts-error.ts';
import { openJson, signText } from './signed-document.ts';

const TYP = 'bianmin-card-layouts+jws';

/** A document as `signText` signs it. Fails as `checkLayouts` does. */
export function signLayouts(layouts: CardLayouts, key: KeyObject): string {
  return signText(layoutsText(layouts), { typ: TYP, key });
}

/** The document that was signed. Fails with `LayoutsError`: `layouts.unsigned`, `layouts.malformed`, `layouts.unsafe`. */
export function openLayouts(jws: string, key: KeyObject): CardLayouts {
  const json = openJson(jws, { typ: TYP, key });
  if (json !== undefined) return layoutsFrom(json);
  throw new LayoutsError({
    code: 'layouts.unsigned',
    message:
      'The release key has not signed these card layouts. Sign them with the key that releases are signed with.',
  });
}

/** What follows `kept`. `layouts.older` for an earlier version: no server can bring an old layout back. */
export function noOlder(next: CardLayouts, kept: CardLayouts): CardLayouts {
  if (next.version > kept.version) return next;
  throw new LayoutsError({
    code: 'layouts.older',
    message: 'These card layouts are no newer than the ones that are kept. Sign them with a higher version.',
    context: { version: next.version, kept: kept.version },
  });
}
