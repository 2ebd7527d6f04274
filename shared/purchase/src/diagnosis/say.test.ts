import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../api/diagnosis.ts';
import { wordFaults } from '../testing/word-faults.ts';
import { beijingTime } from './beijing-time.ts';
import { sayDiagnosis } from './say.ts';
import { DIAGNOSIS_WORDS } from './words/words.ts';

const AT = '2026-12-02T06:20:00.000Z';
const onCard: Diagnosis = {
  at: '2026-12-02T07:00:00.000Z',
  money: { at: 'spent', fen: 5_000, since: '2026-12-01T06:05:00.000Z', takenFen: 10_000, backFen: 5_000 },
  power: {
    ...{ at: 'on-card', creditFen: 4_500, since: AT },
    place: { terminal: 'No. 1', community: { 'zh-CN': '第一社区', en: 'First Community' } },
  },
  act: { do: 'insert-in-meter', by: 'household', because: 'not-inserted' },
};

describe('the words of a diagnosis', () => {
  it('are in every language, with the same places to fill in, each in its own letters and nowhere empty', () => {
    expect(wordFaults(DIAGNOSIS_WORDS)).toEqual([]);
  });

  it('are one sentence with sums in yuan, times in Beijing and terminals by name and place', () => {
    const said = sayDiagnosis(onCard, { language: 'en', reader: 'staff' });
    expect(said).toEqual({
      sentence:
        '50.00 yuan was paid at 12-01 14:05; 45.00 yuan of electricity was written to the card at 14:20 by First Community No. 1, and the meter has not said that it has it.',
      act: 'Ask the household to put the card into the meter at home',
      because: 'it goes in only when the card is in the meter',
    });
    expect(sayDiagnosis(onCard, { language: 'zh-CN', reader: 'staff' }).sentence).toBe(
      '12-01 14:05 付了 50.00 元；14:20 已在第一社区 No. 1把 45.00 元的电写到卡上，电表还没有说收到。',
    );
  });

  it('tell what came besides', () => {
    const money = { ...onCard.money, besides: { at: 'went-back', fen: 5_000 } } as const;
    const { sentence } = sayDiagnosis({ ...onCard, money }, { language: 'en', reader: 'staff' });
    expect(sentence).toContain('50.00 yuan was paid at 12-01 14:05 (besides, 50.00 yuan went back);');
  });

  it('differ in who is to do it: a household hears of itself, and that staff do what is theirs', () => {
    const act = (reader: 'staff' | 'household', of = onCard.act): string =>
      sayDiagnosis({ ...onCard, act: of }, { language: 'en', reader }).act;
    expect(act('household')).toBe('Please put the card into the meter at home');
    const theirs = { do: 'rewrite', by: 'staff', because: 'write-failed' } as const;
    expect([act('staff', theirs), act('household', theirs)]).toEqual([
      'Please write the card again',
      'Our staff settle this; you need do nothing',
    ]);
    const wait = { do: 'wait', by: 'nobody', because: 'grid-silent', until: AT } as const;
    expect(act('household', wait)).toBe('Nothing to do now; wait until 14:20');
  });
});

describe('a time in Beijing', () => {
  it.each([
    ['2026-12-02T06:20:00Z', '2026-12-02T15:59:59Z', '14:20'],
    ['2026-12-02T06:20:00Z', '2026-12-02T16:00:00Z', '12-02 14:20'],
    ['2025-12-31T15:59:00Z', '2025-12-31T16:00:00Z', '2025-12-31 23:59'],
  ])('%s, told at %s, is %s', (at, now, said) => {
    expect(beijingTime(at, now)).toBe(said);
  });
});
