import type { ReceiptKey } from '../zh-CN/receipt.ts';

export const receipt: Readonly<Record<ReceiptKey, string>> = {
  'receipt.title': 'Electricity receipt',
};
