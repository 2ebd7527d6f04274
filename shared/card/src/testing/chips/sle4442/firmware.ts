import { ACS_CARD_TYPE, decodeAcs } from '../../../chip/dialect/acs.ts';
import { ACS_SLE4442 } from '../../../chip/sle4442/acs.ts';
import { CONTROL, MAIN_SIZE, PSC_SIZE } from '../../../chip/sle4442/constants.ts';
import type { Sle4442Chip } from './chip.ts';
import { presentSle4442 } from './present.ts';

const SUCCESS = 0x9000;
const FAILED = 0x6300;
const WRONG_PARAMETERS = 0x6b00;
const UNKNOWN_INSTRUCTION = 0x6d00;

/**
 * The part of an ACS reader that turns pseudo-APDUs into an SLE4442's bus commands, so that what is counted is
 * what would pass on a real bus. Answers as the manuals describe; where they are silent (no type selected, bytes
 * beyond the end) it fails with 63 00 or 6B 00.
 */
export class AcsSle4442Firmware {
  readonly #chip: Sle4442Chip;
  /** Older firmware appends the protection memory to each read. */
  readonly #appendProtection: boolean;
  #selected = false;

  constructor(chip: Sle4442Chip, options: { readonly appendProtection?: boolean } = {}) {
    this.#chip = chip;
    this.#appendProtection = options.appendProtection ?? false;
  }

  /** The reader lost or gave power: the card type must be selected anew. */
  reset(): void {
    this.#selected = false;
  }

  transmit(apdu: Uint8Array): Uint8Array {
    const command = decodeAcs(ACS_SLE4442, apdu);
    if (command === undefined) return answer(UNKNOWN_INSTRUCTION);
    if (command.name === 'selectType') return this.#select(command.data);
    if (!this.#selected) return answer(FAILED);
    const { p2: address, data = new Uint8Array(), length = 0 } = command;
    switch (command.name) {
      case 'read':
        return this.#read(address, length);
      case 'readErrorCounter':
        return answer(SUCCESS, this.#security());
      case 'readProtection':
        return answer(SUCCESS, this.#chip.command({ control: CONTROL.readProtection, address: 0, data: 0 }));
      case 'write':
        return this.#each(CONTROL.updateMain, address, data);
      case 'protect':
        return this.#each(CONTROL.writeProtection, address, data);
      case 'presentCode':
        return this.#present(data);
      case 'changeCode':
        return data.length === PSC_SIZE
          ? this.#each(CONTROL.updateSecurity, 1, data)
          : answer(WRONG_PARAMETERS);
    }
  }

  #select(data: Uint8Array | undefined): Uint8Array {
    if (data?.length !== 1) return answer(WRONG_PARAMETERS);
    // Selecting powers the card anew, whatever was there before.
    this.#chip.reset();
    this.#selected = data[0] === ACS_CARD_TYPE.sle4442;
    return answer(this.#selected ? SUCCESS : FAILED);
  }

  #read(address: number, length: number): Uint8Array {
    if (address + length > MAIN_SIZE) return answer(WRONG_PARAMETERS);
    const data = this.#chip.command({ control: CONTROL.readMain, address, data: 0, take: length });
    if (!this.#appendProtection) return answer(SUCCESS, data);
    const protection = this.#chip.command({ control: CONTROL.readProtection, address: 0, data: 0 });
    return answer(SUCCESS, Uint8Array.of(...data, ...protection));
  }

  #each(
    control: typeof CONTROL.updateMain | typeof CONTROL.writeProtection | typeof CONTROL.updateSecurity,
    first: number,
    data: Uint8Array,
  ): Uint8Array {
    if (first + data.length > MAIN_SIZE) return answer(WRONG_PARAMETERS);
    data.forEach((byte, i) => this.#chip.command({ control, address: first + i, data: byte }));
    return answer(SUCCESS);
  }

  #present(code: Uint8Array): Uint8Array {
    if (code.length !== PSC_SIZE) return answer(WRONG_PARAMETERS);
    return answer(SUCCESS | presentSle4442(this.#chip, code));
  }

  #security(): Uint8Array {
    return this.#chip.command({ control: CONTROL.readSecurity, address: 0, data: 0 });
  }
}

function answer(sw: number, data: Uint8Array = new Uint8Array()): Uint8Array {
  return Uint8Array.of(...data, sw >> 8, sw & 0xff);
}
