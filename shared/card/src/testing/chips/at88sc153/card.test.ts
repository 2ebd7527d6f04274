import { describe, expect, it } from 'vitest';
import { CONFIG, PASSWORD } from '../../../chip/at88sc153/constants.ts';
import { fromHex, toHex } from '../../../bytes/hex.ts';
import { PowerCut } from '../../simulated-card.ts';
import { plainConfig, SimulatedAt88sc153Card, WRITE_0_ACCESS, type SimulatedAt88sc153Init } from './card.ts';
import { at88sc153Kind } from './kind.ts';

const SELECT = 'FFA400000103';
const VERIFY = 'FF20000003A0A1A2';
const CODE = { key: PASSWORD.write0, code: fromHex('A0A1A2') };

function cardWith(init: Partial<SimulatedAt88sc153Init> = {}): SimulatedAt88sc153Card {
  const config = plainConfig([CODE]);
  config.fill(WRITE_0_ACCESS, CONFIG.accessRegisters, CONFIG.accessRegisters + 3);
  const user = new Uint8Array(64).fill(0xff);
  const card = new SimulatedAt88sc153Card({ zones: [user, user, user, config], fuses: 0, ...init });
  card.powerOn();
  return card;
}

const send = (card: SimulatedAt88sc153Card, ...apdus: readonly string[]): string =>
  apdus.map((apdu) => toHex(card.transmit(fromHex(apdu)))).at(-1) ?? '';
const pac = (card: SimulatedAt88sc153Card): number => card.zone('config')?.[0x30] ?? 0;

describe('the reader part of the simulated AT88SC153 (ACR38x Reference Manual 6.04 §9.3.3)', () => {
  it('shows the pseudo answer to reset and wants the card type first', () => {
    const card = cardWith();
    expect(toHex(card.powerOn() ?? new Uint8Array())).toBe('3B042CAA55A1');
    expect(send(card, 'FFB3000004')).toBe('6300');
    expect(send(card, 'FFA400000104')).toBe('6300');
    expect(send(card, SELECT)).toBe('9000');
    expect(send(card, 'FFB3000004')).toBe('2CAA55A19000');
  });

  it('has one instruction for each zone and for the fuses', () => {
    const card = cardWith();
    send(card, SELECT, VERIFY, 'FFD000050111', 'FFD100050122', 'FFD200050133');
    expect(['FFB0000501', 'FFB1000501', 'FFB2000501'].map((apdu) => send(card, apdu))).toEqual([
      '119000',
      '229000',
      '339000',
    ]);
    expect(send(card, 'FFB4000001')).toBe('009000');
    expect(send(card, 'FFB0003F02')).toBe('6B00');
    expect(send(card, 'FFB0000000')).toBe('6D00');
    expect(send(card, 'FF20000403A0A1A2')).toBe('6B00');
  });

  it('answers a right password with 90 FF and a wrong one with 90 and the counter, at last 90 00', () => {
    const card = cardWith();
    expect(send(card, SELECT, VERIFY)).toBe('90FF');
    const wrong = 'FF20000003000000';
    expect([1, 2, 3, 4, 5].map(() => send(card, wrong))).toEqual(['90EE', '90CC', '9088', '9000', '9000']);
    expect(send(card, VERIFY)).toBe('9000');
  });

  it('presents the password of P2, by rp', () => {
    const card = cardWith();
    send(card, SELECT, 'FF20000203000000', 'FF20000103000000', 'FF20000103000000');
    expect(card.tries.map(({ left }) => left)).toEqual([4, 2, 3, 4]);
  });

  it('divides a longer write at pages; where it does not, the chip rolls over', () => {
    const apdu = 'FFD0000604A1A2A3A4';
    const whole = cardWith();
    send(whole, SELECT, VERIFY, apdu);
    expect(toHex((whole.zone('user0') ?? new Uint8Array()).subarray(0, 10))).toBe('FFFFFFFFFFFFA1A2A3A4');
    const rolled = cardWith({ splitsPages: false });
    send(rolled, SELECT, VERIFY, apdu);
    expect(toHex((rolled.zone('user0') ?? new Uint8Array()).subarray(0, 10))).toBe('A3A4FFFFFFFFA1A2FFFF');
  });

  it('works with a chip whose acknowledge does not show: it waits instead', () => {
    const card = cardWith({ showsAck: false });
    expect(send(card, SELECT, VERIFY, 'FFD000080103')).toBe('9000');
    expect(send(card, 'FFB0000801')).toBe('039000');
  });

  it('comes back whole from a snapshot', () => {
    const card = at88sc153Kind.issue({ contents: [], codes: [CODE], seed: 3 });
    expect(at88sc153Kind.restore(card.snapshot()).snapshot()).toEqual(card.snapshot());
    const blank = at88sc153Kind.blank();
    expect(at88sc153Kind.restore(blank.snapshot()).snapshot()).toEqual(blank.snapshot());
  });
});

describe('a torn AT88SC153', () => {
  /** Cut inside the nth EEPROM operation of the commands. */
  function tornAt(operation: number, seed: number, ...apdus: readonly string[]): SimulatedAt88sc153Card {
    const card = cardWith({ seed });
    let count = 0;
    card.cutHook = () => count++ === operation;
    expect(() => send(card, SELECT, ...apdus)).toThrow(PowerCut);
    card.cutHook = undefined;
    card.powerOn();
    return card;
  }

  it('loses at most one try in a presentation, and the next right code brings it back', () => {
    const seen = new Set<number>();
    for (let seed = 1; seed < 60; seed++) {
      for (const operation of [0, 1]) {
        const card = tornAt(operation, seed, VERIFY);
        seen.add(pac(card));
        expect(card.tries[0]?.left).toBeGreaterThanOrEqual(3);
        expect(send(card, SELECT, VERIFY)).toBe('90FF');
        expect(pac(card)).toBe(0xff);
      }
    }
    // FE and EF are in no table: half a change, one try lost.
    expect([...seen].sort((a, b) => a - b)).toEqual([0xee, 0xef, 0xfe, 0xff]);
  });

  it('leaves the bytes of a page in all three states: old, between and new', () => {
    const pages = new Set<string>();
    for (let seed = 1; seed < 20; seed++) {
      for (let operation = 2; operation < 10; operation++) {
        const card = tornAt(operation, seed, VERIFY, 'FFD000000400000000');
        pages.add(toHex((card.zone('user0') ?? new Uint8Array()).subarray(0, 4)));
      }
    }
    expect(pages.has('FFFFFFFF')).toBe(true);
    expect(pages.has('0000FFFF')).toBe(true);
    expect(pages.size).toBeGreaterThan(10);
  });

  it('forgets the password with its power', () => {
    const card = tornAt(2, 1, VERIFY, 'FFD000000100');
    expect(send(card, SELECT, 'FFD000080155')).toBe('9000');
    expect(card.zone('user0')?.[8]).toBe(0xff);
  });
});
