import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import type { Context, Middleware, Next } from 'koa';
import { stateOf } from './middleware.ts';

export interface StaticPages {
  /** Where they are under the site, with a slash before and after. */
  readonly path: string;
  /** Where a build puts them; it may do so after the start. */
  readonly folder: string;
  readonly contentSecurityPolicy: string;
  readonly referrerPolicy: string;
  /** The file for what is asked for, after `path`; absent: of that name, the folder itself is `index.html`. */
  readonly fileFor?: (asked: string) => string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

/** Scripts and styles only from files of ours, the network only to us, in no frame. `more` is put behind it. */
export function ownFilesOnly(...more: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    ...more,
  ].join('; ');
}

/** A few files for browsers, read once. Anything else passes on. */
export function staticPages(pages: StaticPages): Middleware {
  const { path, folder, fileFor = indexOr } = pages;
  let reading: Promise<ReadonlyMap<string, Buffer>> | undefined;
  return async (ctx: Context, next: Next) => {
    const reads = ctx.method === 'GET' || ctx.method === 'HEAD';
    if (reads && ctx.path === path.slice(0, -1)) {
      ctx.redirect(path + ctx.search);
      return;
    }
    if (!reads || !ctx.path.startsWith(path)) {
      await next();
      return;
    }
    reading ??= read(folder);
    const files = await reading;
    // Pages that are not built yet may be so at the next request.
    if (files.size === 0) reading = undefined;
    const name = fileFor(ctx.path.slice(path.length));
    const file = files.get(name);
    if (file === undefined) {
      await next();
      return;
    }
    stateOf(ctx).route = path;
    ctx.set({
      'Content-Security-Policy': pages.contentSecurityPolicy,
      'Referrer-Policy': pages.referrerPolicy,
      // A file with a digest in its name never changes; the page that names it does.
      'Cache-Control': name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream',
    });
    ctx.body = file;
  };
}

export const indexOr = (asked: string): string => (asked === '' ? 'index.html' : asked);

async function read(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(
      files.map(async (path) => [relative(folder, path).split(sep).join('/'), await readFile(path)] as const),
    ),
  );
}
