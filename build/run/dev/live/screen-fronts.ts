import { WIRE } from '../../../../stb-app/double/site.ts';
import { passOn } from './pass-on.ts';
import type { Front } from './pages-front.ts';
import { configOf, openVite } from './vite-server.ts';

interface ScreenFrontInit {
  readonly port: number;
  /** The process behind it. */
  readonly url: string;
}

/** The kiosk's page from Vite; its sign-in and its calls go to the kiosk's host. */
export async function openKioskFront({ port, url }: ScreenFrontInit): Promise<Front> {
  const own = `http://127.0.0.1:${port}`;
  const vite = await openVite('kiosk', {
    configFile: configOf('terminal-app'),
    server: {
      port,
      proxy: { '/enter': passOn(own, url), '/session': passOn(own, url), '/ipc': passOn(own, url, true) },
    },
  });
  await vite.listen();
  return frontOf(vite);
}

/** The TV's page from Vite, for the engine of today; the desk around it, its drawer and its shell are the double's. */
export async function openTvFront({ port, url }: ScreenFrontInit): Promise<Front> {
  const own = `http://127.0.0.1:${port}`;
  const vite = await openVite('tv', {
    configFile: configOf('stb-app'),
    base: '/tv/',
    plugins: [
      {
        name: 'wire-of-the-double',
        transformIndexHtml: { order: 'post', handler: (html) => html.replace('<script', `${WIRE}<script`) },
      },
    ],
    server: {
      port,
      proxy: { '^/tv/double/': passOn(own, url), '^/(?!tv/)': passOn(own, url, true) },
    },
  });
  await vite.listen();
  return frontOf(vite);
}

function frontOf(vite: Awaited<ReturnType<typeof openVite>>): Front {
  return {
    reload: () => {
      vite.ws.send({ type: 'full-reload' });
    },
    close: () => vite.close(),
  };
}
