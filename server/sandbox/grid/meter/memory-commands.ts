import type { Region } from '@bianmin/shared/chip/region';
import type { MemoryChip } from '@bianmin/shared/testing/meter-files';
import type { LineAnswer } from './card-access.ts';

/**
 * How a meter speaks to one memory chip, by commands of our own and not by the driver under test. A real meter has
 * the chip's own bus; this one has the words of an ACS reader (manuals ACR38K, ACR1281U), which the simulated chip
 * turns into that bus.
 */
export interface MeterChipCommands {
  /** Data of FF A4, which selects the card's type. */
  readonly type: number;
  /** Header of a reading: four bytes, the length follows. */
  read(at: Region): readonly number[];
  /** Header of a write: four bytes, length and data follow. */
  write(at: Region): readonly number[];
  /** Tries of a code, without burning one. */
  tries(key: number): { readonly command: readonly number[]; left(answer: LineAnswer): number };
  /** Header of the presentation of a code, with what goes before the code, and the status words of success. */
  present(key: number): {
    readonly header: readonly number[];
    readonly prefix: readonly number[];
    readonly sw: number;
  };
  /** Most bytes that one write carries without crossing a page, from this offset. */
  room(offset: number): number;
}

const bits = (value: number): number => value.toString(2).replaceAll('0', '').length;
const high = (offset: number): number => offset >> 8;
const low = (offset: number): number => offset & 0xff;
const anywhere = (): number => 0xff;

export const METER_COMMANDS: Readonly<Partial<Record<MemoryChip, MeterChipCommands>>> = {
  SLE4442: {
    type: 0x06,
    read: ({ offset }) => [0xff, 0xb0, 0x00, offset],
    write: ({ offset }) => [0xff, 0xd0, 0x00, offset],
    // Three tries: bits 0 to 2 of the counter.
    tries: () => ({
      command: [0xff, 0xb1, 0x00, 0x00, 0x04],
      left: ({ data }) => bits((data[0] ?? 0) & 0x07),
    }),
    // 90 07: three tries again, which only the right code brings back.
    present: () => ({ header: [0xff, 0x20, 0x00, 0x00], prefix: [], sw: 0x9007 }),
    room: anywhere,
  },
  SLE4428: {
    type: 0x05,
    read: ({ offset }) => [0xff, 0xb0, high(offset), low(offset)],
    write: ({ offset }) => [0xff, 0xd0, high(offset), low(offset)],
    tries: () => ({ command: [0xff, 0xb1, 0x00, 0x00, 0x03], left: ({ data }) => bits(data[0] ?? 0) }),
    present: () => ({ header: [0xff, 0x20, 0x00, 0x00], prefix: [], sw: 0x90ff }),
    room: anywhere,
  },
};
