import { createServer } from 'node:http';
import { configOf, openVite } from './vite-server.ts';
import { passOn } from './pass-on.ts';
import { portalFace } from './portal-face.ts';

export interface Front {
  /** Tells the pages that are open to load again. */
  readonly reload: () => void;
  readonly close: () => Promise<void>;
}

export interface PagesFrontInit {
  readonly port: number;
  readonly webUrl: string;
  /** Resolves when the web process does not start again at the moment. */
  readonly webIsUp: () => Promise<void>;
}

/**
 * One address for all that the web process serves, as in production: console, phone pages and portal from Vite,
 * everything else from the process itself.
 */
export async function openPagesFront({ port, webUrl, webIsUp }: PagesFrontInit): Promise<Front> {
  const server = createServer();
  const shared = { server: { middlewareMode: { server }, hmr: { server } } };
  const [console, phone, portal] = await Promise.all([
    openVite('console', { ...shared, configFile: configOf('server/admin') }),
    openVite('phone', {
      configFile: configOf('server/payer'),
      server: {
        ...shared.server,
        // Whatever is no page comes here, too.
        proxy: { '^/(?!admin/|p/|portal/)': passOn(`http://127.0.0.1:${port}`, webUrl) },
      },
    }),
    openVite('portal', { ...portalFace(), ...shared }),
  ]);
  const faces = [console, phone, portal];
  server.on('request', (request, response) => {
    const face = faces.find(({ config }) => request.url?.startsWith(config.base) === true);
    const notThere = (): void => {
      response.writeHead(404).end();
    };
    if (face !== undefined) face.middlewares(request, response, notThere);
    else void webIsUp().then(() => phone.middlewares(request, response, notThere));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    reload: () => {
      for (const { ws } of faces) ws.send({ type: 'full-reload' });
    },
    close: async () => {
      await Promise.all(faces.map((face) => face.close()));
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
