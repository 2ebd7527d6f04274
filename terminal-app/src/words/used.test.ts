import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CARD_SESSION_KINDS } from '@bianmin/shared/api/card-session';
import { CHANNELS } from '@bianmin/shared/api/channels';
import { en } from '@bianmin/shared/i18n/en';
import { ug } from '@bianmin/shared/i18n/ug';
import { zhCN } from '@bianmin/shared/i18n/zh-CN';
import { KIOSK_WORDS } from './words.ts';

const ROOT = join(import.meta.dirname, '../../..');
/** All that says words of either source: kiosk, home box, its portal. */
const SPEAKERS = ['terminal-app/src', 'stb-app/src', 'stb-app/portal/src', 'build/run/portal', 'shared/src'];
const IS_SOURCE = /\.(?:ts|js|vue)$/;
const IS_NONE = /\.test\.ts$|\/i18n\/(?:tv-)?(?:zh-CN|ug|en)\.ts$|\/src\/words\//;
/** What stands in a key's place, where the area has other keys too that it must not count as used. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  'pay.${}': CHANNELS,
  'proof.${}': ['wrong', 'used'],
  'remote.${}': ['asked', 'working', ...CARD_SESSION_KINDS],
  'credit-failed.${}': ['card', 'refund'],
  'credit-failed.${}Hint': ['card', 'refund'],
  'tv.${}': Object.keys(zhCN),
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
    const keys = [...Object.keys(zhCN), ...Object.keys(KIOSK_WORDS['zh-CN'])];
    const left = unused(keys, await source());
    expect(left).toEqual([]);
  });

  it('which can fail', () => {
    const text = "t('done.title'); t(`problem.${code}.title`); t(`pay.${channel}`); t(`${screen}.${which}`)";
    const keys = ['done.title', 'done.todo', 'problem.x.title', 'problem.x.todo', 'pay.alipay', 'pay.any'];
    expect(unused(keys, text)).toEqual(['done.todo', 'problem.x.todo', 'pay.any']);
  });

  it('are translated: Uyghur in its own letters, English in its own, neither the other’s', () => {
    const all = (...sources: readonly Readonly<Record<string, string>>[]) =>
      sources.flatMap((words) => Object.entries(words));
    const zh: Readonly<Record<string, string>> = { ...zhCN, ...KIOSK_WORDS['zh-CN'] };
    const english = all(en, KIOSK_WORDS.en);
    for (const [key, text] of english) {
      expect(text, key).not.toMatch(/[\p{Script=Han}\p{Script=Arabic}]/u);
      expect(text.replace(/\{\w+\}/g, ''), key).toMatch(/[A-Za-z]/);
    }
    const inEnglish = Object.fromEntries(english);
    for (const [key, text] of all(ug, KIOSK_WORDS.ug)) {
      expect(text, key).not.toMatch(/\p{Script=Han}/u);
      expect(text.replace(/\{\w+\}/g, ''), key).toMatch(/\p{Script=Arabic}/u);
      expect([inEnglish[key], zh[key]], key).not.toContain(text);
    }
  });
});
