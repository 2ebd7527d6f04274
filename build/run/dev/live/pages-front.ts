import { Server } from 'node:http';
import process from 'node:process';
import type { ViteDevServer } from 'vite';
import { ANYBODY, closeListener, createListener, openListener } from '@bianmin/purchase/node/listener';
import { NOT_FOUND, refuseSocket } from '@bianmin/purchase/node/refusal';
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

/** By which its pages ask for a socket. */
const VITES: ReadonlySet<string | undefined> = new Set(['vite-hmr', 'vite-ping']);

/**
 * One address for all that the web process serves, as in production: console, phone pages and portal from Vite,
 * everything else from the process itself.
 */
export async function openPagesFront({ port, webUrl, webIsUp }: PagesFrontInit): Promise<Front> {
  const faces: ViteDevServer[] = [];
  // Vite waits here for its sockets; it never listens, and hears of those alone that the listener lets through.
  const upgrades = new Server();
  const server = createListener({
    admits: ANYBODY,
    answer: async (request, response, path) => {
      const notThere = (): void => {
        response.writeHead(404).end();
      };
      let face = faces.find(({ config }) => path.startsWith(config.base));
      if (face === undefined) await webIsUp();
      // Whatever is no page is passed on by the phone's.
      face ??= faces[1];
      face?.middlewares(request, response, notThere);
    },
    upgrade: (request, socket, head, path) => {
      const isVites = VITES.has(request.headers['sec-websocket-protocol']);
      if (isVites && faces.some(({ config }) => config.base === path)) {
        upgrades.emit('upgrade', request, socket, head);
      } else refuseSocket(socket, NOT_FOUND);
    },
    onFault: (error) => void process.stderr.write(`The front failed in a request: ${String(error)}\n`),
  });
  const shared = { server: { middlewareMode: { server: upgrades }, hmr: { server: upgrades } } };
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
  faces.push(console, phone, portal);
  await openListener(server, { host: '127.0.0.1', port });
  return {
    reload: () => {
      for (const { ws } of faces) ws.send({ type: 'full-reload' });
    },
    close: async () => {
      await Promise.all(faces.map((face) => face.close()));
      await closeListener(server);
    },
  };
}
