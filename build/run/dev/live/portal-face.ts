import { join } from 'node:path';
import type { InlineConfig, Plugin, ViteDevServer } from 'vite';
import type * as PortalPages from '../../portal/pages.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const CLIENT = '<script type="module" src="/portal/@vite/client"></script>';
const TYPES: readonly (readonly [ending: string, type: string])[] = [
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.woff', 'font/woff'],
];

/**
 * The portal's pages are one script of 2009's syntax, joined from the sources: nothing that Vite could replace in a
 * running page. They are joined anew when a source has changed, and the page is loaded again.
 */
export function portalFace(): InlineConfig {
  return {
    ...{ configFile: false, appType: 'custom', publicDir: false },
    root: join(ROOT, 'stb-app/portal'),
    base: '/portal/',
    optimizeDeps: { noDiscovery: true },
    plugins: [joinedPages()],
  };
}

function joinedPages(): Plugin {
  return {
    name: 'joined-pages',
    configureServer(server) {
      let pages: ReturnType<typeof PortalPages.portalPages> | undefined;
      const changed = (path: string): void => {
        if (path.includes('/dist/')) return;
        pages = undefined;
        server.ws.send({ type: 'full-reload' });
      };
      server.watcher.on('change', changed).on('add', changed).on('unlink', changed);
      server.middlewares.use((request, response, next) => {
        const name = /^\/portal\/([\w.-]*)(?:\?|$)/.exec(request.url ?? '')?.[1];
        if (name === undefined) {
          next();
          return;
        }
        pages ??= joinSources(server);
        pages.then((files) => {
          const file = files.get(name === '' ? 'index.html' : name);
          if (file === undefined) {
            next();
            return;
          }
          const type = TYPES.find(([ending]) => name.endsWith(ending))?.[1] ?? 'text/html; charset=utf-8';
          response.setHeader('content-type', type).setHeader('cache-control', 'no-store');
          response.end(
            type.startsWith('text/html') ? String(file).replace('</head>', `${CLIENT}</head>`) : file,
          );
        }, next);
      });
    },
  };
}

/** Through Vite, which reads again what has changed: Node keeps words once it has read them. */
async function joinSources(server: ViteDevServer): ReturnType<typeof PortalPages.portalPages> {
  const { portalPages } = (await server.ssrLoadModule(
    join(ROOT, 'build/run/portal/pages.ts'),
  )) as typeof PortalPages;
  return portalPages();
}
