import { readFile } from 'node:fs/promises';
import { pageHeaders, resolveRequest } from '../policy/page.ts';

/** Answers requests of our scheme from the folder of the built renderer; 404 for everything else. */
export function servePage(rendererDir: string): (request: Request) => Promise<Response> {
  return async ({ url, method }) => {
    const asset = resolveRequest(rendererDir, url, method);
    const body = asset === undefined ? undefined : await readFile(asset.file).catch(() => undefined);
    if (asset === undefined || body === undefined) return new Response(null, { status: 404 });
    return new Response(new Uint8Array(body), { headers: pageHeaders(asset.type) });
  };
}
