import { describe, expect, it } from 'vitest';
import { looksAt, looksAtAll } from './looks.ts';

const LANGUAGES = ['zh-CN', 'ug', 'en'];
/** Of the kiosk, of phones and television, of the portal. */
const FRAMES = [
  ['landscape', 'landscape large', 'portrait', 'portrait large'],
  ['small', 'large'],
  ['one', 'two', 'three'],
  ['only'],
];
const AT = Array.from({ length: 60 }, (_, at) => at);
const pair = ({ language, frame }: { language: string; frame: string }) => `${language} in ${frame}`;

describe.each(FRAMES.map((frames) => ({ frames })))('the slice of the matrix with $frames', ({ frames }) => {
  const slice = (at: number) => looksAt({ languages: LANGUAGES, frames, at, all: false });
  const every = LANGUAGES.flatMap((language) => frames.map((frame) => pair({ language, frame })));

  it('shows each screen in every language and in every frame', () => {
    for (const looks of AT.map(slice)) {
      expect(new Set(looks.map(({ language }) => language))).toEqual(new Set(LANGUAGES));
      expect(new Set(looks.map(({ frame }) => frame))).toEqual(new Set(frames));
      expect(looks).toHaveLength(Math.max(LANGUAGES.length, frames.length));
      expect(new Set(looks.map(pair)).size).toBe(looks.length);
    }
  });

  it('shows every language in every frame on as many neighbours as there are frames', () => {
    for (const at of AT) {
      const neighbours = frames.flatMap((_, next) => slice(at + next).map(pair));
      expect(new Set(neighbours)).toEqual(new Set(every));
    }
  });

  it('is the same each time', () => {
    expect(AT.map(slice)).toEqual(AT.map(slice));
  });

  it('is a part of the whole, which shows every screen in everything', () => {
    const whole = looksAt({ languages: LANGUAGES, frames, at: 7, all: true });
    expect(whole.map(pair).sort()).toEqual([...every].sort());
  });

  it.each([true, false])('names one look the first of each language, all: %s', (all) => {
    for (const at of AT) {
      const firsts = looksAt({ languages: LANGUAGES, frames, at, all }).filter(({ first }) => first);
      expect(firsts.map(({ language }) => language)).toEqual(LANGUAGES);
    }
  });
});

it('the whole matrix is asked for by SCREENS=all, and by who takes pictures', () => {
  expect(looksAtAll({})).toBe(false);
  expect(looksAtAll({ SCREENS: 'all' })).toBe(true);
  expect(looksAtAll({ UPDATE_SCREENSHOTS: '1' })).toBe(true);
  expect(() => looksAtAll({ SCREENS: 'some' })).toThrow('SCREENS is "some"');
});
