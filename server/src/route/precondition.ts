import type { Context } from 'koa';
import { ProblemError } from '../kernel/problem.ts';
import type { AnyRoute, Seen } from './route.ts';

/** The strong `ETag` of a document: its version, which grows with every change of what is edited. */
export function etagOf(version: number): string {
  return `"${version}"`;
}

/**
 * What a change was made against, of `If-Match`; where the route makes what is not there yet, `If-None-Match: *` says that
 * nothing was. Undefined for routes that edit nothing. Throws `request.precondition-required`.
 */
export function seenOf(route: Pick<AnyRoute, 'ifMatch'>, ctx: Context): Seen | undefined {
  if (route.ifMatch === undefined) return undefined;
  const given = ctx.get('if-match').trim();
  // An empty one is there, and says nothing.
  const absent = ctx.headers['if-match'] === undefined;
  if (absent && route.ifMatch === 'or-new' && ctx.get('if-none-match').trim() === '*') return null;
  if (given === '' || given === '*') {
    throw new ProblemError({
      code: 'request.precondition-required',
      message:
        route.ifMatch === 'or-new'
          ? 'Send the ETag that you read in If-Match, or If-None-Match: * if there was none.'
          : 'Send the ETag that you read in If-Match.',
    });
  }
  const version = /^"(\d{1,15})"$/.exec(given)?.[1];
  // No version of ours: it is that of nothing that there is.
  return version === undefined ? -1 : Number(version);
}

/** The version that the route's `ifMatch` has demanded. */
export function versionSeen({ seen }: { seen: Seen | undefined }): number {
  if (typeof seen !== 'number') throw new Error('This route is not declared with ifMatch: true.');
  return seen;
}

/** The same for a route that also makes what is not there: null where nothing was. */
export function versionSeenOrNone({ seen }: { seen: Seen | undefined }): Seen {
  if (seen === undefined) throw new Error('This route is not declared with ifMatch: or-new.');
  return seen;
}

/** A change met another; `present` is what is there now, as its own endpoint answers it, or nothing where it is gone. */
export function changedMeanwhile(present?: object): ProblemError {
  return new ProblemError({
    code: 'request.changed-meanwhile',
    message:
      'It has changed since you read it. Look at what is there now, then send your change again with its ETag.',
    ...(present === undefined ? {} : { present: { ...present } }),
  });
}
