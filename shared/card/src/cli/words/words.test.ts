import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CodedError } from '../../errors.ts';
import { catalogueFaults } from '../../testing/catalogue-faults.ts';
import { FINDINGS } from '../doctor/finding.ts';
import { ACCESSES } from '../zone-shape.ts';
import { ERRORS_ZH_CN } from './errors.zh-CN.ts';
import { filled } from './fill.ts';
import { CLI_WORDS, languageOf, wordsOf, type WordKey } from './words.ts';

const LANGUAGES = ['zh-CN', 'en'] as const;

describe('the words', () => {
  it('have every key in every language, the same places, and no letters of another', () => {
    const faults = catalogueFaults(CLI_WORDS, {
      say: (language, key, values) => filled(CLI_WORDS[language][key as WordKey], values),
      // Nothing is to be done about a reader that works.
      mayBeEmpty: ['doctor.reader.do'],
    });
    expect(faults).toEqual([]);
  });

  it.each(LANGUAGES)('%s has a sentence for every finding and every access', (language) => {
    for (const id of FINDINGS) {
      expect(CLI_WORDS[language][`doctor.${id}`]).not.toBe('');
      expect(CLI_WORDS[language]).toHaveProperty([`doctor.${id}.do`]);
    }
    for (const access of ACCESSES) expect(CLI_WORDS[language][`access.${access}`]).not.toBe('');
  });

  it.each(['bytes', 'framing', 'usb', 'reader', 'chip', 'meter-card', 'transcript', 'cli'])(
    'every code of %s/error.ts has a Chinese sentence in errors.zh-CN.ts',
    (layer) => {
      const source = readFileSync(new URL(`../../${layer}/error.ts`, import.meta.url), 'utf8');
      const codes = [...source.matchAll(/'([a-z-]+\.[a-z0-9-]+)'/g)].map(([, code]) => code ?? '');
      expect(codes.length).toBeGreaterThan(0);
      expect(codes.filter((code) => ERRORS_ZH_CN[code] === undefined)).toEqual([]);
    },
  );
});

describe('the language', () => {
  it.each([
    ['zh', {}, 'zh-CN'],
    ['zh-cn', {}, 'zh-CN'],
    ['en', { LANG: 'zh_CN.UTF-8' }, 'en'],
    ['fr', {}, undefined],
    [undefined, {}, 'en'],
    [undefined, { LANG: 'zh_CN.UTF-8' }, 'zh-CN'],
    [undefined, { LANG: 'zh_CN.UTF-8', LC_ALL: 'C' }, 'en'],
    [undefined, { LANG: 'de_DE.UTF-8', LC_ALL: '' }, 'en'],
  ] as const)('asked for %s with %o is %s', (asked, env, language) => {
    expect(languageOf(asked, env)).toBe(language);
  });
});

describe('an error', () => {
  it('is one sentence and its code in either language', () => {
    const error = new CodedError({
      code: 'cli.file',
      message: 'The file x is not there.',
      context: { path: 'x' },
    });
    expect(wordsOf('en').error(error)).toBe('The file x is not there. [cli.file]');
    expect(wordsOf('zh-CN').error(error)).toBe('文件 x 读写不了，请检查文件名。 [cli.file]');
  });

  it('without a code is a fault of the tool, or the first line of a reason outside', () => {
    const error = new Error('first\nsecond');
    expect(wordsOf('en').error(error)).toContain('A fault of this tool: first.');
    expect(wordsOf('en').reason(error)).toBe('first');
  });
});
