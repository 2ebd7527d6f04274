import { join } from 'node:path';
import { createLogger, createServer, mergeConfig, type InlineConfig, type ViteDevServer } from 'vite';

const ROOT = join(import.meta.dirname, '../../../..');

/** What pages are made of: a page may ask Vite for these files and for no other, keys of a data folder among them. */
const READABLE = ['terminal-app', 'server/admin', 'server/payer', 'stb-app', 'shared', 'node_modules'];

/** One of Vite's own servers, for this machine only; `more` is over what all have. */
export function openVite(name: string, more: InlineConfig): Promise<ViteDevServer> {
  const common: InlineConfig = {
    // Each has a Vue of its own version, and all may begin at once.
    cacheDir: join(ROOT, 'node_modules/.vite', name),
    clearScreen: false,
    customLogger: createLogger('info', { prefix: `[${name}]`, allowClearScreen: false }),
    server: {
      host: '127.0.0.1',
      strictPort: true,
      // No other site of this machine's has anything to ask here, least of all of what stands behind.
      cors: false,
      fs: { allow: READABLE.map((path) => join(ROOT, path)) },
    },
  };
  return createServer(mergeConfig(common, more));
}

/** A face's own configuration. */
export const configOf = (folder: string): string => join(ROOT, folder, 'vite.config.ts');
