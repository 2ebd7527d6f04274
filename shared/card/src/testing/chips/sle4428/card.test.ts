import { describe, expect, it } from 'vitest';
import { fromHex as bytes, toHex as hex } from '../../../bytes/hex.ts';
import { PowerCut } from '../../simulated-card.ts';
import { blankSle4428Main, SimulatedSle4428Card, type SimulatedSle4428Init } from './card.ts';
import { AcsSle4428Firmware } from './firmware.ts';
import { sle4428Kind } from './kind.ts';

const CODE = bytes('A1B2');
const SELECT = 'FFA400000105';
const PRESENT = 'FF20000002A1B2';

function cardWith(init: Partial<SimulatedSle4428Init> = {}): SimulatedSle4428Card {
  const card = new SimulatedSle4428Card({ main: blankSle4428Main(), code: CODE, ...init });
  card.powerOn();
  return card;
}
const send = (card: SimulatedSle4428Card, apdu: string): string => hex(card.transmit(bytes(apdu)));
const firmwareOf2006: SimulatedSle4428Init['firmware'] = (chip) =>
  new AcsSle4428Firmware(chip, { firmwareOf2006: true });

describe('the reader part of the simulated SLE4428', () => {
  it('shows the pseudo answer to reset and wants the card type first', () => {
    const card = new SimulatedSle4428Card({ main: blankSle4428Main(), code: CODE });
    expect(hex(card.powerOn() ?? new Uint8Array())).toBe('3B0492231091');
    expect(send(card, 'FFB0000004')).toBe('6300');
    expect(send(card, 'FFA400000106')).toBe('6300');
    expect(send(card, SELECT)).toBe('9000');
    expect(send(card, 'FFB0000004')).toBe('922310919000');
  });

  it('answers a right code with 90 FF and a wrong one with 90 and the counter', () => {
    const card = cardWith();
    send(card, SELECT);
    for (const counter of ['FE', 'FC', 'F8', 'F0', 'E0', 'C0', '80']) {
      expect(send(card, 'FF200000020000')).toBe(`90${counter}`);
    }
    expect(send(card, PRESENT)).toBe('90FF');
    expect(card.errorCounter).toBe(0xff);
  });

  it('reads memory beyond byte 255, the counter, and protect bits eight in a byte', () => {
    const main = blankSle4428Main();
    main.set([1, 2, 3], 0x3f0);
    const card = cardWith({ main, errorCounter: 0x1f });
    send(card, SELECT);
    expect(send(card, 'FFB003F003')).toBe('0102039000');
    expect(send(card, 'FFB1000003')).toBe('1F00009000');
    send(card, PRESENT);
    send(card, 'FFD100000492231091');
    expect(send(card, 'FFB2000002')).toBe('F0FF9000');
    expect(send(card, 'FFB2000202')).toBe('FCFF9000');
    expect(send(card, 'FFB003FF02')).toBe('6B00');
  });

  it('answers as firmware of 2006 does: bits with readings, memory for FF B2, a presentation in its data', () => {
    const card = cardWith({ firmware: firmwareOf2006 });
    send(card, SELECT);
    expect(send(card, 'FFB0000004')).toBe('922310910F9000');
    expect(send(card, 'FFB0000008')).toBe('92231091FFFFFFFFFF009000');
    expect(send(card, 'FFB2000004')).toBe('922310919000');
    expect(send(card, 'FF200000020000')).toBe('FE00009000');
    expect(send(card, PRESENT)).toBe('FFA1B29000');
  });

  it('changes the code in two single-byte writes, and a cut leaves a mixture', () => {
    const card = cardWith();
    for (const apdu of [SELECT, PRESENT]) send(card, apdu);
    let writes = 0;
    card.cutHook = ({ memory, half }) => memory === 'security' && half === 'write' && writes++ === 1;
    expect(() => send(card, 'FFD20001021122')).toThrow(PowerCut);
    expect(String(card.snapshot().state['code']).slice(0, 2)).toBe('11');
  });

  it('comes back whole from a snapshot', () => {
    const card = cardWith({ errorCounter: 0x0f });
    const again = SimulatedSle4428Card.restore(card.snapshot());
    expect(again.snapshot()).toEqual(card.snapshot());
  });

  it('leaves the factory with bytes 0–7 and 21–26 protected, and the issuer with the serial', () => {
    const bits = (card: { snapshot(): { state: Readonly<Record<string, unknown>> } }): string =>
      String(card.snapshot().state['protection']).slice(0, 10);
    expect(bits(sle4428Kind.blank())).toBe('00FF1FF8FF');
    expect(bits(sle4428Kind.issue({ contents: [], codes: [{ key: 0, code: CODE }] }))).toBe('00001FF8FF');
  });
});

describe('a torn SLE4428', () => {
  function tornAt(operation: number, apdus: readonly string[], seed: number): SimulatedSle4428Card {
    const card = cardWith({ seed });
    let count = 0;
    card.cutHook = () => count++ === operation;
    expect(() => apdus.map((apdu) => send(card, apdu))).toThrow(PowerCut);
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
        send(card, SELECT);
        expect(send(card, PRESENT)).toBe('90FF');
      }
    }
    expect([...seen].sort()).toEqual([0xfe, 0xff]);
  });

  it('leaves a byte between old and FF, or between FF and new', () => {
    const seen = new Set<number>();
    const write = ['FFD0004001F0', 'FFD00040010F'];
    for (let seed = 1; seed < 60; seed++) {
      const erasing = tornAt(3, [SELECT, PRESENT, ...write], seed).main[0x40] ?? 0;
      expect(erasing & 0xf0).toBe(0xf0);
      const writing = tornAt(4, [SELECT, PRESENT, ...write], seed).main[0x40] ?? 0;
      expect(writing & 0x0f).toBe(0x0f);
      seen.add(erasing).add(writing);
    }
    expect(seen.size).toBeGreaterThan(10);
  });

  it('forgets the code with its power', () => {
    const card = tornAt(2, [SELECT, PRESENT, 'FFD000400100'], 3);
    card.powerOn();
    send(card, SELECT);
    const before = card.main[0x41];
    expect(send(card, 'FFD000410100')).toBe('9000');
    expect(card.main[0x41]).toBe(before);
  });
});
