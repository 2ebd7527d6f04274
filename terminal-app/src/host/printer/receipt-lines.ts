import type { Receipt } from '@bianmin/purchase/api/receipt';
import type { Language } from '@bianmin/purchase/api/language';
import { yuan } from '@bianmin/purchase/i18n/yuan';
import { wallTime } from '../../words/wall-time.ts';
import { say, type WordKey } from '../../words/words.ts';
import type { Line } from './line.ts';
import { twoLanguages } from './two-languages.ts';

export interface PaperInit {
  readonly receipt: Receipt;
  /** Stands under the Chinese. */
  readonly language: Language;
  /** It was printed before. */
  readonly again: boolean;
  readonly helpPhone: string;
}

/** A receipt in Chinese, and each of its words once more in the language of the purchase. */
export function receiptLines({ receipt, language, again, helpPhone }: PaperInit): Line[] {
  const { both, row } = twoLanguages(language);
  const zh = (key: WordKey): string => say('zh-CN', key);
  const money = (fen: number): string => say('zh-CN', 'amount.yuan', { yuan: yuan(fen) });
  const { household, channel, cashBack } = receipt;
  const handedOutAt = cashBack?.handedOutAt ?? null;
  return [
    ...(again ? both('receipt.again', { centred: true, bold: true }) : []),
    ...both('receipt.title', { big: true, centred: true }),
    { is: 'rule' },
    ...row('receipt.face', money(receipt.faceFen), { bold: true }),
    ...(receipt.discountFen > 0
      ? [
          ...row('receipt.discount', `-${money(receipt.discountFen)}`),
          ...row('receipt.paid', money(receipt.paidFen), { bold: true }),
        ]
      : []),
    ...(receipt.refundFen > 0 ? row('receipt.refund', money(receipt.refundFen), { bold: true }) : []),
    ...(handedOutAt === null ? [] : row('receipt.handedOut', wallTime(handedOutAt))),
    ...(receipt.balanceFen === null ? [] : row('receipt.balance', money(receipt.balanceFen))),
    ...row('receipt.by', zh(channel === 'cash' ? 'receipt.by.cash' : `pay.${channel}`)),
    ...row('receipt.time', wallTime(receipt.paidAt)),
    { is: 'rule' },
    ...row('receipt.name', household.name),
    ...row('receipt.address', household.address),
    ...row('receipt.customerNo', household.customerNo),
    ...row('receipt.meterTail', household.meterTail),
    ...row('receipt.place', receipt.place),
    { is: 'rule' },
    ...row('done.receipt', receipt.receiptCode),
    ...row('label.orderNo', receipt.orderNo),
    ...row('label.phone', helpPhone),
    { is: 'rule' },
    ...both(`receipt.todo.${todoOf(receipt)}`, { bold: true }),
    { is: 'gap' },
    { is: 'qr', text: receipt.url },
    ...both('receipt.scan', { centred: true }),
    ...both('receipt.notInvoice', { centred: true }),
  ];
}

/** Cash that goes back is fetched from the staff, unless it is written down that they handed it out. */
function todoOf({
  cashBack,
  channel,
  refundFen,
  outcome,
  kind,
}: Receipt): Receipt['outcome'] | 'cashBack' | 'cashOut' | 'account' {
  const waits = cashBack === undefined ? channel === 'cash' && refundFen > 0 : cashBack.waitingFen > 0;
  if (waits) return 'cashBack';
  if (outcome === 'credited' && kind === 'account') return 'account';
  return cashBack !== undefined && outcome === 'refunded' ? 'cashOut' : outcome;
}
