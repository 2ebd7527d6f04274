import { describe, expect, it } from 'vitest';
import { fromHex as bytes, toHex as hex } from '../../bytes/hex.ts';
import { inOmnikey } from '../node/omnikey-card.ts';

describe('the OMNIKEY dialect on the wire', () => {
  const send = (card: { transmit(apdu: Uint8Array): Uint8Array }, apdu: string): string =>
    hex(card.transmit(bytes(apdu)));

  it('reads an SLE4442’s security and protection memory by its own bus commands', () => {
    const { card } = inOmnikey('SLE4442');
    card.powerOn();
    expect(send(card, 'FF70076B07A605A00331000000')).toBe('9D04070000009000');
    expect(send(card, 'FF70076B07A605A00334000000')).toBe('9D040000FFFF9000');
    expect(send(card, 'FF70076B07A605A00330010000')).toBe('9D01139000');
    expect(send(card, 'FFB0000004')).toBe('A21310919000');
  });

  it('reads an SLE4428’s counter, and each byte with its protect bit', () => {
    const { card } = inOmnikey('SLE4428');
    card.powerOn();
    expect(send(card, 'FF70076B07A605A103CEFD0000')).toBe('9D01FF9000');
    expect(send(card, 'FF70076B07A605A1030C010000')).toBe('9D0223009000');
    expect(send(card, 'FF70076B07A605A1038C100000')).toBe('9D02FF019000');
    expect(send(card, 'FFB003F002')).toBe('FFFF9000');
  });

  it('answers wrong codes with 63 Cx, takes no FF D2 and no other chip’s bus', () => {
    const { card } = inOmnikey('SLE4442');
    card.powerOn();
    expect(send(card, 'FF20000003000000')).toBe('63C2');
    expect(send(card, 'FF20000003000000')).toBe('63C1');
    expect(send(card, 'FFD2000103010203')).toBe('6D00');
    expect(send(card, 'FF70076B07A605A103CEFD0000')).toBe('6B00');
    expect(send(card, 'FFA400000106')).toBe('6D00');
  });
});
