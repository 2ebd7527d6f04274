import { describe, expect, it } from 'vitest';
import { SystemSpeech } from './system-speech.ts';

function speech(...voices: readonly (readonly [lang: string, isLocal: boolean])[]) {
  const spoken: SpeechSynthesisUtterance[] = [];
  const synthesis = {
    getVoices: () => voices.map(([lang, localService]) => ({ lang, localService })),
    speak: (utterance: SpeechSynthesisUtterance) => spoken.push(utterance),
    cancel: () => undefined,
  };
  const system = new SystemSpeech(
    synthesis as unknown as SpeechSynthesis,
    (text) => ({ text }) as SpeechSynthesisUtterance,
  );
  return { system, spoken };
}

describe('the system’s speech', () => {
  it.each([
    ['zh-CN', 'zh-CN', true],
    ['zh-CN', 'zh_CN', true],
    ['zh-CN', 'cmn-Hans-CN', true],
    ['zh-CN', 'zh-HK', false],
    ['en', 'en-GB', true],
    ['ug', 'ug-CN', true],
    ['ug', 'ur-PK', false],
  ] as const)('for %s, a voice of %s: %s', (language, lang, can) => {
    expect(speech([lang, true]).system.can(language)).toBe(can);
  });

  it('sends nothing to a voice that is elsewhere', () => {
    expect(speech(['zh-CN', false]).system.can('zh-CN')).toBe(false);
  });

  it('says it as loud as asked, and tells how it ended', async () => {
    const { system, spoken } = speech(['en-US', false], ['en-GB', true]);
    const said = { language: 'en', text: 'fifty yuan' } as const;
    const playing = system.play(said, 0.4);
    expect(spoken[0]).toMatchObject({ text: 'fifty yuan', lang: 'en-GB', volume: 0.4 });
    spoken[0]?.onend?.({} as SpeechSynthesisEvent);
    expect(await playing).toBe('played');
    for (const [error, end] of [
      ['interrupted', 'stopped'],
      ['not-allowed', 'locked'],
      ['audio-hardware', 'failed'],
    ] as const) {
      const failing = system.play(said, 1);
      spoken.at(-1)?.onerror?.({ error } as SpeechSynthesisErrorEvent);
      expect(await failing).toBe(end);
    }
  });

  it('is none where the browser has none', async () => {
    const none = new SystemSpeech(undefined);
    expect([none.can('en'), await none.play({ language: 'en', text: '' }, 1)]).toEqual([false, 'failed']);
    none.stop();
  });
});
