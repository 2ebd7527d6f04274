import { ACS_CARD_TYPE, decodeAcs } from '../../../chip/dialect/acs.ts';
import { ACS_MAX_PROTECTION, ACS_SLE4428 } from '../../../chip/sle4428/acs.ts';
import {
  CONTROL,
  ERROR_COUNTER_ADDRESS,
  MEMORY_SIZE,
  PSC_ADDRESS,
  PSC_SIZE,
} from '../../../chip/sle4428/constants.ts';
import { presentSle4428 } from './present.ts';
import type { Sle4428Chip } from './chip.ts';

const SUCCESS = 0x9000;
const FAILED = 0x6300;
const WRONG_PARAMETERS = 0x6b00;
const UNKNOWN_INSTRUCTION = 0x6d00;

/**
 * The part of an ACS reader that turns pseudo-APDUs into an SLE4428's bus commands, so that what is counted is what
 * would pass on a real bus. Answers as the manuals describe; where they are silent (no type selected, bytes beyond the
 * end) it fails with 63 00 or 6B 00.
 */
export class AcsSle4428Firmware {
  readonly #chip: Sle4428Chip;
  /** ACR38 Reference Manual 1.9: readings bring protect bits, FF B2 reads memory, presentations answer in their data. */
  readonly #of2006: boolean;
  #selected = false;

  constructor(chip: Sle4428Chip, options: { readonly firmwareOf2006?: boolean } = {}) {
    this.#chip = chip;
    this.#of2006 = options.firmwareOf2006 ?? false;
  }

  /** The reader lost or gave power: the card type must be selected anew. */
  reset(): void {
    this.#selected = false;
  }

  transmit(apdu: Uint8Array): Uint8Array {
    const command = decodeAcs(ACS_SLE4428, apdu);
    if (command === undefined) return answer(UNKNOWN_INSTRUCTION);
    const { name, p1, p2, data = new Uint8Array(), length = 0 } = command;
    if (name === 'selectType') return this.#select(data);
    if (!this.#selected) return answer(FAILED);
    const address = p1 * 0x100 + p2;
    switch (name) {
      case 'read':
        return this.#of2006 ? this.#readWithProtection(address, length) : this.#read(address, length);
      case 'readErrorCounter':
        return this.#read(ERROR_COUNTER_ADDRESS, length);
      case 'readProtection':
        return this.#of2006 ? this.#read(address, length) : this.#protection(address, length);
      case 'write':
        return this.#each(CONTROL.write, address, data);
      case 'protect':
        return this.#each(CONTROL.protectEqual, address, data);
      case 'presentCode':
        return this.#present(data);
      case 'changeCode':
        return data.length === PSC_SIZE
          ? this.#each(CONTROL.write, PSC_ADDRESS, data)
          : answer(WRONG_PARAMETERS);
    }
  }

  #select(data: Uint8Array): Uint8Array {
    if (data.length !== 1) return answer(WRONG_PARAMETERS);
    // Selecting powers the card anew, whatever was there before.
    this.#chip.reset();
    this.#selected = data[0] === ACS_CARD_TYPE.sle4428;
    return answer(this.#selected ? SUCCESS : FAILED);
  }

  #read(address: number, length: number): Uint8Array {
    if (address + length > MEMORY_SIZE) return answer(WRONG_PARAMETERS);
    return answer(SUCCESS, this.#chip.command({ control: CONTROL.read, address, take: length }));
  }

  #readWithProtection(address: number, length: number): Uint8Array {
    if (address + length > MEMORY_SIZE) return answer(WRONG_PARAMETERS);
    const { data, bits } = this.#nineBits(address, length);
    return answer(SUCCESS, Uint8Array.of(...data, ...bits.subarray(0, 1 + (length >> 3))));
  }

  #protection(address: number, eighths: number): Uint8Array {
    const length = Math.min(8 * eighths, MEMORY_SIZE - address);
    if (eighths > ACS_MAX_PROTECTION || length <= 0) return answer(WRONG_PARAMETERS);
    return answer(SUCCESS, this.#nineBits(address, length).bits.subarray(0, eighths));
  }

  /** Bits beyond the last byte are 0, and there is always one byte of them more than is needed. */
  #nineBits(address: number, length: number): { data: Uint8Array; bits: Uint8Array } {
    const pairs = this.#chip.command({ control: CONTROL.readWithProtection, address, take: length });
    const bits = new Uint8Array(2 + (length >> 3));
    const data = new Uint8Array(length);
    for (let i = 0; i < length; i++) {
      data[i] = pairs[2 * i] ?? 0;
      bits[i >> 3] = (bits[i >> 3] ?? 0) | ((pairs[2 * i + 1] ?? 0) << (i & 7));
    }
    return { data, bits };
  }

  #each(
    control: typeof CONTROL.write | typeof CONTROL.protectEqual,
    first: number,
    data: Uint8Array,
  ): Uint8Array {
    if (first + data.length > MEMORY_SIZE) return answer(WRONG_PARAMETERS);
    data.forEach((byte, i) => this.#chip.command({ control, address: first + i, data: byte }));
    return answer(SUCCESS);
  }

  #present(code: Uint8Array): Uint8Array {
    if (code.length !== PSC_SIZE) return answer(WRONG_PARAMETERS);
    const counter = presentSle4428(this.#chip, code);
    if (!this.#of2006) return answer(SUCCESS | counter);
    const read = this.#chip.command({ control: CONTROL.read, address: PSC_ADDRESS, take: PSC_SIZE });
    return answer(SUCCESS, Uint8Array.of(counter, ...read));
  }
}

function answer(sw: number, data: Uint8Array = new Uint8Array()): Uint8Array {
  return Uint8Array.of(...data, sw >> 8, sw & 0xff);
}
