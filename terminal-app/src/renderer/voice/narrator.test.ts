import { beforeEach, describe, expect, it } from 'vitest';
import type { PlayEnd } from './clip-player.ts';
import { Narrator } from './narrator.ts';
import type { Prompt } from './prompts.ts';
import { textOf } from './utterance.ts';

const WAIT: Prompt = { sentences: [{ key: 'wait.title', fen: null }], onTouch: true };
const READING: Prompt = { sentences: [{ key: 'reading.title', fen: null }], afterMs: 1500 };
const SELLING: Prompt = { sentences: [{ key: 'selling.title', fen: 5000 }] };
const WRITING: Prompt = { sentences: [{ key: 'say.writing', fen: null }], follows: true };
const DONE: Prompt = { sentences: [{ key: 'done.title', fen: null }] };
const FORGOTTEN: Prompt = { sentences: [{ key: 'forgotten.title', fen: null }], everyMs: 20_000 };

/** A speaker that speaks until the test ends it, and a clock that only the test moves. */
class Hall {
  readonly heard: string[] = [];
  #now = 0;
  #end: ((end: PlayEnd) => void) | null = null;
  #timers: { at: number; then: () => void }[] = [];
  readonly narrator = new Narrator({
    speaker: {
      say: (utterance) => {
        this.#finish('stopped');
        this.heard.push(textOf(utterance));
        return new Promise((resolve) => (this.#end = resolve));
      },
      stop: () => this.#finish('stopped'),
    },
    after: (ms, then) => {
      const timer = { at: this.#now + ms, then };
      this.#timers.push(timer);
      return () => (this.#timers = this.#timers.filter((each) => each !== timer));
    },
  });

  get isSpeaking(): boolean {
    return this.#end !== null;
  }

  /** What is being said comes to its end. */
  async ends(end: PlayEnd = 'played'): Promise<void> {
    this.#finish(end);
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  }

  pass(ms: number): void {
    this.#now += ms;
    const due = this.#timers.filter(({ at }) => at <= this.#now);
    this.#timers = this.#timers.filter(({ at }) => at > this.#now);
    for (const { then } of due) then();
  }

  #finish(end: PlayEnd): void {
    this.#end?.(end);
    this.#end = null;
  }
}

let hall: Hall;
beforeEach(() => {
  hall = new Hall();
});

describe('the narrator', () => {
  it('says a moment once, however often it is drawn', () => {
    hall.narrator.show(DONE, 'zh-CN');
    hall.narrator.show({ ...DONE }, 'zh-CN');
    expect(hall.heard).toEqual(['写好了。']);
  });

  it('cuts what is said when the next moment comes, even one that says nothing', () => {
    hall.narrator.show(SELLING, 'zh-CN');
    hall.narrator.show({ sentences: [] }, 'zh-CN');
    expect(hall.isSpeaking).toBe(false);
    hall.narrator.show(DONE, 'zh-CN');
    expect(hall.heard).toEqual(['已收到五十元。', '写好了。']);
  });

  it('does not speak of what is over at once', () => {
    hall.narrator.show(READING, 'zh-CN');
    hall.pass(1000);
    hall.narrator.show(DONE, 'zh-CN');
    hall.pass(1000);
    expect(hall.heard).toEqual(['写好了。']);
    hall.narrator.show(READING, 'zh-CN');
    hall.pass(1500);
    expect(hall.heard.at(-1)).toBe('正在读卡，请不要拔卡。');
  });

  it('lets the amount be heard out before it says that the card is written', async () => {
    hall.narrator.show(SELLING, 'zh-CN');
    hall.narrator.show(WRITING, 'zh-CN');
    expect(hall.heard).toEqual(['已收到五十元。']);
    await hall.ends();
    expect(hall.heard).toEqual(['已收到五十元。', '正在写卡，请不要拔卡。']);
  });

  it('says nothing of a write that was done before the amount was heard out', async () => {
    hall.narrator.show(SELLING, 'zh-CN');
    hall.narrator.show(WRITING, 'zh-CN');
    hall.narrator.show(DONE, 'zh-CN');
    await hall.ends();
    expect(hall.heard).toEqual(['已收到五十元。', '写好了。']);
  });

  it('says at once that the card is written where nothing is being said', () => {
    hall.narrator.show(WRITING, 'zh-CN');
    expect(hall.heard).toEqual(['正在写卡，请不要拔卡。']);
  });

  it('calls a forgotten card out until it is taken', () => {
    hall.narrator.show(FORGOTTEN, 'zh-CN');
    for (let n = 0; n < 3; n += 1) hall.pass(20_000);
    expect(hall.heard).toHaveLength(4);
    hall.narrator.show(WAIT, 'zh-CN');
    hall.pass(100_000);
    expect(hall.heard).toHaveLength(4);
    expect(hall.isSpeaking).toBe(false);
  });

  it('greets when the screen is touched, and not an empty room', async () => {
    hall.narrator.show(WAIT, 'zh-CN');
    hall.pass(100_000);
    // The terminal returns to its own language by itself.
    hall.narrator.show(WAIT, 'en');
    expect(hall.heard).toEqual([]);
    hall.narrator.touched();
    hall.narrator.touched();
    hall.pass(400);
    expect(hall.heard).toEqual(['Put your electricity card in the reader.']);
    hall.narrator.touched();
    hall.pass(400);
    expect(hall.heard).toHaveLength(1);
    await hall.ends();
    hall.narrator.touched();
    hall.pass(400);
    expect(hall.heard).toHaveLength(2);
  });

  it('does not greet where the touch led on', () => {
    hall.narrator.show(WAIT, 'zh-CN');
    hall.narrator.touched();
    hall.pass(100);
    hall.narrator.show({ sentences: [] }, 'zh-CN');
    hall.pass(1000);
    expect(hall.heard).toEqual([]);
  });

  it('says the same again in another language, and when it is asked to', () => {
    hall.narrator.show(DONE, 'zh-CN');
    hall.narrator.show(DONE, 'en');
    hall.narrator.again();
    expect(hall.heard).toEqual(['写好了。', 'Done.', 'Done.']);
  });

  it('says with the first touch what a browser did not let it say', async () => {
    hall.narrator.show(DONE, 'en');
    await hall.ends('locked');
    hall.narrator.touched();
    hall.pass(400);
    expect(hall.heard).toEqual(['Done.', 'Done.']);
    await hall.ends();
    hall.narrator.touched();
    hall.pass(400);
    expect(hall.heard).toHaveLength(2);
  });
});
