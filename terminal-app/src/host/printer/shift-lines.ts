import type { Language } from '@bianmin/purchase/api/language';
import type { ClosedShift } from '@bianmin/purchase/api/shift';
import { yuan } from '@bianmin/purchase/i18n/yuan';
import { wallTime } from '../../words/wall-time.ts';
import { say } from '../../words/words.ts';
import type { Line } from './line.ts';
import { twoLanguages } from './two-languages.ts';

/** The slip that goes with the cash of a shift: what should have been there, what was, and who signs for it. */
export function shiftLines({
  shift,
  language,
  again,
}: {
  readonly shift: ClosedShift;
  /** Stands under the Chinese. */
  readonly language: Language;
  /** It was printed before. */
  readonly again: boolean;
}): readonly Line[] {
  const { both, row } = twoLanguages(language);
  const money = (fen: number): string => say('zh-CN', 'amount.yuan', { yuan: yuan(fen) });
  return [
    ...(again ? both('receipt.again', { centred: true, bold: true }) : []),
    ...both('shift.slip.title', { big: true, centred: true }),
    { is: 'rule' },
    ...row('shift.slip.committee', shift.committee),
    ...row('shift.slip.staff', shift.staff),
    ...row('shift.slip.terminal', shift.terminalId),
    ...row('shift.slip.from', wallTime(shift.openedAt)),
    ...row('shift.slip.to', wallTime(shift.closedAt)),
    { is: 'rule' },
    ...row('shift.opening', money(shift.openingFen)),
    ...row('shift.taken', money(shift.takenFen), { values: { n: shift.times } }),
    ...row('shift.back', money(-shift.backFen), { values: { n: shift.backTimes } }),
    ...row('shift.should', money(shift.drawerFen), { bold: true }),
    { is: 'rule' },
    ...shift.counted.map(({ fen, pieces }): Line => ({
      is: 'row',
      label: `${yuan(fen, 'short')} × ${pieces}`,
      value: money(fen * pieces),
    })),
    ...row('shift.counted', money(shift.countedFen), { bold: true }),
    ...row('shift.difference', signed(shift.differenceFen, money), { bold: true }),
    { is: 'rule' },
    ...row('shift.left', money(shift.leftFen)),
    ...row('shift.handedIn', money(shift.handedInFen), { bold: true }),
    { is: 'rule' },
    { is: 'gap' },
    ...row('shift.slip.gives', LINE),
    { is: 'gap' },
    ...row('shift.slip.takes', LINE),
  ];
}

/** To be signed on. */
const LINE = '________________';

function signed(fen: number, money: (fen: number) => string): string {
  return fen > 0 ? `+${money(fen)}` : money(fen);
}
