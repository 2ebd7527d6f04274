import { CHANNELS } from '@bianmin/shared/api/channels';
import { en } from '@bianmin/shared/i18n/en';
import type { Language } from '@bianmin/shared/i18n/translate';
import { tvEn } from '@bianmin/shared/i18n/tv-en';
import { tvUg } from '@bianmin/shared/i18n/tv-ug';
import { tvZhCN } from '@bianmin/shared/i18n/tv-zh-CN';
import { ug } from '@bianmin/shared/i18n/ug';
import { zhCN } from '@bianmin/shared/i18n/zh-CN';
import { PURCHASE_PROBLEMS, type PurchaseProblem } from '@bianmin/shared/purchase/view';
import ownEn from '../../../stb-app/portal/words/en.json' with { type: 'json' };
import ownUg from '../../../stb-app/portal/words/ug.json' with { type: 'json' };
import ownZhCN from '../../../stb-app/portal/words/zh-CN.json' with { type: 'json' };

type Words = Readonly<Record<string, string>>;

const SHARED: Readonly<Record<Language, Words>> = { 'zh-CN': zhCN, ug, en };
/** As it is said at home, where no staff stand beside the screen. */
const AT_HOME: Readonly<Record<Language, Words>> = { 'zh-CN': tvZhCN, ug: tvUg, en: tvEn };
const OWN: Readonly<Record<Language, Words>> = { 'zh-CN': ownZhCN, ug: ownUg, en: ownEn };

/** A household that buys by number is at a kiosk or a phone. */
const NEVER_HERE: readonly PurchaseProblem[] = ['customer-unknown', 'home-gone', 'not-remote'];
/** Besides problems, keys that the sources put together. */
const COMPOSED = new RegExp(
  `^(?:money\\.|writing\\.(?:code|write|read-back)$|pay\\.(?:${CHANNELS.join('|')})$|label\\.phone$)`,
);

/**
 * By language and key: what the sources say, the home's words before the kiosk's. A problem is one key, `title|todo`,
 * which saves a box a fiftieth of the script.
 */
export function portalWords(sources: string): Readonly<Record<Language, Words>> {
  const literal = new Set([...sources.matchAll(/'(keys|[\w-]+(?:\.[\w-]+)+)'/g)].map(([, key]) => key ?? ''));
  const used = (key: string): boolean => literal.has(key) || COMPOSED.test(key);
  const of = (language: Language): Words => {
    const [shared, home] = [SHARED[language], AT_HOME[language]];
    const said = (key: string): string => home[`tv.${key}`] ?? shared[key] ?? '';
    const keys = [...Object.keys(shared), ...Object.keys(home).map((key) => key.replace(/^tv\./, ''))];
    const picked = keys.filter(used).map((key) => [key, said(key)] as const);
    const problems = PURCHASE_PROBLEMS.filter((code) => !NEVER_HERE.includes(code)).map((code) => {
      // On the table at home lies a reader that is not plugged in yet.
      const key = code === 'no-reader' ? 'reader' : `problem.${code}`;
      return [`problem.${code}`, `${said(`${key}.title`)}|${said(`${key}.todo`)}`] as const;
    });
    return { ...OWN[language], ...Object.fromEntries([...picked, ...problems]) };
  };
  return { 'zh-CN': of('zh-CN'), ug: of('ug'), en: of('en') };
}
