import type { Channel } from '@bianmin/purchase/api/channels';
import type { Packet, PacketFault } from '../../../../server/sandbox/wallet/dialect.ts';
import { newDelivery } from '../../../../server/sandbox/wallet/notifier.ts';
import type { WalletKeys } from '../../../../server/sandbox/wallet/wallets.ts';
import type { Paying } from '../world.ts';
import { falseBook } from './books.ts';

/** A wallet's word that so much was paid under a number; what `changes` says is genuine and signed. */
export interface Notice {
  readonly channel: Channel;
  readonly about: Pick<Paying, 'paymentNo' | 'amountFen'>;
  readonly transactionId?: string;
  readonly changes?: Readonly<Record<string, unknown>>;
  readonly fault?: PacketFault;
  /** When it was signed; absent: now. */
  readonly at?: number;
}

/** A notification of one wallet as it goes over the wire, signed with that wallet's own key where no fault says otherwise. */
export function noticeOf(keys: WalletKeys, notice: Notice): Packet {
  const { channel, about, transactionId, changes = {}, fault, at = Date.now() } = notice;
  const { book, trade, paid } = falseBook(keys, { channel, about, transactionId, at });
  const { event, content } = book.dialect.paymentNotice(book.ledger, trade, paid);
  const made = { kind: 'payment', event, about: about.paymentNo, url: '', createdAt: at } as const;
  const delivery = newDelivery({ ...made, content: { ...content, ...changes } });
  return book.dialect.pack({ delivery, nowMs: at, signWith: 'publicKeyMode', fault });
}
