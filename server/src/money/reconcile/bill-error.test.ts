import { describe, expect, it } from 'vitest';
import { GridError } from '../../gateways/grid/error.ts';
import { PaymentError } from '../../gateways/payment/error.ts';
import { billError, unsound } from './bill-error.ts';
import { ReconcileError } from './error.ts';

const DAY = '2026-03-01';
const later = (cause: Error): unknown => billError(cause, 'channel:wechat', DAY);

describe('a bill that could not be fetched', () => {
  it.each([
    new PaymentError({ code: 'payment.unavailable', message: 'x' }),
    new GridError({ code: 'grid.unavailable', message: 'x' }),
    new GridError({ code: 'grid.refused', message: 'x', refusal: 'day-cut' }),
  ])('is asked for again where its maker is not there yet (%#)', (cause) => {
    const error = later(cause);
    expect(error).toBeInstanceOf(ReconcileError);
    expect(error).toMatchObject({
      code: 'reconcile.not-ready',
      message: `The bill of channel:wechat for ${DAY} is not available yet. The server asks for it again by itself.`,
      context: { source: 'channel:wechat', day: DAY },
      cause,
    });
  });

  it('is a person’s where it does not agree with itself', () => {
    const cause = new PaymentError({ code: 'payment.mismatch', message: 'x' });
    expect(later(cause)).toMatchObject({
      code: 'reconcile.bill-unsound',
      message: `The bill of channel:wechat for ${DAY} cannot be used: it does not agree with itself. Nothing was taken from it; fetch it again or ask its maker.`,
      context: { source: 'channel:wechat', day: DAY },
      cause,
    });
    expect(unsound('grid:g', DAY, 'its hash is another')).toMatchObject({
      message: expect.stringContaining(
        'grid:g for 2026-03-01 cannot be used: its hash is another.',
      ) as string,
      context: { source: 'grid:g', day: DAY },
    });
  });

  it.each([
    new PaymentError({ code: 'payment.refused', message: 'x' }),
    new GridError({ code: 'grid.refused', message: 'x', refusal: 'authentication' }),
    new GridError({ code: 'grid.unknown', message: 'x' }),
    new Error('The disk is full.'),
  ])('is what it was in any other trouble (%#)', (cause) => {
    expect(later(cause)).toBe(cause);
  });
});
