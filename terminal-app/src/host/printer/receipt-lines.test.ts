import { describe, expect, it } from 'vitest';
import type { Receipt } from '@bianmin/purchase/api/receipt';
import { CARD_RECEIPT, CASH_BACK_RECEIPT } from '../../../e2e/printer/sample-receipts.ts';
import { receiptLines } from './receipt-lines.ts';

/** What stands on the paper, a line each. */
function paperOf(receipt: Receipt): string[] {
  return receiptLines({ receipt, language: 'zh-CN', again: false, helpPhone: '95598' }).flatMap((line) => {
    if (line.is === 'text') return [line.text];
    return line.is === 'row' ? [`${line.label} ${line.value}`] : [];
  });
}
const TODO = ['请向工作人员领回现金。', '现金已经由工作人员退还。', '请把电卡插进电表，电才到账。'];
const todoOf = (receipt: Receipt): string[] => paperOf(receipt).filter((text) => TODO.includes(text));

describe('cash that goes back', () => {
  const waiting = { waitingFen: 10_000, handedOutFen: 0, handedOutAt: null };
  const handedOut = { waitingFen: 0, handedOutFen: 10_000, handedOutAt: '2026-11-27T08:30:00.000Z' };

  it.each([
    ['of which a server says no more than that it goes back', {}, TODO[0]],
    ['that waits', { cashBack: waiting }, TODO[0]],
    ['of which some waits', { cashBack: { ...handedOut, waitingFen: 1 } }, TODO[0]],
    ['that was handed out', { cashBack: handedOut }, TODO[1]],
    [
      'that was handed out for a purchase that stands',
      { cashBack: handedOut, outcome: 'written' as const },
      TODO[2],
    ],
  ])('%s', (_, over, todo) => {
    expect(todoOf({ ...CASH_BACK_RECEIPT, ...over })).toEqual([todo]);
  });

  it('says when it was handed out', () => {
    expect(paperOf({ ...CASH_BACK_RECEIPT, cashBack: handedOut })).toContain('现金退还时间 2026-11-27 16:30');
    expect(paperOf({ ...CASH_BACK_RECEIPT, cashBack: waiting }).join()).not.toContain('现金退还时间');
  });

  it('beside a phone’s payment waits as well', () => {
    expect(todoOf({ ...CARD_RECEIPT, cashBack: waiting })).toEqual([TODO[0]]);
  });
});
