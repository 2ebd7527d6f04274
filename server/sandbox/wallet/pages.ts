import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { brandNames } from '@bianmin/purchase/api/channels';
import type { Incoming } from './http.ts';

const PAGES: Readonly<Record<string, { file: string; type: string }>> = {
  '/': { file: 'operator.html', type: 'text/html; charset=utf-8' },
  '/phone': { file: 'phone.html', type: 'text/html; charset=utf-8' },
  '/phone.css': { file: 'phone.css', type: 'text/css; charset=utf-8' },
  '/phone.js': { file: 'phone.js', type: 'text/javascript; charset=utf-8' },
  '/operator.css': { file: 'operator.css', type: 'text/css; charset=utf-8' },
  '/operator.js': { file: 'operator.js', type: 'text/javascript; charset=utf-8' },
};

/** What each wallet is called, in the languages of the phone's page. */
const BRANDS = JSON.stringify({ 'zh-CN': brandNames('zh-CN'), en: brandNames('en') });

/** The payer's phone, the operator's page and what they are made of. */
export async function answerPage(incoming: Incoming, response: ServerResponse): Promise<void> {
  if (incoming.method === 'GET' && incoming.url.pathname === '/brands.json') {
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.end(BRANDS);
    return;
  }
  const page = incoming.method === 'GET' ? PAGES[incoming.url.pathname] : undefined;
  if (page === undefined) {
    response.statusCode = 404;
    response.end();
    return;
  }
  response.setHeader('Content-Type', page.type);
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader(
    'Content-Security-Policy',
    "default-src 'self'; img-src 'self' data:; frame-ancestors 'self'",
  );
  response.end(await readFile(new URL(`./pages/${page.file}`, import.meta.url)));
}
