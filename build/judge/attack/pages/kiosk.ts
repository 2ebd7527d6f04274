import { request } from 'node:http';
import { join, relative } from 'node:path';
import { WebSocket } from 'ws';
import { stopped, through, type Attack, type Outcome } from '../attack.ts';
import { outcomeOf } from '../outcome.ts';
import { always, never } from '../patch.ts';
import { said, send, type SiteAnswer } from '../site.ts';
import type { World } from '../world.ts';

const ASSETS = 'terminal-app/src/policy/assets.ts';
const LISTENER = 'shared/purchase/src/node/listener.ts';
const SHELL = 'terminal-app/src/host/ws-shell.ts';

interface Screen {
  readonly origin: string;
  readonly cookie: string;
}

const postToken = (origin: string, token: string, from = origin): Promise<SiteAnswer> =>
  send(origin, '/session', { method: 'POST', body: { token }, headers: { origin: from }, from: '127.0.0.1' });

/** The kiosk's own screen, signed in by the address that is left for it. */
async function screen(world: World): Promise<Screen> {
  const { origin, token } = await address(world);
  const answer = await postToken(origin, token);
  const [set = ''] = [answer.headers['set-cookie'] ?? ''].flat();
  if (answer.status !== 204) throw new Error(`The kiosk's own screen: ${said(answer)}`);
  return { origin, cookie: set.split(';')[0] ?? '' };
}

async function address(world: World): Promise<{ origin: string; token: string }> {
  const url = new URL(await world.stack.kioskUrl());
  return { origin: url.origin, token: url.hash.slice(1) };
}

/** Whether a WebSocket with these headers is opened and answers what the kiosk shows. */
function asks(origin: string, headers: Record<string, string>): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/ipc`, { headers });
    const end = (outcome: Outcome): void => {
      socket.terminate();
      resolve(outcome);
    };
    socket.on('open', () => {
      socket.send(JSON.stringify({ id: 1, call: 'purchase.view', request: null }));
    });
    socket.on('message', () => {
      end(through('the kiosk tells what it shows'));
    });
    socket.on('unexpected-response', (_, response) => {
      end(stopped(`${response.statusCode ?? 0}; not opened`));
    });
    socket.on('error', (error) => {
      end(stopped(error.message));
    });
  });
}

/** What is answered to a page of another site that opens a WebSocket at this address. */
function opens(origin: string, path: string): Promise<string> {
  const { hostname, port, host } = new URL(origin);
  const headers = {
    ...{ host, origin: 'https://elsewhere.example', connection: 'Upgrade', upgrade: 'websocket' },
    ...{ 'sec-websocket-version': '13', 'sec-websocket-key': Buffer.alloc(16).toString('base64') },
  };
  return new Promise((resolve) => {
    const call = request({ hostname, port, path, headers, agent: false }, (response) => {
      response.resume();
      resolve(String(response.statusCode));
    });
    call.on('error', (error) => {
      resolve(error.message);
    });
    call.end();
  });
}

export const kioskPages: readonly Attack[] = [
  {
    attack: 'kiosk-other-origin',
    name: "A page of another site in the kiosk's browser calls the host with the kiosk's cookie",
    short: true,
    removes: [always(SHELL, 'origin === this.#origin')],
    attempt: async (world) => {
      const { origin, cookie } = await screen(world);
      return asks(origin, { origin: 'https://elsewhere.example', cookie });
    },
  },
  {
    attack: 'kiosk-without-session',
    name: "Another program on the kiosk's machine calls the host",
    removes: [always(SHELL, 'this.#sessions.admits(request.headers.cookie)')],
    attempt: async (world) => {
      const { origin } = await address(world);
      return asks(origin, { origin });
    },
  },
  {
    attack: 'kiosk-rebound-name',
    name: "A name that was bound to the kiosk's own address is used to reach the host",
    removes: [always(SHELL, '`http://${host}` === this.#origin')],
    attempt: async (world) => {
      const { origin, cookie } = await screen(world);
      return asks(origin, { origin, cookie, host: 'rebound.example' });
    },
  },
  {
    attack: 'kiosk-file-outside',
    name: "A page asks the host for a file beside the kiosk's own, such as the terminal's keys",
    short: true,
    removes: [
      never(ASSETS, "!/^(?:\\/[\\w@-][\\w.@-]*)+$/.test(path) || path.includes('..')"),
      never(ASSETS, '!file.startsWith(root.endsWith(sep) ? root : root + sep)'),
      never(
        'shared/purchase/src/node/request-target.ts',
        "path.includes('%') && (NEEDLESS_ESCAPE.test(path) || !isUtf8(path))",
      ),
    ],
    attempt: async (world) => {
      const { origin, cookie } = await screen(world);
      const renderer = join(import.meta.dirname, '../../../../terminal-app/dist/renderer');
      const wanted = relative(renderer, join(world.stack.dir, 'kiosk/identity.json'));
      const path = `/${wanted.replaceAll('/', '%2F')}`;
      const answer = await send(origin, path, { headers: { cookie }, from: '127.0.0.1' });
      const isShown = answer.text.includes('"d"');
      return isShown ? through(`${said(answer)}; the terminal's keys`) : stopped(`${said(answer)}; no keys`);
    },
  },
  {
    attack: 'kiosk-token-twice',
    name: "The address that opened the kiosk's screen is used once more",
    removes: [
      {
        file: 'terminal-app/src/host/page-session.ts',
        find: 'if (!same(digestOf(token), digestOf(this.#token))) return undefined;\n    this.#token = newSecret();',
        replace:
          'if (!same(digestOf(token), digestOf(this.#token))) return undefined;\n    if (!OFF) this.#token = newSecret();',
      },
    ],
    attempt: async (world) => {
      const { origin, token } = await address(world);
      const first = await postToken(origin, token);
      if (first.status !== 204) throw new Error(`The kiosk's own screen: ${said(first)}`);
      const answer = await postToken(origin, token);
      return answer.status < 300
        ? through(`${said(answer)}; a second session`)
        : stopped(`${said(answer)}; no second session`);
    },
  },
  {
    attack: 'kiosk-ended-by-page',
    name: "A page of any site opens a WebSocket to the host's //, so that the kiosk ends",
    short: true,
    removes: [
      always(SHELL, 'origin === this.#origin'),
      {
        file: LISTENER,
        find: 'return path ?? malformed(',
        replace: 'if (OFF) return request.url ?? "";\n  return path ?? malformed(',
      },
      {
        file: LISTENER,
        find: 'guarded(() => upgrade(request, socket, head, path), failed);',
        replace:
          'if (OFF) void new URL(request.url ?? "/", "http://localhost").pathname;\n      guarded(() => upgrade(request, socket, head, path), failed);',
      },
    ],
    attempt: async (world) => {
      const { origin } = await address(world);
      const answered = await opens(origin, '//');
      const ended = await world.comesTrue(
        async () => (await outcomeOf(() => send(origin, '/enter'))) !== 'done',
        2_000,
      );
      if (ended) await world.stack.restart('kiosk');
      return ended ? through(`${answered}; the host has ended`) : stopped(`${answered}; the host goes on`);
    },
  },
];
