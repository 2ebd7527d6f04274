import { ACS_CARD_TYPE, decodeAcs, type AcsCommand } from '../../../chip/dialect/acs.ts';
import { ACS_AT88SC153 } from '../../../chip/at88sc153/acs.ts';
import {
  BLOCK_SIZE,
  commandByte,
  CONFIG_ZONE,
  isPasswordNumber,
  OPERATION,
  PAC_ADDRESS,
  PAGE_SIZE,
  PASSWORD_SIZE,
  SPECIAL,
  ZONE_SIZE,
  type PasswordNumber,
} from '../../../chip/at88sc153/constants.ts';
import { awaitCycle } from '../at88/await-cycle.ts';
import type { At88sc153Chip } from './chip.ts';

const SUCCESS = 0x9000;
const FAILED = 0x6300;
const WRONG_PARAMETERS = 0x6b00;
const UNKNOWN_INSTRUCTION = 0x6d00;
/** BD: also the poll for the end of a write cycle (data sheet p. 12). */
const READ_CONFIG = commandByte(CONFIG_ZONE, OPERATION.read);

export interface AcsAt88sc153FirmwareOptions {
  /**
   * Whether a write that crosses a page is divided. The manual says that selecting the type sets the page size, not
   * what becomes of a longer write.
   */
  readonly splitsPages?: boolean;
}

/**
 * The part of an ACS reader that turns pseudo-APDUs into an AT88SC153's transfers, so that what is counted is what
 * would pass on a real bus. Answers as the manuals describe; where they are silent (no type selected, bytes beyond
 * the end) it fails with 63 00 or 6B 00.
 */
export class AcsAt88sc153Firmware {
  readonly #chip: At88sc153Chip;
  readonly #splitsPages: boolean;
  #selected = false;

  constructor(chip: At88sc153Chip, options: AcsAt88sc153FirmwareOptions = {}) {
    this.#chip = chip;
    this.#splitsPages = options.splitsPages ?? true;
  }

  /** The reader lost or gave power: the card type must be selected anew. */
  reset(): void {
    this.#selected = false;
  }

  transmit(apdu: Uint8Array): Uint8Array {
    const command = decodeAcs(ACS_AT88SC153, apdu);
    if (command === undefined) return answer(UNKNOWN_INSTRUCTION);
    if (command.name === 'selectType') return this.#select(command.data);
    return this.#selected ? this.#run(command) : answer(FAILED);
  }

  #run(command: AcsCommand<keyof typeof ACS_AT88SC153>): Uint8Array {
    const { p2, data = new Uint8Array(), length = 0 } = command;
    switch (command.name) {
      case 'selectType':
        return this.#select(data);
      case 'readUser0':
        return this.#read(0, p2, length);
      case 'readUser1':
        return this.#read(1, p2, length);
      case 'readUser2':
        return this.#read(2, p2, length);
      case 'readConfig':
        return this.#read(CONFIG_ZONE, p2, length);
      case 'readFuses':
        return answer(SUCCESS, this.#receive([commandByte(SPECIAL.readFuses, OPERATION.special)], length));
      case 'writeUser0':
        return this.#write(0, p2, data);
      case 'writeUser1':
        return this.#write(1, p2, data);
      case 'writeUser2':
        return this.#write(2, p2, data);
      case 'writeConfig':
        return this.#write(CONFIG_ZONE, p2, data);
      case 'writeFuse':
        return this.#send(commandByte(SPECIAL.writeFuse, OPERATION.special), ...data);
      case 'verifyPassword':
        return isPasswordNumber(p2) ? this.#verify(p2, data) : answer(WRONG_PARAMETERS);
      case 'initialiseAuth':
        return this.#authenticate(SPECIAL.initialiseAuth, data);
      case 'verifyAuth':
        return this.#authenticate(SPECIAL.verifyAuth, data);
    }
  }

  #select(data: Uint8Array | undefined): Uint8Array {
    if (data?.length !== 1) return answer(WRONG_PARAMETERS);
    // Selecting powers the card anew, whatever was there before.
    this.#chip.reset();
    this.#selected = data[0] === ACS_CARD_TYPE.at88sc153;
    return answer(this.#selected ? SUCCESS : FAILED);
  }

  #read(zone: number, address: number, length: number): Uint8Array {
    if (address + length > ZONE_SIZE) return answer(WRONG_PARAMETERS);
    return answer(SUCCESS, this.#receive([commandByte(zone, OPERATION.read), address], length));
  }

  /** Page by page, since within a page the address rolls over. */
  #write(zone: number, first: number, data: Uint8Array): Uint8Array {
    if (first + data.length > ZONE_SIZE) return answer(WRONG_PARAMETERS);
    const command = commandByte(zone, OPERATION.write);
    if (!this.#splitsPages) return this.#send(command, first, ...data);
    for (let done = 0; done < data.length;) {
      const address = first + done;
      const part = data.subarray(done, done + PAGE_SIZE - (address % PAGE_SIZE));
      this.#send(command, address, ...part);
      done += part.length;
    }
    return answer(SUCCESS);
  }

  /** Both passes, each with its own STOP and write cycle, then the counter. */
  #verify(password: PasswordNumber, code: Uint8Array): Uint8Array {
    if (code.length !== PASSWORD_SIZE) return answer(WRONG_PARAMETERS);
    for (let pass = 0; pass < 2; pass++) this.#send(commandByte(password, OPERATION.verify), ...code);
    const [counter = 0] = this.#receive([READ_CONFIG, PAC_ADDRESS[password]], 1);
    return answer((SUCCESS & 0xff00) | counter);
  }

  #authenticate(which: number, block: Uint8Array): Uint8Array {
    if (block.length !== BLOCK_SIZE) return answer(WRONG_PARAMETERS);
    return this.#send(commandByte(which, OPERATION.special), ...block);
  }

  /** One transfer that may begin a write cycle, to the end of the cycle. */
  #send(...bytes: readonly number[]): Uint8Array {
    this.#chip.transfer(Uint8Array.from(bytes));
    awaitCycle(this.#chip, READ_CONFIG);
    return answer(SUCCESS);
  }

  #receive(command: readonly number[], length: number): Uint8Array {
    return this.#chip.transfer(Uint8Array.from(command), length).data;
  }
}

function answer(sw: number, data: Uint8Array = new Uint8Array()): Uint8Array {
  return Uint8Array.of(...data, sw >> 8, sw & 0xff);
}
