import { describe, expect, it } from 'vitest';
import { wordFaults } from './word-faults.ts';

const ZH = { a: '你好', b: '{n} 元' };
const EN = { a: 'hello', b: '{n} yuan' };
const UG = { a: 'سالام', b: '{n} يۈەن' };

describe('the faults of a catalogue', () => {
  it('are none where every language says every key', () => {
    expect(wordFaults({ 'zh-CN': ZH, ug: UG, en: EN })).toEqual([]);
  });

  it.each([
    ['a key that is absent', { a: 'hello' }],
    ['a key too many', { ...EN, c: 'more' }],
    ['a place that is absent', { ...EN, b: 'yuan' }],
    ['another place', { ...EN, b: '{m} yuan' }],
    ['an empty text', { ...EN, a: ' ' }],
    ['what was not translated', { ...EN, a: '你好' }],
    ['letters of the third language', { ...EN, a: 'سالام' }],
    ['a mark written by hand', { ...EN, b: '\u2068{n}\u2069 yuan' }],
  ])('name %s', (_, en: Readonly<Record<string, string>>) => {
    expect(wordFaults<'zh-CN' | 'en'>({ 'zh-CN': ZH, en })).not.toEqual([]);
  });

  it('name a value that Uyghur would mirror', () => {
    const say = (language: 'zh-CN' | 'ug', key: string): string =>
      ({ 'zh-CN': ZH, ug: UG })[language][key === 'b' ? 'b' : 'a'].replace('{n}', '-3.05');
    expect(wordFaults<'zh-CN' | 'ug'>({ 'zh-CN': ZH, ug: UG }, { say })).toEqual([
      'ug b: said as "-3.05 يۈەن"',
    ]);
  });
});
