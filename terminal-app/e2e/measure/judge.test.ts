import { describe, expect, it } from 'vitest';
import { faultsOf, RULES, type Rules } from './judge.ts';
import type { Survey, Target, Words } from './survey-types.ts';

const box = (left: number, top: number, width: number, height: number) => ({
  ...{ left, top, right: left + width, bottom: top + height },
});
const BUTTON: Target = {
  ...{ name: 'button "OK"', box: box(100, 700, 300, 120), disabled: false, contrast: 7.9 },
};
const TEXT: Words = {
  ...{ name: 'p "Hello"', text: 'Hello', size: 36, weight: 400, leading: 1.45, contrast: 15, mirrored: [] },
  ...{
    lines: [box(100, 300, 400, 36)],
    disabled: false,
    title: false,
    drawing: false,
    secondary: false,
    target: null,
  },
};
const GOOD: Survey = {
  ...{ language: 'en', direction: 'ltr', stage: box(0, 0, 1920, 1080), main: box(48, 140, 1824, 760) },
  ...{ back: box(48, 940, 200, 120), help: box(1672, 940, 200, 120) },
  ...{ targets: [BUTTON], words: [TEXT], cut: [], outside: [] },
};
const judge = (changed: Partial<Survey>, rules: Rules = RULES.normal) =>
  faultsOf({ ...GOOD, ...changed }, rules, (text) => [...text].filter((letter) => letter === '𠮷'));
const target = (changed: Partial<Target>) => judge({ targets: [{ ...BUTTON, ...changed }] });
const words = (changed: Partial<Words>, rules: Rules = RULES.normal) =>
  judge({ words: [{ ...TEXT, ...changed }] }, rules);

describe('a screen', () => {
  it('without a fault has none', () => {
    expect(judge({})).toEqual([]);
  });

  it('must be pressed with a thumb, and seen where', () => {
    expect(target({ box: box(100, 700, 300, 96) })).toEqual([
      'button "OK": 300 px × 96 px, wanted at least 120 each way',
    ]);
    expect(target({ contrast: 1.3 })).toEqual([
      'button "OK": its edge has a contrast of 1.3, wanted at least 3',
    ]);
    expect(target({ contrast: null })).toEqual(['button "OK": what it stands on cannot be told']);
    expect(target({ contrast: 1.3, disabled: true })).toEqual([]);
    expect(target({ box: box(1800, 700, 300, 120) })).toEqual(['button "OK": outside the screen']);
  });

  it('must be read from where one stands', () => {
    expect(words({ size: 30 })).toEqual(['p "Hello": 30 px, wanted at least 36']);
    expect(words({ size: 30, secondary: true })).toEqual([]);
    expect(words({ size: 20, secondary: true })).toEqual(['p "Hello": 20 px, wanted at least 24']);
    expect(words({ size: 26, drawing: true }, RULES.large)).toEqual([]);
    expect(words({ size: 44 }, RULES.large)).toEqual(['p "Hello": 44 px, wanted at least 48']);
    expect(words({ size: 54, title: true }, RULES.large)).toEqual(['p "Hello": 54 px, wanted at least 60']);
    expect(words({ contrast: 6.6 })).toEqual(['p "Hello": a contrast of 6.6, wanted at least 7']);
    expect(words({ contrast: 6.6, disabled: true })).toEqual([]);
    expect(words({ contrast: null })).toEqual(['p "Hello": what is behind it cannot be told']);
  });

  it('has room between its lines, more of it in Uyghur', () => {
    const lines = [box(100, 300, 400, 36), box(100, 350, 400, 36)];
    expect(words({ lines, leading: 1.3 })).toEqual(['p "Hello": lines 1.30 apart, wanted at least 1.45']);
    expect(words({ lines, leading: 1.3, title: true })).toEqual([]);
    const uyghur = { language: 'ug', direction: 'rtl', back: GOOD.help, help: GOOD.back };
    expect(judge({ ...uyghur, words: [{ ...TEXT, lines, leading: 1.45 }] })).toEqual([
      'p "Hello": lines 1.45 apart, wanted at least 1.7',
    ]);
    expect(judge({ ...uyghur, words: [{ ...TEXT, lines, leading: 1.7 }] })).toEqual([]);
  });

  it('says all of it: nothing is cut, leaves its place or lies over something', () => {
    expect(judge({ cut: ['p.long "A"'], outside: ['div.words "B"'] })).toEqual([
      'p.long "A": its content is larger than it is',
      'div.words "B": leaves the screen\'s own place, between head and foot',
    ]);
    expect(words({ lines: [box(1700, 300, 400, 36)] })).toEqual(['p "Hello": outside the screen']);
    expect(words({ lines: [box(80, 740, 200, 36)], target: 0 })).toEqual([
      'p "Hello": leaves what is pressed',
    ]);
    expect(words({ lines: [box(120, 740, 100, 36)] })).toEqual(['p "Hello": lies over button "OK"']);
    expect(judge({ words: [TEXT, { ...TEXT, name: 'p "Twice"' }] })).toEqual([
      'p "Hello": lies over p "Twice"',
    ]);
    expect(judge({ targets: [BUTTON, { ...BUTTON, name: 'button "No"' }] })).toEqual([
      'button "OK": lies over button "No"',
    ]);
  });

  it('has back and help at the same places, the other way round in Uyghur', () => {
    const other = { back: GOOD.help, help: GOOD.back };
    expect(judge({ ...other, language: 'ug', direction: 'rtl' })).toEqual([]);
    expect(judge({ language: 'ug' })).toContain('the page: written ltr, wanted rtl');
    expect(judge(other)).toEqual(['help: not at the bottom right', 'back: not at the bottom left']);
    expect(judge({ back: null })).toEqual([]);
    expect(judge({ help: null })).toEqual(['help: not on the screen']);
    expect(judge({ help: null, back: null, main: null })).toEqual([]);
  });

  it('mirrors no digits and draws every letter', () => {
    expect(words({ mirrored: ['2026-11-20'] })).toEqual([
      'p "Hello": the digits of "2026-11-20" are mirrored',
    ]);
    expect(words({ text: '𠮷' })).toEqual(['p "Hello": no shipped font of weight 400 draws 𠮷']);
  });
});
