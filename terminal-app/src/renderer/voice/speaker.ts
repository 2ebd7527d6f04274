import type { VoiceLevel } from '../../ipc/voice-level.ts';
import type { PlayEnd, Voice } from './clip-player.ts';
import type { PackKind } from './manifest.ts';
import type { Clips, PackShelf } from './pack-shelf.ts';
import type { SpokenText, SystemSpeech } from './system-speech.ts';
import { textOf } from './utterance.ts';
import type { Utterance } from './utterance.ts';

/** Who speaks; nobody where a language has no voice at all, which is no error: every word is on the screen. */
export type Spokesman = PackKind | 'system' | 'nobody';

/** Of the loudest that a recording is. */
const VOLUMES: Readonly<Record<VoiceLevel, number>> = { off: 0, normal: 0.4, loud: 1 };

export interface SpeakerInit {
  readonly shelf: Pick<PackShelf, 'clips'>;
  readonly player: Voice<Clips>;
  readonly speech: Pick<SystemSpeech, 'can' | 'play' | 'stop'>;
  /** Who has begun to speak. */
  readonly onSpokesman: (who: Spokesman) => void;
}

/** One voice at a time: a person's recording, else the system's speech, else a draft, else silence. */
export class Speaker {
  readonly #init: SpeakerInit;
  #level: VoiceLevel = 'off';
  #turn = 0;

  constructor(init: SpeakerInit) {
    this.#init = init;
  }

  set level(level: VoiceLevel) {
    this.#level = level;
    if (level === 'off') this.stop();
  }

  /** Says it in place of what is being said. Resolves when it is over, however it ended. */
  async say(utterance: Utterance): Promise<PlayEnd> {
    this.stop();
    const turn = this.#turn;
    if (this.#level === 'off') return 'stopped';
    for (const who of ['recorded', 'system', 'drafted'] as const) {
      const begin = await this.#ready(who, utterance);
      if (turn !== this.#turn) return 'stopped';
      if (begin === null) continue;
      this.#init.onSpokesman(who);
      const end = await begin();
      if (turn !== this.#turn) return 'stopped';
      if (end !== 'failed') return end;
    }
    this.#init.onSpokesman('nobody');
    return 'failed';
  }

  stop(): void {
    this.#turn += 1;
    this.#init.player.stop();
    this.#init.speech.stop();
  }

  /** What would make this voice say it; null where it cannot. */
  async #ready(who: Spokesman, utterance: Utterance): Promise<(() => Promise<PlayEnd>) | null> {
    const { shelf, player, speech } = this.#init;
    const volume = VOLUMES[this.#level];
    if (who === 'nobody') return null;
    if (who === 'system') {
      const { language } = utterance;
      const said: SpokenText = { language, text: textOf(utterance) };
      return speech.can(language) ? () => speech.play(said, volume) : null;
    }
    const clips = await shelf.clips(who, utterance);
    return clips === null ? null : () => player.play(clips, volume);
  }
}
