import { parseJson } from '@bianmin/card/json-text';
import { answerText } from '@bianmin/purchase/node/answer-text';
import { realDeadline, type Deadline } from '../../../kernel/deadline.ts';
import type { PayerIdentity } from '../contract.ts';
import { PaymentError } from '../error.ts';
import { openidAnswer } from './wire.ts';

export interface IdentityInit {
  readonly appid: string;
  /** Of the official account, not of the merchant. */
  readonly appSecret: string;
  /** `https://open.weixin.qq.com/`: what a phone opens. */
  readonly consentUrl: string;
  /** `https://api.weixin.qq.com/`: what this server asks. */
  readonly tokenUrl: string;
  readonly timeoutMs: number;
  /** Only for tests; otherwise the machine's time. */
  readonly deadline?: Deadline | undefined;
}

/** An answer has some hundred bytes. */
const MAX_ANSWER_BYTES = 65_536;
/** Codes that were used, have expired, or are none; the payer is asked to consent again. */
const BAD_CODE: readonly number[] = [40029, 40163, 41008, 42003];

/**
 * WeChat web authorisation with `snsapi_base` ("网页授权"): nothing is asked of the payer, and nothing but the
 * openid is learnt. The code comes back as `code`.
 */
export function wechatIdentity(init: IdentityInit): PayerIdentity {
  return {
    // WeChat matches the address by its form: this order of parameters, and the fragment.
    consentUrl: (redirectUrl, state) => {
      const query = new URLSearchParams([
        ['appid', init.appid],
        ['redirect_uri', redirectUrl],
        ['response_type', 'code'],
        ['scope', 'snsapi_base'],
        ['state', state],
      ]);
      return `${new URL('connect/oauth2/authorize', init.consentUrl).href}?${query.toString()}#wechat_redirect`;
    },
    payerOf: (authCode) => openidOf(init, authCode),
  };
}

async function openidOf(init: IdentityInit, code: string): Promise<string> {
  const url = new URL('sns/oauth2/access_token', init.tokenUrl);
  url.search = new URLSearchParams({
    appid: init.appid,
    secret: init.appSecret,
    code,
    grant_type: 'authorization_code',
  }).toString();
  let data: unknown;
  try {
    const { timeoutMs, deadline = realDeadline } = init;
    const response = await fetch(url, { redirect: 'error', signal: deadline(timeoutMs) });
    data = parseJson(await answerText(response, MAX_ANSWER_BYTES));
  } catch {
    // No cause: what fetch throws may name the address, and the secret stands in it.
    throw unavailable('no-answer');
  }
  const answer = openidAnswer.safeParse(data);
  if (!answer.success) throw unavailable('form');
  if ('openid' in answer.data) return answer.data.openid;
  const channelCode = String(answer.data.errcode);
  if (!BAD_CODE.includes(answer.data.errcode)) throw unavailable(channelCode);
  throw new PaymentError({
    code: 'payment.refused',
    message: 'WeChat no longer accepts this payer’s code. Ask for consent again.',
    context: { channel: 'wechat', operation: 'identity', channelCode },
  });
}

/** Learning who a payer is moves no money, so any failure of it can be tried again. */
function unavailable(reason: string): PaymentError {
  return new PaymentError({
    code: 'payment.unavailable',
    message: 'WeChat did not say who the payer is. Nothing was done; ask for consent again in a moment.',
    context: { channel: 'wechat', operation: 'identity', reason },
  });
}
