import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import type { Incoming } from './http.ts';

const PAGES: Readonly<Record<string, { file: string; type: string }>> = {
  '/': { file: 'operator.html', type: 'text/html; charset=utf-8' },
  '/phone': { file: 'phone.html', type: 'text/html; charset=utf-8' },
  '/phone.css': { file: 'phone.css', type: 'text/css; charset=utf-8' },
  '/phone.js': { file: 'phone.js', type: 'text/javascript; charset=utf-8' },
  '/operator.css': { file: 'operator.css', type: 'text/css; charset=utf-8' },
  '/operator.js': { file: 'operator.js', type: 'text/javascript; charset=utf-8' },
};

/** The payer's phone, the operator's page and what they are made of. */
export async function answerPage(incoming: Incoming, response: ServerResponse): Promise<void> {
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
