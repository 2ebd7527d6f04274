import type { Clips } from './pack-shelf.ts';

/** `locked`: a browser plays nothing before somebody has touched the page. */
export type PlayEnd = 'played' | 'stopped' | 'locked' | 'failed';

export interface Voice<T> {
  /** Says all of it, in place of what is being said; never rejects. `volume`: 0 to 1. */
  play(what: T, volume: number): Promise<PlayEnd>;
  stop(): void;
}

/** Between two sentences, s. */
const PAUSE_S = 0.35;
/** A context that may run does so at once; one that may not never says so, ms. */
const START_MS = 300;

/** Recordings one after the other without a gap: each is given its place on the audio clock beforehand. */
export class ClipPlayer implements Voice<Clips> {
  readonly #open: () => AudioContext;
  readonly #wait: (ms: number) => Promise<void>;
  #context: AudioContext | undefined;
  #sources: AudioBufferSourceNode[] = [];
  #turn = 0;

  constructor(open: () => AudioContext, wait: (ms: number) => Promise<void>) {
    this.#open = open;
    this.#wait = wait;
  }

  async play(clips: Clips, volume: number): Promise<PlayEnd> {
    this.stop();
    const turn = this.#turn;
    try {
      const context = (this.#context ??= this.#open());
      if (!(await this.#runs(context))) return turn === this.#turn ? 'locked' : 'stopped';
      // Decoding empties what it is given.
      const decoded = await Promise.all(
        clips.map((parts) => Promise.all(parts.map((part) => context.decodeAudioData(part.slice(0))))),
      );
      if (turn !== this.#turn) return 'stopped';
      await this.#schedule(context, decoded, volume);
      return turn === this.#turn ? 'played' : 'stopped';
    } catch {
      // No audio device, a damaged file: then it cannot be said this way.
      return turn === this.#turn ? 'failed' : 'stopped';
    }
  }

  stop(): void {
    this.#turn += 1;
    for (const source of this.#sources) source.stop();
    this.#sources = [];
  }

  /** To be called from within a touch: from then on the page may play. */
  unlock(): void {
    this.#context?.resume().catch(() => undefined);
  }

  #schedule(
    context: AudioContext,
    decoded: readonly (readonly AudioBuffer[])[],
    volume: number,
  ): Promise<void> {
    const gain = context.createGain();
    gain.gain.value = volume;
    gain.connect(context.destination);
    let at = context.currentTime;
    for (const sentence of decoded) {
      for (const buffer of sentence) {
        const source = context.createBufferSource();
        source.buffer = buffer;
        source.connect(gain);
        source.start(at);
        this.#sources.push(source);
        at += buffer.duration;
      }
      at += PAUSE_S;
    }
    const last = this.#sources.at(-1);
    return new Promise((resolve) => {
      const end = (): void => {
        gain.disconnect();
        resolve();
      };
      if (last === undefined) end();
      else last.onended = end;
    });
  }

  async #runs(context: AudioContext): Promise<boolean> {
    if (context.state !== 'running') await Promise.race([context.resume(), this.#wait(START_MS)]);
    return context.state === 'running';
  }
}
