import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PAYER_SAMPLES } from './payer-samples.ts';
import { servePayerSite, type PayerSite } from './payer-site.ts';

/** A program that opens a page in a browser of 2016 (Chromium 49): `PROGRAM URL PICTURE --eval SCRIPT …`. */
const OLD_BROWSER = process.env['OLD_BROWSER'];
const OUT = join(import.meta.dirname, '../dist/payer-sheet');
const run = promisify(execFile);

if (OLD_BROWSER === undefined) {
  process.stderr.write('Not tried in an old browser: OLD_BROWSER names no program that opens one.\n');
}

let site: PayerSite;
beforeAll(async () => {
  await mkdir(OUT, { recursive: true });
  site = await servePayerSite();
});
afterAll(() => {
  site.close();
});

/** What the page says once it is drawn; a script error of the page is a failure of the program. */
async function read(name: string, script: string): Promise<string> {
  const sample = PAYER_SAMPLES[name];
  if (sample === undefined) throw new Error(`There is no sample ${name}.`);
  site.show(sample);
  const picture = join(OUT, `${name}.old.png`);
  const options = ['--eval', script, '--wait', '2500', '--size', '360x740'];
  const { stdout } = await run(OLD_BROWSER ?? '', [`${site.url}#${sample.path}`, picture, ...options]);
  return stdout;
}

const TEXT = 'document.getElementById("app").innerText';

describe.skipIf(OLD_BROWSER === undefined)("the phone's pages in a browser of 2016", () => {
  it.each([
    ['homes', '****1002'],
    ['bind-number', '用电户号是多少？'],
    ['home', '50 元'],
    ['pay', '50.00 元'],
    ['crediting', '260115 100000 123456'],
    ['credit-failed', '退钱'],
    ['done', '73.40 元'],
    ['proof', '042 917'],
  ])('draw %s', async (name, words) => {
    expect(await read(name, TEXT)).toContain(words);
  });

  it('have the colours of the design, and go on when a person types a number', async () => {
    const typed = `(function(){var i=document.querySelector("#number");i.value="12";document.querySelector("form button").click();return ${TEXT}+getComputedStyle(document.querySelector("form button")).backgroundColor})()`;
    const said = await read('bind-number', typed);
    expect(said).toContain('户号是 6 到 20 位数字');
    expect(said).toContain('rgb(10, 92, 73)');
  });
});
