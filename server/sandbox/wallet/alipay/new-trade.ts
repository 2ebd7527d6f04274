import { BookError } from '../book-error.ts';
import { canonical, digits } from '../canonical.ts';
import type { Ledger, NewTrade } from '../ledger.ts';
import type { Trade } from '../model.ts';
import { chinaDay } from '../time.ts';
import { CODE_LIFE_MS } from './constants.ts';
import { Refusal } from './refusal.ts';
import { contentOf, termsOf, wapRequest } from './requests.ts';
import type { Terms } from './requests.ts';
import type { Fields, MethodContext } from './method.ts';

/** What the address of a browser's payment says; the trade begins when it is opened. */
export function beginInBrowser(
  fields: Fields,
  context: MethodContext,
): { trade: Trade; returnUrl: string | undefined } {
  const body = contentOf(wapRequest, fields.get('biz_content'));
  checkSeller(context, body.seller_id);
  const trade = begin(context, fields, { terms: termsOf(body), tradeType: 'WAP' });
  context.book.ledger.scanned(trade);
  return { trade, returnUrl: fields.get('return_url') };
}

interface Beginning extends Pick<NewTrade, 'tradeType'> {
  readonly terms: Terms;
  /** Absent: the trade is paid by its number. */
  readonly codeUrl?: string;
  readonly attach?: string | undefined;
  readonly payerId?: string | undefined;
}

export function begin({ book, now }: MethodContext, fields: Fields, beginning: Beginning): Trade {
  const { terms, tradeType, attach, payerId } = beginning;
  const tradeNo =
    knownTrade(book.ledger, terms.outTradeNo)?.facts?.['tradeNo'] ??
    `${chinaDay(now()).replaceAll('-', '')}22001${digits(15)}`;
  const notifyUrl = fields.get('notify_url');
  if (notifyUrl === undefined) throw new Refusal('ACQ.INVALID_PARAMETER', 'notify_url');
  return book.ledger.create({
    outTradeNo: terms.outTradeNo,
    fingerprint: canonical({ ...terms, payerId }),
    tradeType,
    description: terms.subject,
    notifyUrl,
    totalFen: terms.totalFen,
    codeUrl: beginning.codeUrl ?? inWalletCode(tradeNo),
    expiresAt: terms.expiresAt ?? now() + CODE_LIFE_MS,
    facts: { tradeNo },
    ...(attach === undefined ? {} : { attach }),
    ...(payerId === undefined ? {} : { payerId }),
  });
}

export function knownTrade(ledger: Ledger, outTradeNo: string): Trade | undefined {
  try {
    return ledger.find({ outTradeNo }).trade;
  } catch (error) {
    if (error instanceof BookError && error.reason === 'no-trade') return undefined;
    throw error;
  }
}

/** What the wallet itself opens when a page inside it names a trade. */
function inWalletCode(tradeNo: string): string {
  return `alipays://platformapi/startapp?tradeNO=${tradeNo}`;
}

export function checkSeller({ merchant }: MethodContext, sellerId: string | undefined): void {
  if (sellerId !== undefined && sellerId !== merchant.sellerId) throw new Refusal('ACQ.PARTNER_ERROR');
}
