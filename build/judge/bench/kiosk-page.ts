import { z } from 'zod';
import WebSocket from 'ws';
import { WIRE_PATH } from '../../../terminal-app/src/ipc/wire.ts';

const answer = z.object({ ok: z.literal(true), response: z.object({ screen: z.string() }) });
const event = z.object({ event: z.literal('purchase.view'), payload: z.object({ screen: z.string() }) });

/**
 * Opens the kiosk's page as a browser does, from its one-time address: session, page, scripts and styles, socket.
 * Resolves when the kiosk shows `screen`; fails where the page cannot be had or the screen does not come in time.
 */
export async function screenShown(kioskUrl: string, screen: string, timeoutMs: number): Promise<void> {
  const { origin, hash } = new URL(kioskUrl);
  const entered = await fetch(`${origin}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ token: hash.slice(1) }),
  });
  const cookie = entered.headers.get('set-cookie')?.split(';')[0];
  if (!entered.ok || cookie === undefined) throw new Error(`The kiosk let no page in: ${entered.status}.`);
  const page = await text(`${origin}/`, cookie);
  await Promise.all(assetsOf(page).map((path) => text(new URL(path, origin).href, cookie)));
  await viewIs(screen, { origin, cookie, timeoutMs });
}

/** Scripts and styles that a page names. */
export function assetsOf(page: string): string[] {
  return [...page.matchAll(/<(?:script|link)\b[^>]*\b(?:src|href)="([^"]+\.(?:js|css))"/g)].map(
    ([, path]) => path ?? '',
  );
}

async function text(url: string, cookie: string): Promise<string> {
  const response = await fetch(url, { headers: { cookie } });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.text();
}

function viewIs(screen: string, on: { origin: string; cookie: string; timeoutMs: number }): Promise<void> {
  const { origin, cookie, timeoutMs } = on;
  const socket = new WebSocket(`${origin.replace(/^http/, 'ws')}${WIRE_PATH}`, {
    headers: { cookie, origin },
  });
  return new Promise<void>((resolve, reject) => {
    let shown = 'nothing';
    const timer = setTimeout(() => {
      reject(new Error(`The kiosk does not come to ${screen}: it shows ${shown}.`));
    }, timeoutMs);
    socket.on('open', () => {
      socket.send(JSON.stringify({ id: 1, call: 'purchase.view', request: null }));
    });
    socket.on('message', (data) => {
      const message: unknown = JSON.parse((data as Buffer).toString('utf8'));
      const view = answer.safeParse(message).data?.response ?? event.safeParse(message).data?.payload;
      if (view === undefined) return;
      shown = view.screen;
      if (shown !== screen) return;
      clearTimeout(timer);
      resolve();
    });
    socket.on('error', reject);
  }).finally(() => {
    socket.terminate();
  });
}
