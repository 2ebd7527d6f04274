import type { MeterErrorNumber } from './errors.ts';

/** The card did not do what a meter needs; `number` is what the meter shows. */
export class MeterFault extends Error {
  readonly number: MeterErrorNumber;

  constructor(number: MeterErrorNumber, cause?: unknown) {
    super(`Meter error ${number}`, { cause });
    this.name = 'MeterFault';
    this.number = number;
  }
}

/** A card in a meter's slot, spoken to command by command. Everything fails with `MeterFault`. */
export interface MeterCard {
  readonly serial: Uint8Array;
  readonly parameters: Uint8Array;
  readonly purse: Uint8Array;
  readonly returnData: Uint8Array;
  /** Proves the meter to the card, so that it may write. Before this nothing on the card has changed. */
  unlock(): void;
  writeReturnData(bytes: Uint8Array): void;
}

/** The powered chip: one command, one answer with its two status bytes. */
export interface CardLine {
  transmit(apdu: Uint8Array): Uint8Array;
}

export interface LineAnswer {
  readonly data: Uint8Array;
  readonly sw: number;
}

/** One command with T=0's own business done: 61xx is fetched, 6Cxx asked again. */
export function exchange(line: CardLine, ...bytes: (number | Uint8Array)[]): LineAnswer {
  const apdu = Uint8Array.from(bytes.flatMap((part) => (typeof part === 'number' ? [part] : [...part])));
  const first = split(line.transmit(apdu));
  if (first.sw >> 8 === 0x6c) {
    return split(line.transmit(Uint8Array.of(...apdu.subarray(0, apdu.length - 1), first.sw & 0xff)));
  }
  if (first.sw >> 8 !== 0x61) return first;
  return split(line.transmit(Uint8Array.of(0x00, 0xc0, 0x00, 0x00, first.sw & 0xff)));
}

function split(answer: Uint8Array): LineAnswer {
  const [sw1, sw2] = answer.subarray(-2);
  if (sw1 === undefined || sw2 === undefined) throw new MeterFault(4);
  return { data: answer.subarray(0, -2), sw: (sw1 << 8) | sw2 };
}
