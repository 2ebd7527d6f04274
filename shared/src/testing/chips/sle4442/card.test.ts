import { describe, expect, it } from 'vitest';
import { CONTROL } from '../../../chip/sle4442/constants.ts';
import { Eeprom } from '../../eeprom.ts';
import { seededRandom } from '../../random.ts';
import { Sle4442Chip, type Sle4442ChipInit } from './chip.ts';
import { blankSle4442Main, SimulatedSle4442Card } from './card.ts';
import { PowerCut } from '../../simulated-card.ts';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex').toUpperCase();
const CODE = bytes('A1B2C3');

function chipWith(init: Partial<Sle4442ChipInit> = {}): { chip: Sle4442Chip; eeprom: Eeprom } {
  const eeprom = new Eeprom({ halfMs: 2.5, random: seededRandom(1) });
  return { chip: new Sle4442Chip({ eeprom, main: blankSle4442Main(), code: CODE, ...init }), eeprom };
}

const send = (chip: Sle4442Chip, control: keyof typeof CONTROL, address = 0, data = 0): Uint8Array =>
  chip.command({ control: CONTROL[control], address, data });

function present(chip: Sle4442Chip, code: Uint8Array, burnt = 0x06): void {
  send(chip, 'updateSecurity', 0, burnt);
  code.forEach((byte, i) => send(chip, 'compareCode', i + 1, byte));
  send(chip, 'updateSecurity', 0, 0xff);
}

describe('the SLE4442 chip (Siemens data sheet 07.95)', () => {
  it('answers a reset with main memory 0–3', () => {
    expect(hex(chipWith().chip.reset())).toBe('A2131091');
  });

  it('shows the code as 00 until it was presented, then as it is', () => {
    const { chip } = chipWith();
    expect(hex(send(chip, 'readSecurity'))).toBe('07000000');
    present(chip, CODE);
    expect(hex(send(chip, 'readSecurity'))).toBe('07A1B2C3');
    chip.reset();
    expect(hex(send(chip, 'readSecurity'))).toBe('07000000');
  });

  it('walks 07 → 06 → 04 → 00 on wrong codes and is then locked for ever', () => {
    const { chip } = chipWith();
    for (const counter of [0x06, 0x04, 0x00]) {
      present(chip, bytes('000000'), counter);
      expect(send(chip, 'readSecurity')[0]).toBe(counter);
    }
    present(chip, CODE, 0x00);
    present(chip, CODE, 0x07);
    expect(hex(send(chip, 'readSecurity'))).toBe('00000000');
    send(chip, 'updateMain', 0x40, 0x00);
    expect(chip.main[0x40]).toBe(0xff);
  });

  it('takes any other order of the counter bits, as other drivers use', () => {
    const { chip } = chipWith();
    present(chip, CODE, 0x03);
    expect(hex(send(chip, 'readSecurity'))).toBe('07A1B2C3');
  });

  it.each<[string, (chip: Sle4442Chip) => void]>([
    ['no counter bit burnt', (chip) => present(chip, CODE, 0x07)],
    ['bytes compared out of order', (chip) => {
      send(chip, 'updateSecurity', 0, 0x06);
      for (const at of [2, 1, 3]) send(chip, 'compareCode', at, CODE[at - 1]);
      send(chip, 'updateSecurity', 0, 0xff);
    }],
    ['a byte left out', (chip) => {
      send(chip, 'updateSecurity', 0, 0x06);
      for (const at of [1, 2]) send(chip, 'compareCode', at, CODE[at - 1]);
      send(chip, 'updateSecurity', 0, 0xff);
    }],
    ['another command in between', (chip) => {
      send(chip, 'updateSecurity', 0, 0x06);
      send(chip, 'compareCode', 1, CODE[0]);
      send(chip, 'readSecurity');
      for (const at of [2, 3]) send(chip, 'compareCode', at, CODE[at - 1]);
      send(chip, 'updateSecurity', 0, 0xff);
    }],
    ['a break in between', (chip) => {
      send(chip, 'updateSecurity', 0, 0x06);
      for (const at of [1, 2]) send(chip, 'compareCode', at, CODE[at - 1]);
      chip.break();
      send(chip, 'compareCode', 3, CODE[2]);
      send(chip, 'updateSecurity', 0, 0xff);
    }],
  ])('fails a presentation with %s', (_name, deviate) => {
    const { chip } = chipWith();
    deviate(chip);
    send(chip, 'updateMain', 0x40, 0x00);
    expect(chip.main[0x40]).toBe(0xff);
    present(chip, CODE, 0x04);
    expect(hex(send(chip, 'readSecurity'))).toBe('07A1B2C3');
  }); // prettier-ignore

  it('can be told that a break does no harm, since sources differ', () => {
    const { chip } = chipWith({ breakEndsPresentation: false });
    send(chip, 'updateSecurity', 0, 0x06);
    CODE.forEach((byte, i) => {
      chip.break();
      send(chip, 'compareCode', i + 1, byte);
    });
    send(chip, 'updateSecurity', 0, 0xff);
    expect(hex(send(chip, 'readSecurity'))).toBe('07A1B2C3');
  });

  it('protects only what it is shown to hold, for ever', () => {
    const { chip } = chipWith();
    present(chip, CODE);
    send(chip, 'writeProtection', 0x08, 0x12);
    expect(hex(send(chip, 'readProtection'))).toBe('FFFFFFFF');
    send(chip, 'writeProtection', 0x08, 0xff);
    send(chip, 'writeProtection', 0x20, 0xff);
    expect(hex(send(chip, 'readProtection'))).toBe('FFFEFFFF');
    send(chip, 'updateMain', 0x08, 0x00);
    expect(chip.main[0x08]).toBe(0xff);
  });

  it('erases only where a bit must rise', () => {
    const { chip, eeprom } = chipWith();
    present(chip, CODE);
    const half = (data: number): number => {
      eeprom.resetUsage();
      chip.resetUsage();
      send(chip, 'updateMain', 0x40, data);
      expect(chip.main[0x40]).toBe(data);
      return eeprom.ms;
    };
    expect(half(0x0f)).toBe(2.5);
    expect(chip.processingClocks).toBe(124);
    expect(half(0x01)).toBe(2.5);
    expect(half(0xf0)).toBe(5);
    expect(chip.processingClocks).toBe(255);
    expect(half(0xff)).toBe(2.5);
  });

  it('counts the clocks of its bus', () => {
    const { chip } = chipWith();
    const clocks = (run: () => void): number => {
      chip.resetUsage();
      run();
      return Math.round(chip.busMs * 50);
    };
    expect(clocks(() => chip.reset())).toBe(33);
    expect(clocks(() => send(chip, 'readMain', 0xf0))).toBe(26 + 16 * 8 + 1);
    expect(clocks(() => chip.command({ control: CONTROL.readMain, address: 0, data: 0, take: 4 }))).toBe(
      26 + 32 + 1,
    );
    expect(clocks(() => send(chip, 'readProtection'))).toBe(26 + 32 + 1);
    expect(clocks(() => send(chip, 'updateMain', 0x40, 0))).toBe(26 + 2);
  });
});

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
