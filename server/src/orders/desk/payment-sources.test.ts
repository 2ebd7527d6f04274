import { describe, expect, it } from 'vitest';
import type { PaymentChannel } from '../../gateways/payment/contract.ts';
import { PaymentError } from '../../gateways/payment/error.ts';
import { at } from '../../testing/mover-rig.ts';
import { samplePayment } from '../../testing/order-samples.ts';
import { PaymentSources, toSuccess, type PaymentEvidenceSource } from './payment-sources.ts';

const wechat = { channel: 'wechat' } as PaymentChannel;
const floats = {} as PaymentEvidenceSource;
const channels = new Map([['wechat', wechat] as const]);

const refusal = (ask: () => unknown): unknown => {
  try {
    return ask();
  } catch (error) {
    expect(error).toBeInstanceOf(PaymentError);
    return error;
  }
};

describe('who knows what became of a payment', () => {
  it('is its channel, or for cash the float', () => {
    const sources = new PaymentSources({ channels, floats });
    expect(sources.evidenceOf('wechat')).toBe(wechat);
    expect(sources.evidenceOf('cash')).toBe(floats);
    expect(sources.channelOf('wechat')).toBe(wechat);
  });

  it('is not there where this server has no such channel, nor floats', () => {
    const sources = new PaymentSources({ channels });
    const noChannel = { code: 'payment.unavailable', message: 'There is no channel alipay here.' };
    expect(refusal(() => sources.channelOf('alipay'))).toMatchObject(noChannel);
    expect(refusal(() => sources.evidenceOf('alipay'))).toMatchObject(noChannel);
    expect(refusal(() => sources.evidenceOf('cash'))).toMatchObject({
      ...{ code: 'payment.unavailable', message: 'There are no floats here.' },
    });
  });

  it('is never a channel for cash', () => {
    const odd = new Map([...channels, ['cash', wechat]]) as typeof channels;
    expect(refusal(() => new PaymentSources({ channels: odd, floats }).channelOf('cash'))).toMatchObject({
      ...{ code: 'payment.unavailable', message: 'There is no channel cash here.' },
    });
  });
});

describe('a success', () => {
  it('is taken in under our number, with what its source says of it', () => {
    const evidence = { transactionId: 't1', amountFen: 5000, paidAt: at(0) };
    expect(toSuccess(samplePayment({ no: 'p1' }), { status: 'succeeded', ...evidence })).toEqual({
      ...{ paymentNo: 'p1', ...evidence },
    });
  });
});
