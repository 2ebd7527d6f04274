import { z } from 'zod';
import { digits } from '../canonical.ts';
import type { Ledger } from '../ledger.ts';
import { chinaDay, chinaTime } from '../time.ts';
import { WalletRefusal } from './refusal.ts';

/** `POST …/response` and `POST …/complete`. WeChat Pay API v3, "回复用户", "反馈处理完成". */
export const responseRequest = z.strictObject({
  complainted_mchid: z.string(),
  response_content: z.string().min(1).max(200),
});
export const completeRequest = z.strictObject({ complainted_mchid: z.string() });

interface Entry {
  readonly at: number;
  readonly type: string;
  readonly words: string;
}

interface Complaint {
  readonly id: string;
  readonly at: number;
  readonly problem: string;
  readonly transactionId: string;
  readonly outTradeNo: string;
  readonly totalFen: number;
  state: 'PENDING' | 'PROCESSING' | 'PROCESSED';
  /** The payer's last words are not answered. */
  waits: boolean;
  readonly history: Entry[];
}

/** What a payer can complain about, as the wallet's form offers it. */
export const PROBLEMS = ['REFUND', 'SERVICE_NOT_WORK', 'OTHERS'] as const;

/** Complaints of one wallet's payers. In memory only: a restarted wallet has forgotten them. */
export class ComplaintDesk {
  readonly #all = new Map<string, Complaint>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A payer files one about a payment of theirs. Throws where nothing was paid. */
  file(ledger: Ledger, init: { outTradeNo: string; problem: string; text: string }): string {
    const { trade, transaction } = ledger.find({ outTradeNo: init.outTradeNo });
    if (transaction === undefined) throw new Error('Only what was paid can be complained about.');
    const at = this.#now();
    const id = `2002${chinaDay(at).replaceAll('-', '')}${digits(12)}`;
    const history = [{ at, type: 'USER_CREATE_COMPLAINT', words: init.text }];
    this.#all.set(id, {
      ...{ id, at, problem: init.problem, transactionId: transaction.id, outTradeNo: trade.outTradeNo },
      ...{ totalFen: trade.totalFen, state: 'PENDING', waits: true, history },
    });
    return id;
  }

  /** The payer writes once more. */
  addWords(id: string, text: string): void {
    const found = this.find(id);
    found.history.push({ at: this.#now(), type: 'USER_CONTINUE_COMPLAINT', words: text });
    found.waits = true;
  }

  answer(id: string, text: string): void {
    const found = this.find(id);
    if (found.state === 'PROCESSED') throw new WalletRefusal('INVALID_REQUEST', '投诉单已处理完成');
    found.history.push({ at: this.#now(), type: 'MERCHANT_RESPONSE', words: text });
    found.state = 'PROCESSING';
    found.waits = false;
  }

  complete(id: string): void {
    const found = this.find(id);
    if (found.state !== 'PROCESSING')
      throw new WalletRefusal('INVALID_REQUEST', '投诉单当前状态不允许反馈处理完成');
    found.history.push({ at: this.#now(), type: 'MERCHANT_CONFIRM_COMPLETE', words: '' });
    found.state = 'PROCESSED';
    found.waits = false;
  }

  find(id: string): Complaint {
    const found = this.#all.get(id);
    if (found === undefined) throw new WalletRefusal('RESOURCE_NOT_EXISTS', '投诉单不存在');
    return found;
  }

  /** Of these days in China, both included, the newest first. */
  between(first: string, last: string): Complaint[] {
    const of = (each: Complaint): string => chinaDay(each.at);
    return [...this.#all.values()].filter((each) => of(each) >= first && of(each) <= last).reverse();
  }

  all(): readonly Complaint[] {
    return [...this.#all.values()];
  }
}

/** A complaint in the API's form. */
export function complaintView(ledger: Ledger, mchid: string, found: Complaint): Record<string, unknown> {
  const refunded = ledger
    .refundsOf(found.transactionId)
    .filter(({ status }) => status === 'SUCCESS')
    .reduce((sum, { refundFen }) => sum + refundFen, 0);
  return {
    complaint_id: found.id,
    complaint_time: chinaTime(found.at),
    complaint_detail: found.history[0]?.words ?? '',
    complainted_mchid: mchid,
    complaint_state: found.state,
    complaint_order_info: [
      { transaction_id: found.transactionId, out_trade_no: found.outTradeNo, amount: found.totalFen },
    ],
    complaint_full_refunded: refunded >= found.totalFen,
    incoming_user_response: found.waits,
    problem_type: found.problem,
    user_complaint_times: 1,
  };
}

/** What everybody said, the newest first. */
export function historyView(found: Complaint): Record<string, unknown> {
  const data = found.history.toReversed().map(({ at, type, words }, index) => ({
    log_id: `${found.id}${String(found.history.length - index).padStart(3, '0')}`,
    operator: type.startsWith('USER') ? '投诉人' : '商户',
    operate_time: chinaTime(at),
    operate_type: type,
    ...(words === '' ? {} : { operate_details: words }),
  }));
  return { data, limit: 300, offset: 0, total_count: data.length };
}
