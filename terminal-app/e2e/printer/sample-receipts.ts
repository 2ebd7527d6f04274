import type { Receipt } from '@bianmin/purchase/api/receipt';
import type { ClosedShift } from '@bianmin/purchase/api/shift';

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

/** A clerk's shift whose drawer misses five yuan, and of which two hundred stay. */
export const SHORT_SHIFT: ClosedShift = {
  ...{ id: '3f0f5f5e-8f43-4f9e-9d5e-0d1f6c1b2a3d', staff: '104817', committee: '天山一社区' },
  ...{ terminalId: 't5d41402abc4b2a76b9719d911017c5', openedAt: '2026-11-27T01:30:00.000Z' },
  ...{ closedAt: '2026-11-27T09:30:00.000Z', openingFen: 20_000, takenFen: 120_000, times: 17 },
  ...{ backFen: 5_000, backTimes: 1, drawerFen: 135_000, countedFen: 134_500, differenceFen: -500 },
  ...{ leftFen: 20_000, handedInFen: 114_500 },
  counted: [
    { fen: 10_000, pieces: 12 },
    { fen: 5_000, pieces: 2 },
    { fen: 2_000, pieces: 2 },
    { fen: 500, pieces: 1 },
  ],
};
