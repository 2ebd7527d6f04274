import type { Language } from '@bianmin/purchase/api/language';
import type { PlayEnd } from './clip-player.ts';
import type { Prompt } from './prompts.ts';
import type { Speaker } from './speaker.ts';
import { utteranceOf } from './utterance.ts';
import type { Utterance } from './utterance.ts';

/** Whether a touch leads to another screen is known by then, ms. */
const TOUCH_MS = 400;

export interface NarratorInit {
  readonly speaker: Pick<Speaker, 'say' | 'stop'>;
  /** Calls later; the answer takes it back. */
  readonly after: (ms: number, then: () => void) => () => void;
}

/** Decides when a prompt is said: once a moment, never over the next one. */
export class Narrator {
  readonly #init: NarratorInit;
  #moment = '';
  #prompt: Prompt = { sentences: [] };
  #utterance: Utterance | null = null;
  #saying: Promise<unknown> | null = null;
  #last: PlayEnd | null = null;
  #takeBack: () => void = () => undefined;

  constructor(init: NarratorInit) {
    this.#init = init;
  }

  /** What the screen in front says now; the same as before is no news. */
  show(prompt: Prompt, language: Language): void {
    const moment = JSON.stringify([language, prompt.sentences]);
    if (moment === this.#moment) return;
    const before = this.#saying;
    this.#moment = moment;
    this.#prompt = prompt;
    this.#utterance = prompt.sentences.length === 0 ? null : utteranceOf(language, prompt.sentences);
    this.#takeBack();
    if (prompt.follows && before !== null) {
      this.#last = null;
      void before.then(() => {
        if (this.#moment === moment) this.#begin();
      });
      return;
    }
    this.#hush();
    if (!prompt.onTouch) this.#later(prompt.afterMs ?? 0);
  }

  /** Somebody touched the screen. */
  touched(): void {
    const unheard = this.#last === 'locked';
    if (this.#saying === null && (this.#prompt.onTouch || unheard)) this.#later(TOUCH_MS);
  }

  /** Once more, from its beginning. */
  again(): void {
    this.#takeBack();
    this.#begin();
  }

  #later(ms: number): void {
    this.#takeBack();
    if (ms === 0) this.#begin();
    else this.#takeBack = this.#init.after(ms, () => this.#begin());
  }

  #begin(): void {
    if (this.#utterance === null) return;
    const { everyMs } = this.#prompt;
    if (everyMs !== undefined) this.#takeBack = this.#init.after(everyMs, () => this.#begin());
    const saying = this.#init.speaker.say(this.#utterance).then((end) => {
      if (this.#saying !== saying) return;
      this.#saying = null;
      this.#last = end;
    });
    this.#saying = saying;
  }

  #hush(): void {
    this.#saying = null;
    this.#last = null;
    this.#init.speaker.stop();
  }
}
