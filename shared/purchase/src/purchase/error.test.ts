import { describe, expect, it } from 'vitest';
import { noSlot, PurchaseError } from './error.ts';

describe('a reader that is gone', () => {
  it('is told with what can be done', () => {
    const error = noSlot();
    expect(error).toBeInstanceOf(PurchaseError);
    expect(error.code).toBe('purchase.no-slot');
    expect(error.message).toBe('The reader that held the card is gone. Put the card in again.');
  });
});
