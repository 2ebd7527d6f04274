import type { Browser } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from '@bianmin/purchase/api/language';
import { inWorker } from './in-worker.ts';
import type { KioskSample } from './kiosk-sample.ts';
import { KIOSK_SAMPLES } from './kiosk-samples.ts';
import { SampledKiosk } from './sampled-kiosk.ts';
import { serveRenderer } from './static-renderer.ts';

let browser: Browser;
let renderer: Awaited<ReturnType<typeof serveRenderer>>;
inWorker.beforeAll(async ({ browser: chromium }) => {
  browser = chromium;
  renderer = await serveRenderer();
});
afterAll(() => renderer.close());

/** What the page's audio was told, and what a stand-in for the system's speech was asked to say. */
interface Ear {
  started: number;
  stopped: number;
  spoken: string[];
}

/** Listens at Web Audio; with a language, the system also has a voice of it. */
function listen(systemLanguage: string | null): void {
  const ear: Ear = { started: 0, stopped: 0, spoken: [] };
  Object.assign(window, { ear });
  const { start, stop } = AudioBufferSourceNode.prototype;
  AudioBufferSourceNode.prototype.start = function (...args) {
    ear.started += 1;
    start.apply(this, args);
  };
  AudioBufferSourceNode.prototype.stop = function (...args) {
    ear.stopped += 1;
    stop.apply(this, args);
  };
  const voices = systemLanguage === null ? [] : [{ lang: systemLanguage, localService: true }];
  class Utterance {
    text: string;
    constructor(text: string) {
      this.text = text;
    }
  }
  Object.defineProperty(window, 'SpeechSynthesisUtterance', { value: Utterance });
  Object.defineProperty(window, 'speechSynthesis', {
    value: {
      getVoices: () => voices,
      speak: ({ text }: Utterance) => ear.spoken.push(text),
      cancel: () => undefined,
    },
  });
}

class Listener {
  readonly kiosk: SampledKiosk;
  /** Files of packs that the page read, in order. */
  readonly files: string[] = [];

  private constructor(kiosk: SampledKiosk) {
    this.kiosk = kiosk;
    kiosk.page.on('request', (request) => {
      const [, file] = /\/voice\/(.*\.opus)$/.exec(request.url()) ?? [];
      if (file !== undefined) this.files.push(file);
    });
  }

  static async open(
    language: Language,
    init: { system?: string; clock?: true; packs?: false } = {},
  ): Promise<Listener> {
    const kiosk = await SampledKiosk.open({
      ...{ browser, url: renderer.url, size: 'landscape', language, large: false },
      prepare: async (page) => {
        await page.addInitScript(listen, init.system ?? null);
        if (init.clock) await page.clock.install();
        if (init.packs === false)
          await page.route('**/voice/packs.json', (route) => route.fulfill({ body: '{}' }));
      },
    });
    return new Listener(kiosk);
  }

  ear(): Promise<Ear> {
    return this.kiosk.page.evaluate(() => (window as unknown as { ear: Ear }).ear);
  }

  /** What the host says next; from here on is counted. */
  async say(sample: KioskSample | undefined): Promise<void> {
    if (sample === undefined) throw new Error('There is no such sample.');
    this.files.length = 0;
    await this.kiosk.page.evaluate(() => {
      Object.assign((window as unknown as { ear: Ear }).ear, { started: 0, stopped: 0 });
    });
    await this.kiosk.say(sample);
  }

  /** Waits until so many recordings were begun since. */
  async hears(count: number): Promise<void> {
    await expect.poll(async () => (await this.ear()).started).toBe(count);
  }

  press(level: 'off' | 'loud'): Promise<void> {
    return this.kiosk.page.locator(`.sound [data-level="${level}"]`).click();
  }

  async close(): Promise<void> {
    expect(this.kiosk.errors).toEqual([]);
    await this.kiosk.close();
  }
}

/** 47.50 yuan, by language. */
const PAY: Readonly<Record<Language, readonly string[]>> = {
  'zh-CN': ['pay.title', 'say.pay.a', 'n.40', 'n.7', 'u.yuan', 'n.5', 'u.jiao'],
  ug: ['pay.title', 'say.pay.a', 'n.40', 'n.7', 'u.yuan', 'n.5', 'u.mo'],
  en: ['pay.title', 'n.40', 'n.7', 'u.yuan', 'n.and', 'n.50', 'u.fen', 'say.pay.b'],
};

describe('the kiosk’s voice', () => {
  it.each(LANGUAGES)('says a purchase in %s, each step from its recordings', async (language) => {
    const listener = await Listener.open(language);
    const drafted = (ids: readonly string[]): string[] => ids.map((id) => `${language}/drafted/${id}.opus`);
    for (const [name, ids] of [
      ['who', ['who.title', 'say.who']],
      ['amount', ['amount.title', 'say.amount']],
      ['pay', PAY[language]],
      ['done', ['done.title', 'done.todo']],
    ] as const) {
      await listener.say(KIOSK_SAMPLES[name]);
      await listener.hears(ids.length);
      expect([...listener.files].sort(), name).toEqual(drafted(ids).sort());
    }
    expect(await listener.kiosk.page.locator('.sound').getAttribute('data-voice')).toBe('drafted');
    // The same screen drawn again is no news.
    await listener.say(KIOSK_SAMPLES['done']);
    await listener.kiosk.page.waitForTimeout(300);
    expect((await listener.ear()).started).toBe(0);
    await listener.close();
  });

  it('is cut by the next screen, and by silence, which one press takes back', async () => {
    const listener = await Listener.open('zh-CN');
    await listener.say(KIOSK_SAMPLES['who']);
    await listener.hears(2);
    await listener.say(KIOSK_SAMPLES['amount']);
    await listener.hears(2);
    expect((await listener.ear()).stopped).toBe(2);
    await listener.press('off');
    await expect.poll(async () => (await listener.ear()).stopped).toBe(4);
    await listener.say(KIOSK_SAMPLES['pay']);
    await listener.kiosk.page.waitForTimeout(300);
    expect((await listener.ear()).started).toBe(0);
    await listener.press('off');
    await listener.hears(PAY['zh-CN'].length);
    await listener.close();
  });

  it('is the system’s where it was not recorded, whole sentences in its words', async () => {
    const listener = await Listener.open('zh-CN', { system: 'zh-CN' });
    await listener.say(KIOSK_SAMPLES['pay']);
    await expect
      .poll(async () => (await listener.ear()).spoken)
      .toEqual(['请用手机扫码付款。一共四十七元五角。']);
    expect(listener.files).toEqual([]);
    expect(await listener.kiosk.page.locator('.sound').getAttribute('data-voice')).toBe('system');
    await listener.close();
  });

  it('calls a forgotten card out every twenty seconds until it is taken', async () => {
    const listener = await Listener.open('zh-CN', { clock: true });
    await listener.say(KIOSK_SAMPLES['done-forgotten']);
    await listener.hears(1);
    for (let times = 2; times <= 4; times += 1) {
      await listener.kiosk.page.clock.runFor(20_000);
      await listener.hears(times);
    }
    await listener.say(KIOSK_SAMPLES['wait']);
    await listener.kiosk.page.clock.runFor(100_000);
    expect((await listener.ear()).started).toBe(0);
    await listener.close();
  });

  it('is silent, without an error, where there is no voice at all', async () => {
    const listener = await Listener.open('en', { packs: false });
    await listener.say(KIOSK_SAMPLES['who']);
    const sound = listener.kiosk.page.locator('.sound[data-voice="nobody"]');
    await sound.waitFor();
    await listener.close();
  });
});
