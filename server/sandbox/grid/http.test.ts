import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gridKeysFrom, makeGridKeys } from './keys.ts';
import { createGridSandbox, type GridSandbox } from './sandbox.ts';

let sandbox: GridSandbox;

beforeAll(async () => {
  sandbox = await createGridSandbox({ keys: gridKeysFrom({ ...makeGridKeys().sandbox }) });
});

afterAll(() => sandbox.close());

describe('the sandbox in a browser', () => {
  it('is open to pages of this machine, and to no other site', async () => {
    const from = async (origin: string): Promise<Response> =>
      fetch(`${sandbox.url}/world/cards`, { headers: { origin } });
    const local = await from('http://localhost:5173');
    expect([local.status, local.headers.get('access-control-allow-origin')]).toEqual([
      200,
      'http://localhost:5173',
    ]);
    expect((await from('https://evil.example')).status).toBe(403);
    expect((await from('http://localhost.evil.example')).status).toBe(403);
  });

  it('serves its page', async () => {
    const page = await fetch(sandbox.url);
    expect(await page.text()).toContain('page.js');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect((await fetch(`${sandbox.url}/sandbox.ts`)).status).toBe(404);
  });

  it('serves each script that the page is made of', async () => {
    const folder = new URL('page/', import.meta.url);
    const scripts = (await readdir(folder)).filter((file) => file.endsWith('.js'));
    expect(scripts).toContain('page.js');
    for (const file of scripts) {
      const script = await fetch(`${sandbox.url}/${file}`);
      expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
      expect(await script.text()).toBe(await readFile(new URL(file, folder), 'utf8'));
    }
  });
});
