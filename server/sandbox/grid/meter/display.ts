import { alarmOf, type Consumption } from './consumption.ts';
import { METER_ERRORS, type MeterErrorNumber } from './errors.ts';

/** What the glass shows, in both languages of the sandbox's page. */
export interface Shown {
  readonly zh: string;
  readonly en: string;
}

const yuan = (fen: number): string => (fen / 100).toFixed(2);

/** After a card or a frame from afar. */
export function showCredit(creditedFen: number, error: MeterErrorNumber | null): Shown {
  const fault = error === null ? undefined : METER_ERRORS[error];
  if (creditedFen > 0) {
    const credited = yuan(creditedFen);
    return {
      zh: `充入 ${credited} 元${fault === undefined ? '' : `，${fault.zh}`}`,
      en: `${credited} yuan credited${fault === undefined ? '' : `; ${fault.en.toLowerCase()}`}`,
    };
  }
  return fault ?? { zh: '读卡成功，没有新的购电', en: 'Card read; no new purchase on it' };
}

/** While electricity flows, or does not. */
export function showBalance(meter: Consumption): Shown {
  if (meter.relayOpen) return { zh: '已拉闸，请购电', en: 'Switched off; buy electricity' };
  switch (alarmOf(meter)) {
    case 3:
      return {
        zh: `已透支 ${yuan(-meter.balanceFen)} 元，请购电`,
        en: `Overdrawn by ${yuan(-meter.balanceFen)} yuan`,
      };
    case 2:
      return { zh: '余额不足报警 2，请购电', en: 'Low balance, second alarm' };
    case 1:
      return { zh: '余额不足报警 1，请购电', en: 'Low balance, first alarm' };
    case 0:
      return { zh: '正常', en: 'Ready' };
  }
}
