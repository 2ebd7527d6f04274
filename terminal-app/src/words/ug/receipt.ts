import type { ReceiptKey } from '../zh-CN/receipt.ts';

/** Machine-drafted; not yet signed off by a native reader. */
export const receipt: Readonly<Record<ReceiptKey, string>> = {
  'receipt.title': 'توك سېتىۋېلىش تالونى',
};
