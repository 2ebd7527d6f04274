import { join } from 'node:path';
import type { Middleware } from 'koa';
import { indexOr, ownFilesOnly, staticPages } from './static-pages.ts';

/** Where `vite build` puts them. */
export const PAGES_FOLDER = join(import.meta.dirname, '../../payer/dist');

/** An order's own link, to pay it or to its receipt: the same page, which reads the token from its address. */
const ORDER_LINK = /^(?:r\/)?[\w-]{22}$/;

/** The phone's pages. */
export function payerPages(folder: string): Middleware {
  return staticPages({
    path: '/p/',
    folder,
    contentSecurityPolicy: ownFilesOnly(),
    // WeChat's H5 asks which site sent the payer; no site is told which order.
    referrerPolicy: 'strict-origin',
    fileFor: (asked) => (ORDER_LINK.test(asked) ? 'index.html' : indexOr(asked)),
  });
}
