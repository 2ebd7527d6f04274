import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zhCN } from './words/zh-cn.ts';

const PAYER = join(import.meta.dirname, '..');
/** All of it, compressed: a few seconds on a slow connection. */
const MOST_BYTES = 50 * 1024;
/** Of later than 2016, and not made older by the build: it makes syntax older, not what the browser must have. */
const TOO_NEW =
  /\bObject\.(?:entries|values|getOwnPropertyDescriptors)\b|\.pad(?:Start|End)\(|\.finally\(|\basync\b|\bawait\b|\.(?:flat|flatMap|at|replaceAll|matchAll|toSorted|toReversed|findLast|allSettled|trimStart|hasOwn|fromEntries)\(|\bstructuredClone\b|\bglobalThis\b|\brandomUUID\b|AbortSignal\.|\?\.[a-z[(]|\?\?|\bcatch\s*\{/;

let out: string;
let files: Map<string, Buffer>;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'bianmin-payer-'));
  await build({
    root: PAYER,
    configFile: join(PAYER, 'vite.config.ts'),
    logLevel: 'silent',
    build: { outDir: out },
  });
  const entries = await readdir(out, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  files = new Map(await Promise.all(paths.map(async (path) => [path, await readFile(path)] as const)));
});
afterAll(() => rm(out, { recursive: true, force: true }));

describe("the phone's pages", () => {
  it('are under 50 KB compressed, all together', () => {
    const bytes = [...files.values()].reduce((sum, file) => sum + gzipSync(file).length, 0);
    expect(bytes).toBeLessThan(MOST_BYTES);
  });

  it('are a plain script, since modules are younger than some phones', () => {
    const page = [...files].find(([path]) => path.endsWith('index.html'))?.[1].toString() ?? '';
    expect(page).toMatch(/<script defer src=/);
    expect(page).not.toMatch(/type="module"|crossorigin/);
  });

  it('have no script or style in the page itself, as their policy asks', () => {
    const page = [...files].find(([path]) => path.endsWith('index.html'))?.[1].toString() ?? '';
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=/);
  });

  it('use nothing that a browser of 2016 has not', () => {
    for (const [path, file] of files)
      if (path.endsWith('.js')) expect(file.toString().match(TOO_NEW)?.[0]).toBeUndefined();
  });

  it('use every word that is translated', async () => {
    const sources = await readdir(join(PAYER, 'src'), { recursive: true, withFileTypes: true });
    const texts = await Promise.all(
      sources
        .filter((entry) => entry.name.endsWith('.ts') && !entry.parentPath.endsWith('words'))
        .map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8')),
    );
    const all = texts.join('\n');
    expect(Object.keys(zhCN).filter((key) => !all.includes(`'${key}'`))).toEqual([]);
  });
});
