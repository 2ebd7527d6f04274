import { randomBytes } from 'node:crypto';
import { canonical } from '../canonical.ts';
import { chinaTime } from '../time.ts';
import type { ApiContext } from './api-route.ts';
import { ORDER_LIFE_MS } from './constants.ts';
import { WalletRefusal } from './refusal.ts';
import type { NativeRequest } from './requests.ts';
import type { Merchant } from './views.ts';

/** Books a payment; what was asked for is its fingerprint, in whichever order it was written. */
export function create(
  { book, merchant, now }: ApiContext,
  request: NativeRequest,
  made: { tradeType: string; codeUrl: string; payerId?: string },
): void {
  checkMerchant(merchant, request.mchid, request.appid);
  book.ledger.create({
    ...made,
    outTradeNo: request.out_trade_no,
    fingerprint: canonical([made.tradeType, request]),
    description: request.description,
    ...(request.attach === undefined ? {} : { attach: request.attach }),
    notifyUrl: request.notify_url,
    totalFen: request.amount.total,
    expiresAt: request.time_expire === undefined ? now() + ORDER_LIFE_MS : Date.parse(request.time_expire),
  });
}

/** `wx`, the time in China, 22 characters. */
export function newPrepayId(now: number): string {
  return `wx${chinaTime(now).slice(0, 19).replace(/\D/gu, '')}${randomBytes(11).toString('hex')}`;
}

export function checkMerchant(
  merchant: Merchant,
  mchid: string | null,
  appid: string = merchant.appid,
): void {
  if (mchid !== merchant.mchid) throw new WalletRefusal('INVALID_REQUEST', '商户号与签名的商户号不一致');
  if (appid !== merchant.appid) throw new WalletRefusal('APPID_MCHID_NOT_MATCH', 'appid和mch_id不匹配');
}
