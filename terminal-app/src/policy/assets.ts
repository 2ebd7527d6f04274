import { extname, join, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.opus': 'audio/ogg',
  '.ogg': 'audio/ogg',
  '.mp3': 'audio/mpeg',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

export interface Asset {
  readonly file: string;
  readonly type: string;
  /** Its name carries a digest of its contents. */
  readonly immutable: boolean;
}

/**
 * The file that a URL's path names under `root`, or undefined for anything that is not plainly inside it: dots,
 * backslashes, escapes that hide them, unknown kinds. Pure; whether the file exists is not asked.
 */
export function assetFor(root: string, pathname: string): Asset | undefined {
  let path: string;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  if (path === '/') path = '/index.html';
  if (!/^(?:\/[\w@-][\w.@-]*)+$/.test(path) || path.includes('..')) return undefined;
  const file = join(root, ...path.split('/'));
  const type = TYPES[extname(file)];
  if (type === undefined || !file.startsWith(root.endsWith(sep) ? root : root + sep)) return undefined;
  return { file, type, immutable: path.startsWith('/assets/') };
}
