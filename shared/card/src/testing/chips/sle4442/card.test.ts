import { describe, expect, it } from 'vitest';
import { fromHex as bytes, toHex as hex } from '../../../bytes/hex.ts';
import { blankSle4442Main, SimulatedSle4442Card } from './card.ts';
import { PowerCut } from '../../simulated-card.ts';
import { CODE } from './chip-rig.ts';

describe('a torn SLE4442', () => {
  const SELECT = 'FFA400000106';
  const PRESENT = 'FF20000003A1B2C3';

  function tornAt(operation: number, apdus: readonly string[], seed: number): SimulatedSle4442Card {
    const card = new SimulatedSle4442Card({ main: blankSle4442Main(), code: CODE, seed });
    card.powerOn();
    let count = 0;
    card.cutHook = () => count++ === operation;
    expect(() => apdus.map((apdu) => card.transmit(bytes(apdu)))).toThrow(PowerCut);
    card.cutHook = undefined;
    return card;
  }

  it('may lose a try inside a presentation, which the next right code brings back', () => {
    const seen = new Set<number>();
    for (let seed = 1; seed < 40; seed++) {
      for (const operation of [0, 1]) {
        const card = tornAt(operation, [SELECT, PRESENT], seed);
        seen.add(card.errorCounter);
        card.powerOn();
        card.transmit(bytes(SELECT));
        expect(hex(card.transmit(bytes(PRESENT)))).toBe('9007');
        expect(card.errorCounter).toBe(0x07);
      }
    }
    expect([...seen].sort()).toEqual([0x06, 0x07]);
  });

  it('leaves a byte between old and FF, or between FF and new', () => {
    const seen = new Set<number>();
    for (let seed = 1; seed < 60; seed++) {
      const write = ['FFD0004001F0', 'FFD00040010F'];
      const erasing = tornAt(3, [SELECT, PRESENT, ...write], seed).main[0x40] ?? 0;
      expect(erasing & 0xf0).toBe(0xf0);
      const writing = tornAt(4, [SELECT, PRESENT, ...write], seed).main[0x40] ?? 0;
      expect(writing & 0x0f).toBe(0x0f);
      seen.add(erasing).add(writing);
    }
    expect(seen.size).toBeGreaterThan(10);
    expect(seen.has(0xff)).toBe(true);
  });

  it('forgets the code with its power', () => {
    const card = tornAt(2, [SELECT, PRESENT, 'FFD000400100'], 3);
    card.powerOn();
    card.transmit(bytes(SELECT));
    const before = card.main[0x41];
    expect(hex(card.transmit(bytes('FFD000410100')))).toBe('9000');
    expect(card.main[0x41]).toBe(before);
  });
});

describe('the reader part of the simulated SLE4442', () => {
  it('shows the pseudo answer to reset and wants the card type first', () => {
    const card = new SimulatedSle4442Card({ main: blankSle4442Main(), code: CODE });
    expect(hex(card.powerOn() ?? new Uint8Array())).toBe('3B04A2131091');
    expect(hex(card.transmit(bytes('FFB0000004')))).toBe('6300');
    expect(hex(card.transmit(bytes('FFA400000106')))).toBe('9000');
    expect(hex(card.transmit(bytes('FFB0000004')))).toBe('A21310919000');
  });

  it('answers a wrong code with 90 and the counter, never with 90 07', () => {
    const card = new SimulatedSle4442Card({ main: blankSle4442Main(), code: CODE });
    card.powerOn();
    card.transmit(bytes('FFA400000106'));
    for (const sw of ['9006', '9004', '9000', '9000']) {
      expect(hex(card.transmit(bytes('FF20000003000000')))).toBe(sw);
    }
  });

  it('appends the protection memory as older firmware does', () => {
    const card = new SimulatedSle4442Card({ main: blankSle4442Main(), code: CODE, appendProtection: true });
    card.powerOn();
    card.transmit(bytes('FFA400000106'));
    expect(hex(card.transmit(bytes('FFB0000002')))).toBe('A213FFFFFFFF9000');
  });

  it('changes the code in three single-byte writes, and a cut leaves a mixture', () => {
    const card = new SimulatedSle4442Card({ main: blankSle4442Main(), code: CODE });
    card.powerOn();
    for (const apdu of ['FFA400000106', 'FF20000003A1B2C3']) card.transmit(bytes(apdu));
    let writes = 0;
    card.cutHook = ({ memory, half }) => memory === 'security' && half === 'write' && writes++ === 1;
    expect(() => card.transmit(bytes('FFD2000103112233'))).toThrow(PowerCut);
    const { code } = card.snapshot().state;
    expect(String(code).slice(0, 2)).toBe('11');
    expect(String(code).slice(4)).toBe('C3');
  });

  it('comes back whole from a snapshot', () => {
    const card = new SimulatedSle4442Card({ main: blankSle4442Main(), code: CODE, errorCounter: 0x04 });
    const again = SimulatedSle4442Card.restore(card.snapshot());
    expect(again.snapshot()).toEqual(card.snapshot());
  });
});
