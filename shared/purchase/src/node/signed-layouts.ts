import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { parseJson } from '@bianmin/card/json-text';
import type { CardLayouts } from '@bianmin/card/meter-card/layout';
import { layoutsFrom, layoutsText } from '@bianmin/card/meter-card/layouts-document';
import { LayoutsError } from '@bianmin/card/meter-card/layouts-error';
import { endsWithin, RELEASE_DAYS, signedTimes, type SignedTimes } from '../api/release-root.ts';
import { coSign, draft, unverified } from './co-signed.ts';
import { openByRoot, type ReleaseRoot } from './release-root.ts';
import { openJson } from './signed-document.ts';

/** What each signature of card layouts is of. */
export const LAYOUTS_TYP = 'bianmin-card-layouts-2+jws';
const FORMER_TYP = 'bianmin-card-layouts+jws';

const content = z
  .strictObject({ format: z.literal(2), ...signedTimes, document: z.unknown() })
  .refine((of) => endsWithin(of, RELEASE_DAYS.most), { error: 'must end soon enough', path: ['expires'] });

/** Card layouts, and when they were signed. */
export interface SignedLayouts {
  readonly layouts: CardLayouts;
  readonly times: SignedTimes;
}

/** A document that nobody has signed yet. Fails as `checkLayouts` does. */
export function draftLayouts(layouts: CardLayouts, times: SignedTimes): string {
  return draft(content.parse({ format: 2, ...times, document: parseJson(layoutsText(layouts)) }));
}

export function signLayouts(document: string, key: KeyObject): string {
  return coSign(document, { typ: LAYOUTS_TYP, key });
}

/** The document that was signed. Fails with `LayoutsError`: `layouts.unsigned`, `layouts.malformed`, `layouts.unsafe`. */
export function openLayouts(document: string, root: ReleaseRoot): SignedLayouts {
  const json = openByRoot(document, { typ: LAYOUTS_TYP, root });
  if (json === undefined) {
    throw unsigned('Too few of the signers have signed these card layouts. Have another one sign them.');
  }
  return layoutsIn(json);
}

/** What a document says, whoever signed it: to look at before it is signed. Fails likewise. */
export function unverifiedLayouts(document: string): SignedLayouts {
  return layoutsIn(unverified(document));
}

function layoutsIn(json: unknown): SignedLayouts {
  const read = content.safeParse(json);
  if (!read.success) {
    throw new LayoutsError({
      code: 'layouts.malformed',
      message: 'This is no document of card layouts. Sign one with npm run release -- layouts.',
    });
  }
  const { issued, expires, document: layouts } = read.data;
  return { layouts: layoutsFrom(layouts), times: { issued, expires } };
}

/** What one key alone signed when that was enough: a terminal still reads cards by what it kept of it. Fails likewise. */
export function openFormerLayouts(jws: string, key: KeyObject): CardLayouts {
  const json = openJson(jws, { typ: FORMER_TYP, key });
  if (json !== undefined) return layoutsFrom(json);
  throw unsigned('The key that is set has not signed these card layouts.');
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

function unsigned(message: string): LayoutsError {
  return new LayoutsError({ code: 'layouts.unsigned', message });
}
