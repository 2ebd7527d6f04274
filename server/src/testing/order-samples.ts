import type { Order, Payment } from '../orders/model/order.ts';

export const SAMPLE_TIME = new Date('2026-03-01T02:00:00Z');

/** An order just made, with whatever a test needs different. */
export function sampleOrder(over: Partial<Order> = {}): Order {
  return {
    _id: '260301100000000001',
    version: 1,
    state: 'created',
    idempotencyKey: '7d444840-9dc0-11d1-b245-5ffdce74fad2',
    idempotencyDigest: 'd'.repeat(64),
    terminalId: 'T1',
    orgPath: ['province'],
    kind: 'card',
    entry: 'kiosk',
    faceFen: 5000,
    discountFen: 0,
    paidFen: 5000,
    grid: 'collection-v1',
    customerNo: '650100000001',
    meterNo: '000000000001',
    chip: 'SLE4442',
    serial: '0000000000000001',
    imageDigest: 'a'.repeat(64),
    count: 2,
    masked: { name: '张*', address: '天山区**小区3号楼', customerNo: '****0001' },
    payments: [],
    sale: { status: 'none' },
    saleSlot: null,
    reversal: { status: 'none' },
    write: { status: 'none' },
    credit: { status: 'none' },
    refunds: [],
    closure: { status: 'open' },
    attention: null,
    watchers: ['T1'],
    events: [{ n: 1, at: SAMPLE_TIME, name: 'order.created', by: 'T1' }],
    createdAt: SAMPLE_TIME,
    updatedAt: SAMPLE_TIME,
    dueAt: SAMPLE_TIME,
    ...over,
  };
}

export function samplePayment(over: Partial<Payment> = {}): Payment {
  return {
    no: '260301100000000001p1',
    channel: 'wechat',
    status: 'pending',
    amountFen: 5000,
    codeUrl: 'weixin://wxpay/bizpayurl?pr=1',
    createdAt: SAMPLE_TIME,
    expiresAt: new Date(SAMPLE_TIME.getTime() + 300_000),
    ...over,
  };
}
