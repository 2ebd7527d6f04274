import { gzipSync } from 'node:zlib';
import { Linter } from 'eslint';
import { decodeQR } from 'qr/decode.js';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Language } from '@bianmin/purchase/api/language';
import type { Values } from '@bianmin/purchase/i18n/translate';
import { wordFaults } from '@bianmin/purchase/testing/word-faults';
import { portalPages, portalSources } from '../../build/run/portal/pages.ts';
import { portalWords } from '../../build/run/portal/words.ts';
import { PortalInVm } from './testing/page.ts';

const MOST_BYTES = 25 * 1024;

let pages: ReadonlyMap<string, string | Buffer>;
beforeAll(async () => {
  pages = await portalPages();
});

const file = (name: string): string => pages.get(name)?.toString() ?? '';

describe('the built pages', () => {
  it('have one script of at most 25 KB with the words of Chinese, and all is less than that compressed', () => {
    expect(Buffer.byteLength(file('portal.js'))).toBeLessThanOrEqual(MOST_BYTES);
    const all = [...pages].filter(([name]) => !name.endsWith('.woff'));
    const bytes = all.reduce((sum, [, text]) => sum + gzipSync(text).length, 0);
    expect(bytes).toBeLessThan(MOST_BYTES);
  });

  it('are ES5, and use nothing of later libraries', () => {
    const languageOptions = { ecmaVersion: 5, sourceType: 'script' } as const;
    expect(new Linter().verify(file('portal.js'), { languageOptions })).toEqual([]);
    expect(file('portal.js')).not.toMatch(
      /\b(?:Promise|fetch|Map|Set|Proxy|Symbol|URLSearchParams|classList|globalThis)\b[.(]/,
    );
  });

  it('use no layout that browsers of Android 4 lack', () => {
    expect(file('portal.css')).not.toMatch(/flex|grid;|var\(|\d(?:vh|vw|rem)\b|@(?!font-face)/);
  });

  it('have no script or style in the page itself, as their policy asks', () => {
    for (const name of ['index.html', 'sd.html'])
      expect(file(name)).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=/);
    expect(file('sd.html')).toContain('content="640*530"');
  });
});

it('every word that is said is there in three languages with the same places', async () => {
  const sources = await portalSources();
  const words = portalWords(sources);
  for (const [, key] of sources.matchAll(/\bsay\(\s*'([\w.-]+)'[,)]/g))
    expect(words['zh-CN']).toHaveProperty([key ?? '']);
  const page = await PortalInVm.open({
    server: ({ address }) => {
      const wanted = /^words-([\w-]+)\.json$/.exec(address)?.[1];
      return wanted === undefined ? [0] : [200, words[wanted as Language]];
    },
  });
  const say = (language: Language, key: string, values: Values): string => {
    page.call('setLanguage', language, () => undefined);
    return page.call('say', key, values) as string;
  };
  // Isolates are younger than these browsers: the old marks of embedding.
  const marks = ['\u202a', '\u202c'] as const;
  expect(wordFaults(words, { say, marks, foreign: ['portal.language'] })).toEqual([]);
});

describe('codes for phones', () => {
  let page: PortalInVm;
  beforeAll(async () => {
    page = await PortalInVm.open({ server: () => [0] });
  });

  it.each([
    'http://portal.test/p/',
    'weixin://wxpay/bizpayurl?pr=p4lpSuKzz',
    ...[14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412].map((n) => 'x'.repeat(n)),
    '电费',
  ])('say %s', (text) => {
    const rows = page.call('qrOf', text) as boolean[][];
    const [scale, quiet] = [4, 4];
    const side = (rows.length + 2 * quiet) * scale;
    const data = new Uint8Array(side * side * 4).fill(255);
    for (let at = 0; at < side * side; at++) {
      const y = Math.floor(at / side / scale) - quiet;
      const x = Math.floor((at % side) / scale) - quiet;
      if (rows[y]?.[x] === true) data.fill(0, at * 4, at * 4 + 3);
    }
    expect(decodeQR({ width: side, height: side, data })).toBe(text);
  });

  it('of more than they hold are none', () => {
    expect(page.call('qrOf', 'x'.repeat(413))).toBeNull();
  });
});
