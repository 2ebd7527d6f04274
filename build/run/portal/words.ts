import { CHANNELS } from '@bianmin/purchase/api/channels';
import { direction, LANGUAGES, type Language } from '@bianmin/purchase/api/language';
import type { Catalogue, Words } from '@bianmin/purchase/i18n/translate';
import { PURCHASE_PROBLEMS, type PurchaseProblem } from '@bianmin/purchase/purchase/view/problem-screens';
import ownEn from '../../../stb-app/portal/words/en.json' with { type: 'json' };
import ownUg from '../../../stb-app/portal/words/ug.json' with { type: 'json' };
import ownZhCN from '../../../stb-app/portal/words/zh-CN.json' with { type: 'json' };
import { TV_WORDS } from '../../../stb-app/src/tv/words/words.ts';

/**
 * What the portal's script is told of languages: which way each is written. It says words by a function of its own: it is one
 * plain script of ES5 with 41 of its 25,600 bytes left, and its browsers know no isolates.
 */
export const PORTAL_LANGUAGES = Object.fromEntries(
  LANGUAGES.map((language) => [language, direction(language)] as const),
);

/** The portal stands beside the same TV. */
const AT_HOME: Catalogue<string> = TV_WORDS;
const OWN: Catalogue<string> = { 'zh-CN': ownZhCN, ug: ownUg, en: ownEn };

/** A household that buys by number is at a kiosk or a phone. */
const NEVER_HERE: readonly PurchaseProblem[] = ['customer-unknown', 'home-gone', 'not-remote'];
/** Besides problems, keys that the sources put together. */
const COMPOSED = new RegExp(
  `^(?:money\\.|writing\\.(?:code|write|read-back)$|pay\\.(?:${CHANNELS.join('|')})$|label\\.phone$)`,
);

/**
 * What the sources say, of the portal's own words and the TV's (`tv.` before a key is left out). A problem is one key,
 * `!code`, with `title|todo`, which saves a box a fiftieth of the script.
 */
export function portalWords(sources: string): Catalogue<string> {
  const literal = new Set([...sources.matchAll(/'(keys|[\w-]+(?:\.[\w-]+)+)'/g)].map(([, key]) => key ?? ''));
  const used = (key: string): boolean => literal.has(key) || COMPOSED.test(key);
  const of = (language: Language): Words<string> => {
    const home = AT_HOME[language];
    const said = (key: string): string => home[key] ?? home[`tv.${key}`] ?? '';
    const keys = Object.keys(home).map((key) => key.replace(/^tv\./, ''));
    const picked = keys.filter(used).map((key) => [key, said(key)] as const);
    const problems = PURCHASE_PROBLEMS.filter((code) => !NEVER_HERE.includes(code)).map((code) => {
      // On the table at home lies a reader that is not plugged in yet.
      const key = code === 'no-reader' ? 'reader' : `problem.${code}`;
      return [`!${code}`, `${said(`${key}.title`)}|${said(`${key}.todo`)}`] as const;
    });
    return { ...OWN[language], ...Object.fromEntries([...picked, ...problems]) };
  };
  return { 'zh-CN': of('zh-CN'), ug: of('ug'), en: of('en') };
}
