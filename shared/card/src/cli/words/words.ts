import { CodedError, type ErrorContext } from '../../errors.ts';
import { en } from './en.ts';
import { ERRORS_ZH_CN } from './errors.zh-CN.ts';
import { filled } from './fill.ts';
import { zhCN } from './zh-CN.ts';

export type WordKey = keyof typeof en;
type CliLanguage = 'zh-CN' | 'en';

/** One language's words. */
export interface Words {
  readonly language: CliLanguage;
  readonly say: (key: WordKey, values?: ErrorContext) => string;
  /** One sentence for a typed error, in this language where it has one. */
  readonly sentence: (error: unknown) => string;
  /** One sentence and the code for a typed error; for anything else, that it is a fault of ours. */
  readonly error: (error: unknown) => string;
  /** Why something outside did not work: an error that is not typed says its own first line. */
  readonly reason: (error: unknown) => string;
}

/** All that the tool says. */
export const CLI_WORDS: Readonly<Record<CliLanguage, Readonly<Record<WordKey, string>>>> = {
  'zh-CN': zhCN,
  en,
};

/** The words of a language. */
export function wordsOf(language: CliLanguage): Words {
  const say = (key: WordKey, values: ErrorContext = {}): string => filled(CLI_WORDS[language][key], values);
  const sentence = (error: unknown): string => {
    if (!(error instanceof CodedError)) return firstLine(error);
    const { code, message, context } = error as CodedError;
    const own = language === 'zh-CN' ? ERRORS_ZH_CN[code] : undefined;
    return own === undefined ? message : filled(own, context);
  };
  const withCode = (error: CodedError): string =>
    say('error.line', { message: sentence(error), code: error.code });
  return {
    language,
    say,
    sentence,
    error: (error) =>
      error instanceof CodedError
        ? withCode(error as CodedError)
        : say('error.fault', { message: firstLine(error) }),
    reason: (error) => (error instanceof CodedError ? withCode(error as CodedError) : firstLine(error)),
  };
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

/** By `--lang`, else by the first of LC_ALL, LC_MESSAGES and LANG that says something; undefined for an unknown one. */
export function languageOf(
  asked: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): CliLanguage | undefined {
  if (asked !== undefined) return ({ en: 'en', zh: 'zh-CN', 'zh-cn': 'zh-CN' } as const)[asked.toLowerCase()];
  const locale = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find(
    (each) => each !== undefined && each !== '',
  );
  return locale?.toLowerCase().startsWith('zh') === true ? 'zh-CN' : 'en';
}
