import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CARD_SESSION_KINDS } from '@bianmin/purchase/api/card-session';
import { CHANNELS } from '@bianmin/purchase/api/channels';
import type { Language } from '@bianmin/purchase/api/language';
import { TV_WORDS } from '../../../stb-app/src/tv/words/words.ts';
import { KIOSK_WORDS } from './words.ts';

const ROOT = join(import.meta.dirname, '../../..');
/** All that says words of either source: kiosk, home box, its portal. */
const SPEAKERS = [
  'terminal-app/src',
  'stb-app/src',
  'stb-app/portal/src',
  'build/run/portal',
  'shared/purchase/src',
];
const IS_SOURCE = /\.(?:ts|js|vue)$/;
const IS_NONE = /\.test\.ts$|\/i18n\/(?:zh-CN|ug|en)\.ts$|\/src\/(?:tv\/)?words\//;
/** What stands in a key's place, where the area has other keys too that it must not count as used. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  'pay.${}': CHANNELS,
  'proof.${}': ['wrong', 'used'],
  'remote.${}': ['asked', 'working', ...CARD_SESSION_KINDS],
  'credit-failed.${}': ['card', 'refund'],
  'credit-failed.${}Hint': ['card', 'refund'],
  // The portal says the TV's words.
  'tv.${}': [],
  '${}.title': ['selling', 'writing', 'crediting', 'credited', 'customer-no', 'proof', 'reading', 'done'],
  '${}.todo': ['selling', 'writing', 'crediting', 'credited', 'done'],
};

async function source(): Promise<string> {
  const texts = await Promise.all(
    SPEAKERS.map(async (folder) => {
      const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true });
      const files = entries
        .filter((entry) => entry.isFile() && IS_SOURCE.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((file) => !IS_NONE.test(file));
      return Promise.all(files.map((file) => readFile(file, 'utf8')));
    }),
  );
  return texts.flat().join('\n');
}

/** All words of both sources in a language; what each says in its own way, as the TV says it. */
const both = (language: Language): Readonly<Record<string, string>> => ({
  ...KIOSK_WORDS[language],
  ...TV_WORDS[language],
});

/** Keys that no source names, in quotes or by a template. */
function unused(keys: readonly string[], text: string): string[] {
  const quoted = new Set([...text.matchAll(/(['"])([a-z][\w.-]*)\1/g)].map(([, , key]) => key));
  const templates = [...text.matchAll(/`([\w.-]*(?:\$\{[^}`]+\}[\w.-]*)+)`/g)].map(([, template = '']) =>
    template.replace(/\$\{[^}]+\}/g, '${}'),
  );
  const made = [...new Set(templates)].flatMap((template): ((key: string) => boolean)[] => {
    const values = VALUES[template];
    if (values !== undefined) {
      const all = new Set(values.map((value) => template.replace('${}', value)));
      return [(key) => all.has(key)];
    }
    if (template.startsWith('${}')) return [];
    const pattern = template.split('${}').map((part) => part.replaceAll('.', '\\.'));
    const matches = new RegExp(`^${pattern.join('[\\w-]+')}$`);
    return [(key) => matches.test(key)];
  });
  return keys.filter((key) => !quoted.has(key) && !made.some((names) => names(key)));
}

describe('the words of both sources', () => {
  it('are all said somewhere', async () => {
    const keys = Object.keys(both('zh-CN'));
    const left = unused(keys, await source());
    expect(left).toEqual([]);
  });

  it('which can fail', () => {
    const text = "t('done.title'); t(`problem.${code}.title`); t(`pay.${channel}`); t(`${screen}.${which}`)";
    const keys = ['done.title', 'done.todo', 'problem.x.title', 'problem.x.todo', 'pay.alipay', 'pay.any'];
    expect(unused(keys, text)).toEqual(['done.todo', 'problem.x.todo', 'pay.any']);
  });

  it('are translated: Uyghur in its own letters, English in its own, neither the other’s', () => {
    for (const words of [KIOSK_WORDS, TV_WORDS]) {
      const english: Readonly<Record<string, string>> = words.en;
      const chinese: Readonly<Record<string, string>> = words['zh-CN'];
      for (const [key, text] of Object.entries(english)) {
        expect(text, key).not.toMatch(/[\p{Script=Han}\p{Script=Arabic}]/u);
        expect(text.replace(/\{\w+\}/g, ''), key).toMatch(/[A-Za-z]/);
      }
      for (const [key, text] of Object.entries(words.ug)) {
        expect(text, key).not.toMatch(/\p{Script=Han}/u);
        expect(text.replace(/\{\w+\}/g, ''), key).toMatch(/\p{Script=Arabic}/u);
        expect([english[key], chinese[key]], key).not.toContain(text);
      }
    }
  });
});
