import { homedir } from 'node:os';
import { join } from 'node:path';

/** Bianmin's folder in the user's cache: what took long to build or fetch and can be had again. */
export function cacheFolder(...parts: string[]): string {
  const xdg = process.env['XDG_CACHE_HOME'];
  return join(xdg === undefined || xdg === '' ? join(homedir(), '.cache') : xdg, 'bianmin', ...parts);
}
