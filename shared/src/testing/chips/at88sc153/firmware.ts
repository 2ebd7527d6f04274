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
import type { At88sc153Chip } from './chip.ts';

const SUCCESS = 0x9000;
const FAILED = 0x6300;
const WRONG_PARAMETERS = 0x6b00;
const UNKNOWN_INSTRUCTION = 0x6d00;

/**
 * The part of an ACS reader that turns pseudo-APDUs into an AT88SC153's transactions, so that what is counted is what
 * would pass on a real bus. Answers as the manuals describe; where they are silent (no type selected, bytes beyond
 * the end, a chip that does not acknowledge) it fails with 63 00 or 6B 00.
 */
export class AcsAt88sc153Firmware {
  readonly #chip: At88sc153Chip;
  #selected = false;

  constructor(chip: At88sc153Chip) {
    this.#chip = chip;
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
        return this.#give([commandByte(SPECIAL.readFuses, OPERATION.special)], length);
      case 'writeUser0':
        return this.#write(0, p2, data);
      case 'writeUser1':
        return this.#write(1, p2, data);
      case 'writeUser2':
        return this.#write(2, p2, data);
      case 'writeConfig':
        return this.#write(CONFIG_ZONE, p2, data);
      case 'writeFuse':
        return this.#take([commandByte(SPECIAL.writeFuse, OPERATION.special), ...data]);
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
    return this.#give([commandByte(zone, OPERATION.read), address], length);
  }

  /** Page by page, since within a page the address rolls over. */
  #write(zone: number, first: number, data: Uint8Array): Uint8Array {
    if (first + data.length > ZONE_SIZE) return answer(WRONG_PARAMETERS);
    for (let done = 0; done < data.length;) {
      const address = first + done;
      const part = data.subarray(done, done + PAGE_SIZE - (address % PAGE_SIZE));
      if (!this.#send([commandByte(zone, OPERATION.write), address, ...part])) return answer(FAILED);
      done += part.length;
    }
    return answer(SUCCESS);
  }

  /** Both passes, each with its own STOP and its counter read as the poll for its end. */
  #verify(password: PasswordNumber, code: Uint8Array): Uint8Array {
    if (code.length !== PASSWORD_SIZE) return answer(WRONG_PARAMETERS);
    let counter: number | undefined;
    for (let pass = 0; pass < 2; pass++) {
      if (!this.#send([commandByte(password, OPERATION.verify), ...code])) return answer(FAILED);
      counter = this.#receive([commandByte(CONFIG_ZONE, OPERATION.read), PAC_ADDRESS[password]], 1)?.[0];
    }
    return answer(counter === undefined ? FAILED : (SUCCESS & 0xff00) | counter);
  }

  #authenticate(which: number, block: Uint8Array): Uint8Array {
    if (block.length !== BLOCK_SIZE) return answer(WRONG_PARAMETERS);
    return this.#take([commandByte(which, OPERATION.special), ...block]);
  }

  #take(bytes: readonly number[]): Uint8Array {
    return answer(this.#send(bytes) ? SUCCESS : FAILED);
  }

  #send(bytes: readonly number[]): boolean {
    this.#chip.start();
    const taken = bytes.every((byte) => this.#chip.send(byte));
    this.#chip.stop();
    return taken;
  }

  #give(command: readonly number[], length: number): Uint8Array {
    const data = this.#receive(command, length);
    return data === undefined ? answer(FAILED) : answer(SUCCESS, data);
  }

  #receive(command: readonly number[], length: number): Uint8Array | undefined {
    this.#chip.start();
    const taken = command.every((byte) => this.#chip.send(byte));
    const data = Uint8Array.from({ length: taken ? length : 0 }, () => this.#chip.receive());
    this.#chip.stop();
    return taken ? data : undefined;
  }
}

function answer(sw: number, data: Uint8Array = new Uint8Array()): Uint8Array {
  return Uint8Array.of(...data, sw >> 8, sw & 0xff);
}
