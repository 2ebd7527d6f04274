import { channelName, type Channel } from '@bianmin/purchase/api/channels';
import { direction, LANGUAGE_NAMES, LANGUAGES, type Language } from '@bianmin/purchase/api/language';
import type { Values } from '@bianmin/purchase/i18n/translate';
import { Refused } from './api.ts';
import { el, fill, type Child } from './dom.ts';
import { keepLanguage, keptLanguage } from './kept-language.ts';
import { waitOf, wordsOf } from './trouble.ts';
import { languageFor } from './words/language.ts';
import { say } from './words/words.ts';
import type { WordKey } from './words/zh-cn.ts';

/** One screen while it is shown: what it started ends with it. */
export interface Stay {
  /** Whether another screen has taken its place. */
  readonly over: boolean;
  onEnd(end: () => void): void;
  /** Calls again and again until the screen ends. */
  every(ms: number, run: () => void): void;
}

export type Screen = (app: App, stay: Stay, argument: string) => void;

/** The frame around every screen: where one is, language, back; and how a screen speaks. */
export class App {
  readonly #root: HTMLElement;
  readonly #screens: Readonly<Record<string, Screen>>;
  #language: Language;
  #end: () => void = () => undefined;

  constructor(root: HTMLElement, screens: Readonly<Record<string, Screen>>) {
    this.#root = root;
    this.#screens = screens;
    this.#language = keptLanguage() || languageFor(navigator.languages || [navigator.language]);
    window.addEventListener('hashchange', () => {
      this.draw();
    });
  }

  readonly t = (key: WordKey, values?: Values): string => say(this.#language, key, values);
  /** What the app of a wallet is called. */
  readonly wallet = (channel: Channel): string => channelName(channel, this.#language, 'app');

  /** To another screen; `replace`: back does not come here again. */
  go(path: string, replace = false): void {
    if (!replace) location.hash = path;
    else {
      history.replaceState(null, '', `#${path}`);
      this.draw();
    }
  }

  /** Shows the screen of the address anew. */
  draw(): void {
    this.#end();
    const ends: (() => void)[] = [];
    let over = false;
    this.#end = () => {
      over = true;
      for (const end of ends) end();
    };
    const stay: Stay = {
      get over() {
        return over;
      },
      onEnd(end) {
        ends.push(end);
      },
      every(ms, run) {
        const timer = setInterval(run, ms);
        ends.push(() => {
          clearInterval(timer);
        });
      },
    };
    document.documentElement.lang = this.#language;
    document.documentElement.dir = direction(this.#language);
    const [name, argument] = location.hash.replace(/^#\/?/, '').split('/');
    const screen = this.#screens[name || ''] || this.#screens[''];
    this.show({ where: this.t('app.title'), back: false }, this.t('app.loading'));
    if (screen !== undefined) screen(this, stay, argument || '');
    window.scrollTo(0, 0);
  }

  /** Puts this on the screen, under the bar that says where one is. */
  show(bar: { where: string; back: boolean | string }, ...children: readonly Child[]): void {
    const { where, back } = bar;
    const up = typeof back === 'string' ? back : '/';
    document.title = where;
    fill(
      this.#root,
      el(
        'header',
        {},
        back === false ? null : el('a', { class: 'back', href: `#${up}` }, this.t('app.back')),
        el('p', { class: 'where' }, el('bdi', {}, where)),
        this.#languages(),
      ),
      el('main', {}, ...children),
    );
  }

  /** Words for what went wrong, with the code in small type for a helper. */
  trouble(error: unknown): HTMLElement {
    const refused = error instanceof Refused ? error : new Refused({ code: 'page' });
    const { key, n } = waitOf(refused.retryAfterS || 60);
    return el(
      'div',
      { class: 'trouble', role: 'alert' },
      el('p', {}, this.t(wordsOf(refused), { wait: this.t(key, { n }) })),
      el('p', { class: 'staff' }, this.t('app.staff', { code: refused.code })),
    );
  }

  /** A whole screen that could not be shown; `back`: false where there is nowhere to go back to but itself. */
  failed(error: unknown, back: string | false): void {
    this.show(
      { where: this.t('app.title'), back },
      this.trouble(error),
      el(
        'button',
        {
          class: 'primary',
          onClick: () => {
            this.draw();
          },
        },
        this.t('app.retry'),
      ),
    );
  }

  #languages(): HTMLElement {
    const choice = el('select', { class: 'language', 'aria-label': this.t('app.language') });
    for (const language of LANGUAGES) {
      const option = el('option', { value: language, lang: language }, LANGUAGE_NAMES[language]);
      option.selected = language === this.#language;
      choice.appendChild(option);
    }
    choice.addEventListener('change', () => {
      this.#language = choice.value as Language;
      keepLanguage(this.#language);
      this.draw();
    });
    return choice;
  }
}
