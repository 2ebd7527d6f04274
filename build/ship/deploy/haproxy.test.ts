import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { problemSchema } from '@bianmin/purchase/api/problem';
import { CLIENT_LIMITS_MS } from '@bianmin/purchase/api/client-limits';
import { LIMITS } from '../../../server/src/kernel/limits.ts';
import { PROBLEM_TITLES } from '../../../server/src/kernel/problem-titles.ts';
import { DEPLOY, readEnvironment } from './manifests.ts';

/** How long each waits who asks, s; web allows itself the same for all of them. */
const CLIENTS = {
  terminal: CLIENT_LIMITS_MS.terminal / 1000,
  staff: CLIENT_LIMITS_MS.console / 1000,
  file: CLIENT_LIMITS_MS.download / 1000,
} as const;
const WEB = LIMITS.request / 1000;

const text = await readFile(join(DEPLOY, 'haproxy/bianmin.cfg'), 'utf8');
const site = await readFile(join(DEPLOY, 'nginx/site.conf'), 'utf8');
const http = await readFile(join(DEPLOY, 'nginx/http.conf'), 'utf8');

function seconds(where: string, pattern: RegExp): number {
  const [, count, unit] = pattern.exec(where) ?? [];
  if (count === undefined) throw new Error(`There is no ${String(pattern)}.`);
  return Number(count) / (unit === 'ms' ? 1000 : 1);
}

describe('HAProxy', () => {
  it.each([
    ['terminal', /^proxy_read_timeout (\d+)(s);$/m, http, /^ {4}timeout server (\d+)(s)$/m],
    [
      'staff',
      /\/admin\/ \{\s+proxy_read_timeout (\d+)(s);/,
      site,
      /server (\d+)(s) if \{ path_beg \/v1\/admin/,
    ],
    [
      'file',
      /file\$\) \{\s+proxy_read_timeout (\d+)(s);/,
      site,
      /server (\d+)(s) if \{ path_reg \^\/v1\/admin/,
    ],
  ] as const)('gives a %s up before nginx, and nginx before who asks', (who, ofNginx, where, own) => {
    const chain = [CLIENTS[who], seconds(where, ofNginx), seconds(text, own), WEB];
    expect(chain).toEqual(chain.toSorted((a, b) => b - a));
    expect(new Set(chain).size).toBe(chain.length);
  });

  it('has a frozen process out of the way within three seconds', async () => {
    const inter = seconds(text, / inter (\d+)(ms)/);
    const fast = seconds(text, / fastinter (\d+)(ms)/);
    const patience = seconds(text, /timeout check (\d+)(s)/);
    const fall = Number(/ fall (\d+)/.exec(text)?.[1]);
    const lua = await readFile(join(DEPLOY, 'haproxy/cut-frozen.lua'), 'utf8');
    const cut = Number(/PAUSE_MS = (\d+)/.exec(lua)?.[1]) / 1000;
    expect(inter + fall * patience + (fall - 1) * fast + cut).toBeLessThan(3);
  });

  it('asks each process in every part, and takes none for well that is out', () => {
    const parts = new Map(
      text
        .split(/^(?=backend )/m)
        .slice(1)
        .map((part) => [/^backend (\w+)/.exec(part)?.[1], part.match(/"\$\{BIANMIN_WEB_\d+\}"/g)] as const),
    );
    expect([...parts.keys()]).toEqual(['ready', 'alive', 'any', 'well']);
    for (const [name, webs] of parts) expect(webs, name).toEqual(parts.get('ready'));
    const patience = seconds(text, /^ {4}timeout check (\d+)(s)$/m);
    const ofWell = seconds(/^backend well[^]*/m.exec(text)?.[0] ?? '', /timeout check (\d+)(s)/);
    expect(ofWell).toBeLessThan(patience);
  });

  it('keeps its connections longer than nginx does', async () => {
    const upstream = await readFile(join(DEPLOY, 'nginx/upstream.conf'), 'utf8');
    const kept = seconds(text, /timeout http-keep-alive (\d+)(s)/);
    expect(kept).toBeGreaterThan(seconds(upstream, /keepalive_timeout (\d+)(s)/));
  });

  it('speaks in the words of the server', async () => {
    const said = [
      ...text.matchAll(/http-error status (\d+) content-type application\/problem\+json lf-file (\S+)(.*)/g),
    ];
    const folder = join(DEPLOY, 'haproxy');
    const files = (await readdir(join(folder, 'problems'))).map((name) => `problems/${name}`);
    expect(new Set(said.map(([, , file]) => file))).toEqual(new Set(files));
    for (const [, status, file = '', more] of said) {
      const problem = problemSchema.parse(JSON.parse(await readFile(join(folder, file), 'utf8')));
      // 502 and 504 become 503.
      expect(problem.status).toBe(['502', '504'].includes(status ?? '') ? 503 : Number(status));
      expect(problem.title).toBe(PROBLEM_TITLES[problem.code]);
      expect(problem.type).toBe(`urn:bianmin:problem:${problem.code}`);
      expect(more).toBe(problem.status === 503 ? ' hdr Retry-After 2' : '');
    }
  });

  it('is where nginx of a machine looks for it, and looks for web where its variables say', async () => {
    const variables = await readEnvironment('haproxy/haproxy.env');
    const nginx = await readFile(join(DEPLOY, 'nginx/nginx.conf'), 'utf8');
    expect(/^\s*server ([\d.]+:\d+);/m.exec(nginx)?.[1]).toBe(variables['BIANMIN_BALANCER']);
    const named = new Set([...text.matchAll(/"\$\{(\w+)\}"/g)].map(([, name]) => name));
    expect(new Set(Object.keys(variables))).toEqual(named.add('EXTRAOPTS'));
  });
});
