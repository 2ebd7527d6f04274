import type { Receipt } from '@bianmin/purchase/api/receipt';

/** A card purchase with a discount, at a community's kiosk. */
export const CARD_RECEIPT: Receipt = {
  orderNo: '261127120000000123',
  receiptCode: '770X-9RM3-G0CT-KPJQ',
  url: 'https://pay.example/p/r/uwOFjr8WB2nQeoy3V8ozDA',
  outcome: 'written',
  faceFen: 10_000,
  discountFen: 500,
  paidFen: 9_500,
  channel: 'wechat',
  paidAt: '2026-11-27T06:03:00.000Z',
  household: { name: '张*', address: '天山区**小区3号楼', customerNo: '****0001', meterTail: '6789' },
  place: '天山一社区 · 一号机',
  balanceFen: null,
  refundFen: 0,
};

/** Bought without the card, in cash, and given back. */
export const CASH_BACK_RECEIPT: Receipt = {
  ...CARD_RECEIPT,
  ...{ outcome: 'refunded', channel: 'cash', discountFen: 0, paidFen: 10_000, refundFen: 10_000 },
};
