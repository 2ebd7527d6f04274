import { chinaDay, dayPlus } from '../../../kernel/china-time.ts';
import type { ChannelComplaint, ComplaintProblem, ComplaintSource } from '../complaint-contract.ts';
import type { WechatChannelConfig } from './channel.ts';
import { WechatClient } from './client.ts';
import { complaintHistory, complaintPage, type WechatComplaint } from './complaint-wire.ts';

const PATH = 'v3/merchant-service/complaints-v2';
const HOUR_MS = 3_600_000;
/** "查询投诉单列表": at most 50 a page and 30 days from first to last. */
const PAGE = 50;
const MAX_DAYS = 29;

const STATES = { PENDING: 'open', PROCESSING: 'answered', PROCESSED: 'finished' } as const;
/** Anything that this table does not know is `other`: WeChat adds kinds. */
const PROBLEMS: Readonly<Record<string, ComplaintProblem>> = {
  REFUND: 'refund',
  SERVICE_NOT_WORK: 'service',
};
/** In a complaint's history, what the payer says and not we or the wallet. */
const SAID_BY_PAYER = /^USER_/u;

export type WechatComplaintConfig = Pick<
  WechatChannelConfig,
  'baseUrl' | 'mchid' | 'serial' | 'privateKey' | 'platformKeys' | 'timeoutMs' | 'deadline' | 'clock'
>;

/** Complaints of WeChat Pay ("消费者投诉 2.0"), asked for by date; the payer's further words are in each one's history. */
export function createWechatComplaints(config: WechatComplaintConfig): ComplaintSource {
  return new WechatComplaints(config);
}

class WechatComplaints implements ComplaintSource {
  readonly channel = 'wechat';
  readonly deadlines = { answerMs: 24 * HOUR_MS, finishMs: 72 * HOUR_MS };
  readonly #config: WechatComplaintConfig;
  readonly #client: WechatClient;

  constructor(config: WechatComplaintConfig) {
    this.#config = config;
    this.#client = new WechatClient(config);
  }

  async *since(from: Date): AsyncIterable<ChannelComplaint> {
    const today = chinaDay(new Date(this.#config.clock.now()));
    for (let first = chinaDay(from); first <= today; first = dayPlus(first, MAX_DAYS + 1)) {
      const end = dayPlus(first, MAX_DAYS);
      const found = await this.#between(first, end < today ? end : today);
      // Which comes first on a page is not said.
      for (const each of found.toSorted((a, b) => a.complaint_time.getTime() - b.complaint_time.getTime())) {
        yield await this.#told(each);
      }
    }
  }

  async reply(no: string, text: string): Promise<void> {
    await this.#post(no, 'response', { response_content: text });
  }

  async finish(no: string): Promise<void> {
    await this.#post(no, 'complete', {});
  }

  async #between(first: string, last: string): Promise<WechatComplaint[]> {
    const all: WechatComplaint[] = [];
    for (let offset = 0; ; offset += PAGE) {
      const query = new URLSearchParams({
        ...{ limit: String(PAGE), offset: String(offset), begin_date: first, end_date: last },
        complainted_mchid: this.#config.mchid,
      });
      const { data } = await this.#client.call('complaint', complaintPage, {
        method: 'GET',
        url: `${PATH}?${query.toString()}`,
      });
      all.push(...data);
      if (data.length < PAGE) return all;
    }
  }

  /** What an ended one says does not matter any more; the queue keeps what it knew. */
  async #told(found: WechatComplaint): Promise<ChannelComplaint> {
    const state = STATES[found.complaint_state];
    const [order] = found.complaint_order_info;
    const further = state === 'finished' ? [] : await this.#further(found);
    return {
      no: found.complaint_id,
      raisedAt: found.complaint_time,
      problem: PROBLEMS[found.problem_type ?? ''] ?? 'other',
      text: [found.complaint_detail, ...further].join('\n'),
      // Answered, and the payer has written again: it waits for us once more.
      state: state === 'answered' && found.incoming_user_response ? 'open' : state,
      paymentNo: order?.out_trade_no ?? 'none',
      transactionId: order?.transaction_id ?? 'none',
      amountFen: order?.amount ?? 0,
    };
  }

  async #further({ complaint_id, complaint_detail }: WechatComplaint): Promise<string[]> {
    const { data } = await this.#client.call('complaint', complaintHistory, {
      method: 'GET',
      url: `${PATH}/${encodeURIComponent(complaint_id)}/negotiation-historys?limit=300&offset=0`,
    });
    return data
      .filter(
        ({ operate_type, operate_details }) => SAID_BY_PAYER.test(operate_type) && operate_details !== '',
      )
      .toSorted((a, b) => a.operate_time.getTime() - b.operate_time.getTime())
      .map(({ operate_details }) => operate_details)
      .filter((words) => words !== complaint_detail);
  }

  async #post(
    no: string,
    what: 'response' | 'complete',
    data: Readonly<Record<string, string>>,
  ): Promise<void> {
    await this.#client.call('complaint', undefined, {
      method: 'POST',
      url: `${PATH}/${encodeURIComponent(no)}/${what}`,
      data: { complainted_mchid: this.#config.mchid, ...data },
    });
  }
}
