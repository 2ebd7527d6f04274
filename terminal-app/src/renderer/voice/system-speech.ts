import type { Language } from '@bianmin/purchase/api/language';
import type { PlayEnd, Voice } from './clip-player.ts';

/** Cantonese is `zh-HK` to a browser: not what the screen says. */
const TAGS: Readonly<Record<Language, RegExp>> = {
  'zh-CN': /^(?:zh|cmn)(?:[-_](?:hans[-_])?cn)?$/i,
  ug: /^ug(?:[-_]|$)/i,
  en: /^en(?:[-_]|$)/i,
};

/** A little slower than people speak among themselves. */
const RATE = 0.9;

export interface SpokenText {
  readonly language: Language;
  readonly text: string;
}

/** The system's own speech, where it has a voice of the language. */
export class SystemSpeech implements Voice<SpokenText> {
  readonly #synthesis: SpeechSynthesis | undefined;
  readonly #utter: (text: string) => SpeechSynthesisUtterance;

  constructor(
    synthesis: SpeechSynthesis | undefined,
    utter: (text: string) => SpeechSynthesisUtterance = (text) => new SpeechSynthesisUtterance(text),
  ) {
    this.#synthesis = synthesis;
    this.#utter = utter;
  }

  can(language: Language): boolean {
    return this.#voice(language) !== undefined;
  }

  play({ language, text }: SpokenText, volume: number): Promise<PlayEnd> {
    const [synthesis, voice] = [this.#synthesis, this.#voice(language)];
    if (synthesis === undefined || voice === undefined) return Promise.resolve('failed');
    this.stop();
    return new Promise((resolve) => {
      const speech = this.#utter(text);
      speech.voice = voice;
      speech.lang = voice.lang;
      speech.rate = RATE;
      speech.volume = volume;
      speech.onend = () => resolve('played');
      speech.onerror = ({ error }) => resolve(endOf(error));
      synthesis.speak(speech);
    });
  }

  stop(): void {
    this.#synthesis?.cancel();
  }

  /** On this machine only: other voices would send what is bought here to somebody else. The list may come late. */
  #voice(language: Language): SpeechSynthesisVoice | undefined {
    const voices = this.#synthesis?.getVoices() ?? [];
    return voices.find(({ localService, lang }) => localService && TAGS[language].test(lang));
  }
}

function endOf(error: SpeechSynthesisErrorCode): PlayEnd {
  if (error === 'canceled' || error === 'interrupted') return 'stopped';
  return error === 'not-allowed' ? 'locked' : 'failed';
}
