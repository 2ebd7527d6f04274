import { join } from 'node:path';
import type { Middleware } from 'koa';
import { ownFilesOnly, staticPages } from './static-pages.ts';

/** Where `build/run/portal/build.ts` puts them. */
export const PORTAL_FOLDER = join(import.meta.dirname, '../../../stb-app/portal/dist');

/** The IPTV portal's pages. A portal leads to them and frames nothing, so that no site frames them either. */
export function portalPages(folder: string): Middleware {
  return staticPages({
    path: '/portal/',
    folder,
    // Uyghur letters, which boxes have no font for.
    contentSecurityPolicy: ownFilesOnly("font-src 'self'"),
    referrerPolicy: 'no-referrer',
  });
}
