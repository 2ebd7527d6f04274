import { ACS_CARD_TYPE, decodeAcs } from '../../../chip/dialect/acs.ts';
import { ACS_AT88SC1608 } from '../../../chip/at88sc1608/acs.ts';
import {
  COMMAND,
  CONFIG_SIZE,
  counterAddress,
  FUSE_ADDRESS,
  PAGE_SIZE,
  PASSWORD_SIZE,
  PASSWORDS,
  USER_ZONE_SIZE,
  USER_ZONES,
} from '../../../chip/at88sc1608/constants.ts';
import { AUTH_BLOCK_SIZE } from '../../../chip/at88/f2.ts';
import { awaitCycle } from '../at88/await-cycle.ts';
import type { At88Sc1608Chip } from './chip.ts';

const SUCCESS = 0x9000;
const FAILED = 0x6300;
const WRONG_PARAMETERS = 0x6b00;
const UNKNOWN_INSTRUCTION = 0x6d00;

export interface At88Sc1608FirmwareOptions {
  /**
   * Whether a write that crosses a page is split. The manual says that selecting the type sets the page size, not
   * what becomes of a longer write.
   */
  readonly splitsPages?: boolean;
}

/**
 * The part of an ACS reader that turns pseudo-APDUs into an AT88SC1608's bus commands. Answers as the manuals
 * describe; where they are silent (no type selected, bytes beyond the end) it fails with 63 00 or 6B 00.
 */
export class AcsAt88Sc1608Firmware {
  readonly #chip: At88Sc1608Chip;
  readonly #splitsPages: boolean;
  #selected = false;
  #zone: number | undefined;

  constructor(chip: At88Sc1608Chip, options: At88Sc1608FirmwareOptions = {}) {
    this.#chip = chip;
    this.#splitsPages = options.splitsPages ?? true;
  }

  /** The reader lost or gave power: the card type must be selected anew, and the chip has no zone selected. */
  reset(): void {
    this.#selected = false;
    this.#zone = undefined;
  }

  transmit(apdu: Uint8Array): Uint8Array {
    const command = decodeAcs(ACS_AT88SC1608, apdu);
    if (command === undefined) return answer(UNKNOWN_INSTRUCTION);
    if (command.name === 'selectType') return this.#select(command.data);
    if (!this.#selected) return answer(FAILED);
    const { p1: zone, p2: address, data = new Uint8Array(), length = 0 } = command;
    switch (command.name) {
      case 'read':
        if (zone >= USER_ZONES || address + length > USER_ZONE_SIZE) return answer(WRONG_PARAMETERS);
        this.#setZone(zone);
        return answer(SUCCESS, this.#chip.transfer(Uint8Array.of(COMMAND.readUser, address), length).data);
      case 'readConfig':
        return address + length > (address === FUSE_ADDRESS ? FUSE_ADDRESS + 1 : CONFIG_SIZE)
          ? answer(WRONG_PARAMETERS)
          : answer(SUCCESS, this.#readConfig(address, length));
      case 'write':
        if (zone >= USER_ZONES || address + data.length > USER_ZONE_SIZE) return answer(WRONG_PARAMETERS);
        this.#setZone(zone);
        return this.#write(COMMAND.writeUser, address, data);
      case 'writeConfig':
        return address + data.length > CONFIG_SIZE
          ? answer(WRONG_PARAMETERS)
          : this.#write(COMMAND.writeConfig, address, data);
      case 'blowFuse':
        return address === FUSE_ADDRESS
          ? this.#send(COMMAND.writeConfig, FUSE_ADDRESS)
          : answer(WRONG_PARAMETERS);
      case 'verifyPassword':
        return this.#verify(data);
      case 'initializeAuthentication':
        return data.length === AUTH_BLOCK_SIZE
          ? this.#send(COMMAND.initializeAuthentication, ...data)
          : answer(WRONG_PARAMETERS);
      case 'verifyAuthentication':
        return data.length === AUTH_BLOCK_SIZE
          ? this.#send(COMMAND.verifyAuthentication, ...data)
          : answer(WRONG_PARAMETERS);
    }
  }

  #select(data: Uint8Array | undefined): Uint8Array {
    if (data?.length !== 1) return answer(WRONG_PARAMETERS);
    // Selecting powers the card anew, whatever was there before.
    this.#chip.reset();
    this.#zone = undefined;
    this.#selected = data[0] === ACS_CARD_TYPE.at88sc1608;
    return answer(this.#selected ? SUCCESS : FAILED);
  }

  /** Once for as long as the zone stays: it lasts until another is set or power is gone. */
  #setZone(zone: number): void {
    if (zone === this.#zone) return;
    this.#chip.transfer(Uint8Array.of(COMMAND.setUserZone, zone));
    this.#zone = zone;
  }

  #readConfig(address: number, length: number): Uint8Array {
    return this.#chip.transfer(Uint8Array.of(COMMAND.readConfig, address), length).data;
  }

  #write(command: number, first: number, data: Uint8Array): Uint8Array {
    if (!this.#splitsPages) return this.#send(command, first, ...data);
    for (let done = 0; done < data.length;) {
      const address = first + done;
      const part = data.subarray(done, done + PAGE_SIZE - (address % PAGE_SIZE));
      this.#send(command, address, ...part);
      done += part.length;
    }
    return answer(SUCCESS);
  }

  #verify([index = PASSWORDS, ...password]: Uint8Array): Uint8Array {
    if (index >= PASSWORDS || password.length !== PASSWORD_SIZE) return answer(WRONG_PARAMETERS);
    this.#send(COMMAND.verifyPassword, index, ...password);
    return answer(SUCCESS | (this.#readConfig(counterAddress(index), 1)[0] ?? 0));
  }

  /** One transfer that may begin a write cycle, to the end of the cycle. */
  #send(...bytes: readonly number[]): Uint8Array {
    this.#chip.transfer(Uint8Array.from(bytes));
    awaitCycle(this.#chip, COMMAND.readConfig);
    return answer(SUCCESS);
  }
}

function answer(sw: number, data: Uint8Array = new Uint8Array()): Uint8Array {
  return Uint8Array.of(...data, sw >> 8, sw & 0xff);
}
