import { describe, expect, it } from 'vitest';
import type { OrderState } from '@bianmin/purchase/api/order';
import { samplePayment, sampleOrder, SAMPLE_TIME } from '../../testing/order-samples.ts';
import type { Order, Refund } from './order.ts';
import { deriveState } from './state.ts';

const funding = samplePayment({ status: 'succeeded', funds: true, transactionId: 't1', codeUrl: null });
const second = samplePayment({ no: '260301100000000001p2', status: 'succeeded', funds: false });
const refund = (over: Partial<Refund>): Refund => ({
  no: 'r',
  paymentNo: funding.no,
  fen: 5000,
  status: 'approved',
  reason: 'not-sold',
  at: SAMPLE_TIME,
  ...over,
});

const remote: Partial<Order> = { kind: 'remote', payments: [funding], sale: { status: 'sold' } };

const TABLE: [string, Partial<Order>, OrderState][] = [
  ['just made', {}, 'created'],
  ['a code is asked for', { payments: [samplePayment({ status: 'created' })] }, 'paying'],
  ['a code is out', { payments: [samplePayment()] }, 'paying'],
  ['the channel is silent', { payments: [samplePayment({ status: 'unknown' })] }, 'paying'],
  [
    'its only code is dead, another may follow',
    { payments: [samplePayment({ status: 'closed' })] },
    'created',
  ],
  ['closing, not yet closed', { payments: [samplePayment()], closure: { status: 'asked' } }, 'paying'],
  ['closed', { payments: [samplePayment({ status: 'closed' })], closure: { status: 'closed' } }, 'closed'],
  ['paid', { payments: [funding] }, 'paid'],
  ['the sale is sent', { payments: [funding], sale: { status: 'sent', tries: 1 } }, 'paid'],
  ['the sale never left', { payments: [funding], sale: { status: 'none', tries: 1 } }, 'grid-silent'],
  ['the sale is sent again', { payments: [funding], sale: { status: 'sent', tries: 2 } }, 'grid-silent'],
  ['the grid is silent', { payments: [funding], sale: { status: 'unknown' } }, 'grid-silent'],
  [
    'a tombstone is on its way',
    { payments: [funding], sale: { status: 'unknown' }, reversal: { status: 'sent' } },
    'grid-silent',
  ],
  ['sold', { payments: [funding], sale: { status: 'sold' } }, 'sold'],
  [
    'a plan is out',
    { payments: [funding], sale: { status: 'sold' }, write: { status: 'released', lease: 1 } },
    'writing',
  ],
  [
    'the write was given up',
    { payments: [funding], sale: { status: 'sold' }, write: { status: 'failed', lease: 1 } },
    'write-failed',
  ],
  [
    'written',
    { payments: [funding], sale: { status: 'sold' }, write: { status: 'written', lease: 1 } },
    'done',
  ],
  [
    "written, and a second payer's money is going back",
    {
      payments: [funding, second],
      sale: { status: 'sold' },
      write: { status: 'written' },
      refunds: [refund({ paymentNo: second.no, status: 'abnormal' })],
    },
    'done',
  ],
  [
    'a second payer does not stop the sale',
    { payments: [funding, second], sale: { status: 'sold' }, refunds: [refund({ paymentNo: second.no })] },
    'sold',
  ],
  ['not sold', { payments: [funding], sale: { status: 'rejected' }, refunds: [refund({})] }, 'refunding'],
  [
    'the refund is unknown',
    { payments: [funding], sale: { status: 'rejected' }, refunds: [refund({ status: 'unknown' })] },
    'refunding',
  ],
  [
    'given back',
    { payments: [funding], sale: { status: 'rejected' }, refunds: [refund({ status: 'done' })] },
    'refunded',
  ],
  [
    'the channel cannot give back',
    { payments: [funding], sale: { status: 'rejected' }, refunds: [refund({ status: 'abnormal' })] },
    'attention',
  ],
  [
    'nothing sold and the refund refused by a person',
    { payments: [funding], sale: { status: 'rejected' }, refunds: [refund({ status: 'rejected' })] },
    'attention',
  ],
  [
    'late money on a closed order',
    { payments: [second], closure: { status: 'closed' }, refunds: [refund({ paymentNo: second.no })] },
    'refunding',
  ],
  [
    'late money given back',
    {
      payments: [second],
      closure: { status: 'closed' },
      refunds: [refund({ paymentNo: second.no, status: 'done' })],
    },
    'refunded',
  ],
  ['remote, sold', { ...remote, credit: { status: 'none' } }, 'crediting'],
  ['its credit is sent', { ...remote, credit: { status: 'sent' } }, 'crediting'],
  ['its credit is unknown', { ...remote, credit: { status: 'unknown' } }, 'crediting'],
  ['its credit failed for good', { ...remote, credit: { status: 'failed' } }, 'credit-failed'],
  ['the payer chose the card', { ...remote, credit: { status: 'failed' }, fallback: 'card' }, 'sold'],
  [
    'its plan is out',
    { ...remote, credit: { status: 'failed' }, fallback: 'card', write: { status: 'released', lease: 1 } },
    'writing',
  ],
  [
    'the payer chose refund, the sale is being undone',
    { ...remote, credit: { status: 'failed' }, fallback: 'refund', reversal: { status: 'sent' } },
    'refunding',
  ],
  [
    'the sale is undone, the money on its way',
    {
      ...remote,
      sale: { status: 'rejected' },
      credit: { status: 'failed' },
      fallback: 'refund',
      refunds: [refund({ reason: 'not-credited' })],
    },
    'refunding',
  ],
  ['credited from afar', { ...remote, credit: { status: 'credited' } }, 'done'],
  ['remote, the grid is silent about the sale', { ...remote, sale: { status: 'unknown' } }, 'grid-silent'],
  ['a person must decide', { payments: [funding], attention: 'grid-disagrees' }, 'attention'],
];

describe('the state that follows from the facts', () => {
  it.each(TABLE)('%s', (_, facts, state) => {
    expect(deriveState(sampleOrder(facts))).toBe(state);
  });
});
