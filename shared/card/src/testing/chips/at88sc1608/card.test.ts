import { describe, expect, it } from 'vitest';
import { fromHex as bytes, toHex as hex } from '../../../bytes/hex.ts';
import { CONFIG, counterAddress } from '../../../chip/at88sc1608/constants.ts';
import { SimulatedAt88Sc1608Card, type SimulatedAt88Sc1608Init } from './card.ts';
import { at88sc1608Kind } from './kind.ts';

const SELECT = 'FFA400000104';
const CODE = 'A1B2C3';
const issued = () =>
  at88sc1608Kind.issue({
    contents: [{ zone: 'user0', offset: 0, data: Uint8Array.from({ length: 256 }, (_, i) => i) }],
    codes: [{ key: 0, code: bytes(CODE) }],
  });

type Card = ReturnType<typeof issued>;
const send = (card: Card, apdu: string): string => hex(card.transmit(bytes(apdu)));
/** The card's configuration in another reader. */
function inReader(card: Card, init: Partial<SimulatedAt88Sc1608Init>): SimulatedAt88Sc1608Card {
  const config = card.zone('config') ?? new Uint8Array();
  const user = Array.from({ length: 8 }, (_, zone) => card.zone(`user${zone}`) ?? new Uint8Array());
  return new SimulatedAt88Sc1608Card({ config, user, fuses: 0, ...init });
}

describe('an AT88SC1608 in an ACS reader (ACR33U-A1 reference manual 8.2.9)', () => {
  it('shows its answer to reset as readers do, and wants its type first', () => {
    const card = issued();
    expect(hex(card.powerOn() ?? new Uint8Array())).toBe('3B042CAA55A0');
    expect(send(card, 'FFB0000002')).toBe('6300');
    expect(send(card, 'FFA400000106')).toBe('6300');
    expect(send(card, SELECT)).toBe('9000');
    expect(send(card, 'FFB0000002')).toBe('00019000');
    card.powerOff();
    card.powerOn();
    expect(send(card, 'FFB0000002')).toBe('6300');
  });

  it('reads and writes zones, sets a zone at each change and only then', () => {
    const card = issued();
    card.powerOn();
    send(card, SELECT);
    const busOf = (apdu: string): number => {
      card.resetUsage();
      send(card, apdu);
      return Math.round(card.usage.busMs * 1000);
    };
    const first = busOf('FFB0001001');
    const again = busOf('FFB0001001');
    const other = busOf('FFB0031001');
    expect([first - again, other - again]).toEqual([20, 20]);
  });

  it('tells the attempts counter in the word after a password: 90 FF is success, 90 00 is locked', () => {
    const card = issued();
    card.powerOn();
    send(card, SELECT);
    expect(send(card, 'FF2000000400000000')).toBe('90FE');
    expect(send(card, `FF2000000400${CODE}`)).toBe('90FF');
    card.setTriesLeft(0);
    expect(send(card, `FF2000000400${CODE}`)).toBe('9000');
    expect(send(card, `FF2000000410${CODE}`)).toBe('6B00');
  });

  it('answers 90 00 to a write that the card refused', () => {
    const card = issued();
    card.powerOn();
    send(card, SELECT);
    expect(send(card, 'FFD0001001AA')).toBe('9000');
    expect(card.zone('user0')?.[0x10]).toBe(0x10);
  });

  it('splits a long write at pages, or begins the page anew in a reader that does not', () => {
    for (const splitsPages of [true, false]) {
      const card = inReader(issued(), { splitsPages });
      card.powerOn();
      send(card, SELECT);
      send(card, `FF2000000400${CODE}`);
      send(card, 'FFD0001E04A1A2A3A4');
      expect(hex(card.zone('user0')?.slice(0x1e, 0x22) ?? new Uint8Array())).toBe(
        splitsPages ? 'A1A2A3A4' : 'A1A22021',
      );
      expect(card.zone('user0')?.[0x10]).toBe(splitsPages ? 0x10 : 0xa3);
    }
  });

  it('works the same where the card’s acknowledge cannot be seen', () => {
    const card = inReader(issued(), { showsAck: false });
    card.powerOn();
    send(card, SELECT);
    expect(send(card, `FF2000000400${CODE}`)).toBe('90FF');
    send(card, 'FFD0001004A1A2A3A4');
    send(card, 'FFD0002004B1B2B3B4');
    expect(send(card, 'FFB0001004')).toBe('A1A2A3A49000');
    expect(send(card, 'FFB0002004')).toBe('B1B2B3B49000');
    expect(card.tries.every(({ left, full }) => left === full)).toBe(true);
  });

  it('refuses what lies beyond, and what is no command', () => {
    const card = issued();
    card.powerOn();
    send(card, SELECT);
    for (const beyond of ['FFB000FF02', 'FFB0080001', 'FFB1007F02', 'FFB1008002', 'FFD000FF020000', 'FFD1007F020000']) {
      expect(send(card, beyond), beyond).toBe('6B00');
    }
    for (const short of ['FF2000000300A1B2', 'FF8400000701020304050607', 'FF820000080102030405060708']) {
      expect(send(card, short), short).toBe(short.startsWith('FF82') ? '9000' : '6B00');
    }
    expect(send(card, 'FFEE000001')).toBe('6D00');
  }); // prettier-ignore

  it('comes out of a snapshot as it was', () => {
    const card = issued();
    card.powerOn();
    send(card, SELECT);
    send(card, 'FF2000000400000000');
    const twin = SimulatedAt88Sc1608Card.restore(card.snapshot());
    expect(twin.snapshot()).toEqual(card.snapshot());
    expect(twin.tries[0]).toEqual({ left: 7, full: 8 });
    expect(JSON.parse(JSON.stringify(card.snapshot()))).toEqual(card.snapshot());
  });

  it('is issued with seventeen counters full, its fuses blown and eight different passwords', () => {
    const card = issued();
    expect(card.tries).toHaveLength(17);
    expect(card.tries.every(({ left }) => left === 8)).toBe(true);
    expect(inReader(card, {}).fuses).toBe(0);
    const config = card.zone('config') ?? new Uint8Array();
    const passwords = Array.from({ length: 16 }, (_, key) => counterAddress(key) + 1).map((at) =>
      hex(config.slice(at, at + 3)),
    );
    expect(passwords[0]).toBe(CODE);
    expect(new Set(passwords).size).toBe(16);
    expect(hex(config.slice(CONFIG.accessRegisters.at, CONFIG.accessRegisters.at + 2))).toBe('633F');
  });

  it('is blank with its transport code only', () => {
    const card = at88sc1608Kind.blank();
    card.powerOn();
    send(card, SELECT);
    expect(send(card, 'FFB1008001')).toBe('079000');
    expect(send(card, 'FF2000000407343434')).toBe('90FF');
    expect(send(card, 'FFD1008000')).toBe('9000');
    expect(send(card, 'FFB1008001')).toBe('069000');
  });
});
