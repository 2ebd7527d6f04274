import type { Diagnosis, DiagnosisPlace } from '../api/diagnosis.ts';
import type { Language } from '../api/language.ts';
import { translate, type Values } from '../i18n/translate.ts';
import { yuan } from '../i18n/yuan.ts';
import { beijingTime } from './beijing-time.ts';
import { DIAGNOSIS_WORDS } from './words/words.ts';
import type { DiagnosisKey } from './words/zh-CN.ts';

/** To whom it is said: staff hear of the household, a household of itself. */
export type DiagnosisReader = 'staff' | 'household';

export interface SaidDiagnosis {
  /** Money and electricity, in one sentence. */
  readonly sentence: string;
  readonly act: string;
  readonly because: string;
}

/** A diagnosis in words. */
export function sayDiagnosis(
  { at: now, money, power, act }: Diagnosis,
  { language, reader }: { readonly language: Language; readonly reader: DiagnosisReader },
): SaidDiagnosis {
  const say = (key: DiagnosisKey, values?: Values): string =>
    translate(DIAGNOSIS_WORDS, language, key, values);
  const time = (at: string): string => beijingTime(at, now);
  const paid = say(`money.${money.at}`, { yuan: yuan(money.fen), time: time(money.since) });
  const { besides } = money;
  const sentence = {
    money:
      besides === undefined
        ? paid
        : say('besides', {
            money: paid,
            besides: say(`besides.${besides.at}`, { yuan: yuan(besides.fen) }),
          }),
    power: say(`power.${power.at}`, {
      credit: yuan(power.creditFen),
      time: time(power.since),
      place: power.place === undefined ? say('place.unknown') : placeName(power.place, language),
    }),
  };
  return {
    sentence: say('sentence', sentence),
    act: actSaid({ act, time, reader, say }),
    because: say(`because.${act.because}`, { below: yuan(power.belowFen ?? 0, 'short') }),
  };
}

function actSaid(of: {
  readonly act: Diagnosis['act'];
  readonly time: (at: string) => string;
  readonly reader: DiagnosisReader;
  readonly say: (key: DiagnosisKey, values?: Values) => string;
}): string {
  const { act, time, reader, say } = of;
  if (act.do === 'wait' && act.until !== undefined) return say('act.wait-until', { until: time(act.until) });
  const plain = say(`act.${act.do}`);
  if (act.by === 'nobody') return plain;
  if (act.by === reader) return say('for.self', { act: plain });
  return reader === 'staff' ? say('for.household', { act: plain }) : say('for.ours');
}

/** A terminal with its community, in a language. */
export function placeName({ terminal, community }: DiagnosisPlace, language: Language): string {
  return community === undefined ? terminal : `${community[language] ?? community['zh-CN']} ${terminal}`;
}
