import { join } from 'node:path';
import type { Middleware } from 'koa';
import { ownFilesOnly, staticPages } from './static-pages.ts';

/** Where `vite build` puts them. */
export const ADMIN_FOLDER = join(import.meta.dirname, '../../admin/dist');

/** The administrators' pages: every address of theirs that is no file is the one page, which shows what it names. */
export function adminPages(folder: string): Middleware {
  return staticPages({
    path: '/admin/',
    folder,
    contentSecurityPolicy: ownFilesOnly("font-src 'self'"),
    referrerPolicy: 'no-referrer',
    fileFor: (asked) => (asked.startsWith('assets/') ? asked : 'index.html'),
  });
}
