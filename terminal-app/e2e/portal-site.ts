import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { portalPages } from '../../build/portal/pages.ts';

export const PORTAL_SITE = 'http://portal.test';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json',
  woff: 'font/woff',
};
const FONTS = dirname(dirname(createRequire(import.meta.url).resolve('@fontsource/noto-sans-sc/400.css')));
/** A box has a Chinese font; a machine that runs tests may not, and would draw boxes. */
const FONT_LINKS = ['400', '700']
  .map((weight) => `<link rel="stylesheet" href="/fonts/noto-sans-sc/${weight}.css">`)
  .join('');

/** What the server says to the page. */
export interface PortalSample {
  readonly view?: object;
  readonly state?: 'waiting' | 'open' | 'ended';
  /** No answer comes. */
  readonly away?: true;
}

/** The built pages, and a server that says what the sample says, without a server. */
export class PortalSite {
  sample: PortalSample = {};
  readonly #files: Awaited<ReturnType<typeof portalPages>>;

  private constructor(files: Awaited<ReturnType<typeof portalPages>>) {
    this.#files = files;
  }

  static async build(): Promise<PortalSite> {
    return new PortalSite(await portalPages());
  }

  async at(page: Page): Promise<void> {
    await page.route(`${PORTAL_SITE}/**`, async (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname.startsWith('/fonts/')) {
        await route.fulfill({ path: join(FONTS, pathname.slice('/fonts/'.length)) });
      } else if (pathname.startsWith('/v1/')) {
        if (this.sample.away === true) await route.abort();
        else await route.fulfill({ status: 200, json: answerOf(pathname, this.sample) });
      } else {
        const name = pathname.replace('/portal/', '') || 'index.html';
        const file = this.#files.get(name);
        if (file === undefined) return route.fulfill({ status: 404 });
        const body = name.endsWith('.html')
          ? file.toString().replace('</head>', `${FONT_LINKS}</head>`)
          : file;
        await route.fulfill({ body, contentType: TYPES[name.split('.').pop() ?? ''] ?? '' });
      }
    });
  }
}

function answerOf(pathname: string, { view, state = 'open' }: PortalSample): object {
  const expiresAt = '2026-01-15T02:16:30.000Z';
  if (pathname.endsWith('/sessions')) return { id: 'v', key: 'k', token: 't', expiresAt };
  return { state, revision: 1, view: view ?? null, expiresAt };
}
