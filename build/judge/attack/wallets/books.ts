import { systemClock } from '@bianmin/card/node/system-clock';
import type { Channel } from '@bianmin/purchase/api/channels';
import { openBook, type Book } from '../../../../server/sandbox/wallet/book.ts';
import type { Trade, Transaction } from '../../../../server/sandbox/wallet/model.ts';
import { dialectsOf, type WalletKeys } from '../../../../server/sandbox/wallet/wallets.ts';
import { anyDigits, type Paying } from '../world.ts';

/** A payment that nobody made. */
export interface Unpaid {
  readonly channel: Channel;
  readonly about: Pick<Paying, 'paymentNo' | 'amountFen'>;
  readonly transactionId?: string | undefined;
  /** When it is to have been made. */
  readonly at: number;
}

/** A wallet in whose books it was made. It has that wallet's keys, and signs wrongly where its faults say so. */
export function falseBook(
  keys: WalletKeys,
  { channel, about, transactionId = `42${anyDigits(26)}`, at }: Unpaid,
): { readonly book: Book; readonly trade: Trade; readonly paid: Transaction } {
  const now = (): number => at;
  const dialect = dialectsOf(keys, { now, wireNow: () => Date.now(), baseUrl: () => '' }).find(
    ({ wallet }) => wallet === channel,
  );
  if (dialect === undefined) throw new Error(`There are no keys of ${channel}.`);
  const { paymentNo: outTradeNo, amountFen: totalFen } = about;
  const paid: Transaction = { id: transactionId, paidAt: at, payerId: dialect.numbers.payer(), totalFen };
  const trade: Trade = {
    ...{ outTradeNo, totalFen, fingerprint: '', tradeType: 'NATIVE', description: 'electricity' },
    ...{ notifyUrl: '', codeUrl: '', codeAt: at, createdAt: at, expiresAt: at, scannedAt: at },
    facts: { tradeNo: transactionId },
    transactions: [paid],
  };
  const state = { ledger: { trades: [trade], refunds: [] }, deliveries: [] };
  return { book: openBook({ dialect, clock: systemClock, changed: () => undefined, state }), trade, paid };
}
