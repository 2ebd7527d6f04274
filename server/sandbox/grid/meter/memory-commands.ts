import type { Region } from '@bianmin/card/chip/region';
import type { MemoryChip } from '@bianmin/card/testing/meter-files';
import type { LineAnswer } from './card-access.ts';

/**
 * How a meter speaks to one memory chip, by commands of our own and not by the driver under test. A real meter has
 * the chip's own bus; this one has the words of an ACS reader (manuals ACR38K, ACR38x, ACR1281U), which the simulated
 * chip turns into that bus.
 */
export interface MeterChipCommands {
  /** Data of FF A4, which selects the card's type. */
  readonly type: number;
  /** Header of a reading: four bytes, the length follows. */
  read(at: Region): Header;
  /** Header of a write: four bytes, length and data follow. */
  write(at: Region): Header;
  /** Header of what must raise bits before a write, on chips whose writes only lower them; the length follows. */
  erase?(at: Region): Header;
  /** Tries of a code, without burning one; `full` is what a right code brings back. */
  tries(key: number): {
    readonly command: readonly number[];
    left(answer: LineAnswer): number;
    readonly full: number;
  };
  /** Header of the presentation of a code, and what goes before the code. */
  present(key: number): { readonly header: Header; readonly prefix: readonly number[] };
  /** Most bytes that one write carries without crossing a page, from this offset. */
  room(offset: number): number;
  /** The reader sends each byte's lowest bit first where the chip counts its highest first. */
  readonly reversed?: true;
}

type Header = readonly [number, number, number, number];

const bits = (value: number): number => value.toString(2).replaceAll('0', '').length;
const addressed = (ins: number, address: number): Header => [0xff, ins, address >> 8, address & 0xff];
const zoneNumber = ({ zone }: Region): number => Number(zone.slice(-1));
const anywhere = (): number => 0xff;
const first = ({ data }: LineAnswer): number => data[0] ?? 0;

/** AT88SC153: four tries in codes of equal nibbles; a torn one counts as fewer. */
const FOUR_TRIES: Readonly<Record<number, number>> = { 0xff: 4, 0xee: 3, 0xcc: 2, 0x88: 1 };

/** AT88SC1602, as our own table assumes it: bytes from the chip's start of each zone, code and counter. */
const SERIAL_ZONES: Readonly<Record<string, number>> = { iz: 2, az1: 27 };
const SERIAL_CODES = [
  { code: 10, counter: 12 },
  { code: 24, counter: 26 },
] as const;
const serialAt = ({ zone, offset }: Region): number => (SERIAL_ZONES[zone] ?? 0) + offset;
const serialCode = (key: number): (typeof SERIAL_CODES)[number] => SERIAL_CODES[key === 0 ? 0 : 1];

export const METER_COMMANDS: Readonly<Record<MemoryChip, MeterChipCommands>> = {
  SLE4442: {
    type: 0x06,
    read: ({ offset }) => [0xff, 0xb0, 0x00, offset],
    write: ({ offset }) => [0xff, 0xd0, 0x00, offset],
    // Bits 0 to 2 of the counter.
    tries: () => ({
      command: [0xff, 0xb1, 0x00, 0x00, 0x04],
      left: (answer) => bits(first(answer) & 0x07),
      full: 3,
    }),
    present: () => ({ header: [0xff, 0x20, 0x00, 0x00], prefix: [] }),
    room: anywhere,
  },
  SLE4428: {
    type: 0x05,
    read: ({ offset }) => addressed(0xb0, offset),
    write: ({ offset }) => addressed(0xd0, offset),
    tries: () => ({
      command: [0xff, 0xb1, 0x00, 0x00, 0x03],
      left: (answer) => bits(first(answer)),
      full: 8,
    }),
    present: () => ({ header: [0xff, 0x20, 0x00, 0x00], prefix: [] }),
    room: anywhere,
  },
  AT88SC1608: {
    type: 0x04,
    read: (at) => [0xff, 0xb0, zoneNumber(at), at.offset],
    write: (at) => [0xff, 0xd0, zoneNumber(at), at.offset],
    // Attempts counters of the write passwords are every eight bytes of the configuration zone from 40.
    tries: (key) => ({
      command: [0xff, 0xb1, 0x00, 0x40 + 8 * key, 0x01],
      left: (answer) => bits(first(answer)),
      full: 8,
    }),
    present: (key) => ({ header: [0xff, 0x20, 0x00, 0x00], prefix: [key] }),
    room: (offset) => 16 - (offset % 16),
  },
  AT88SC153: {
    type: 0x03,
    read: (at) => [0xff, 0xb0 + zoneNumber(at), 0x00, at.offset],
    write: (at) => [0xff, 0xd0 + zoneNumber(at), 0x00, at.offset],
    // The attempts counter of Write 0 is at 30 of the configuration zone.
    tries: () => ({
      command: [0xff, 0xb3, 0x00, 0x30, 0x01],
      left: (answer) => FOUR_TRIES[first(answer)] ?? 0,
      full: 4,
    }),
    present: (key) => ({ header: [0xff, 0x20, 0x00, key], prefix: [] }),
    room: (offset) => 8 - (offset % 8),
  },
  AT88SC1602: {
    type: 0x0a,
    reversed: true,
    read: (at) => addressed(0xb0, serialAt(at)),
    write: (at) => addressed(0xd0, serialAt(at)),
    erase: (at) => addressed(0xd2, serialAt(at)),
    tries: (key) => ({
      command: [...addressed(0xb0, serialCode(key).counter), 0x01],
      left: (answer) => bits(first(answer)),
      full: 8,
    }),
    present: (key) => ({ header: addressed(0x20, serialCode(key).code), prefix: [] }),
    room: anywhere,
  },
};
