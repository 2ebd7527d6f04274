export const receipt = {
  'receipt.title': '购电凭证',
} as const;

export type ReceiptKey = keyof typeof receipt;
