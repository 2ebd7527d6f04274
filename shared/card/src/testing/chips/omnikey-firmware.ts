import { decodeAcs, type AcsTable } from '../../chip/dialect/acs.ts';
import {
  decodeBusCommand,
  encodeBusAnswer,
  type BusCommand,
  type OmnikeyBus,
} from '../../chip/dialect/omnikey.ts';
import { countBits } from '../../bytes/bits.ts';

const SUCCESS = 0x9000;
const WRONG_CODE = 0x63c0;
const WRONG_PARAMETERS = 0x6b00;
const UNKNOWN_INSTRUCTION = 0x6d00;

/** What the two Siemens chips' dialects have. */
export interface OmnikeyTable extends AcsTable {
  readonly read: { readonly ins: 0xb0; readonly body: 'length' };
  readonly write: { readonly ins: 0xd6; readonly body: 'data' };
  readonly presentCode: { readonly ins: 0x20; readonly body: 'data' };
}

/** A chip as an OMNIKEY reader drives it. */
export interface OmnikeyChip {
  readonly table: OmnikeyTable;
  readonly bus: OmnikeyBus;
  readonly size: number;
  readonly codeSize: number;
  readonly counterFull: number;
  read(address: number, length: number): Uint8Array;
  write(address: number, data: number): void;
  /** Gives the counter afterwards. */
  present(code: Uint8Array): number;
  /** Undefined for what is no command of its bus. */
  command(command: BusCommand): Uint8Array | undefined;
}

export interface OmnikeyFirmwareOptions {
  /** Whether commands of the card's own bus pass; older readers answer 6D 00. */
  readonly busCommands?: boolean;
}

/**
 * An OMNIKEY reader before a Siemens chip, as far as public programs tell of it. Where they are silent (bytes beyond the
 * end, wrong lengths) it fails with 6B 00.
 */
export class OmnikeyFirmware {
  readonly #chip: OmnikeyChip;
  readonly #busCommands: boolean;

  constructor(chip: OmnikeyChip, { busCommands = true }: OmnikeyFirmwareOptions = {}) {
    this.#chip = chip;
    this.#busCommands = busCommands;
  }

  /** Power came or went: nothing is selected that could be lost. */
  reset(): void {
    // The reader finds the card's type by itself.
  }

  transmit(apdu: Uint8Array): Uint8Array {
    const onBus = this.#busCommands ? decodeBusCommand(apdu) : undefined;
    if (onBus !== undefined) return this.#onBus(onBus);
    const chip = this.#chip;
    const command = decodeAcs(chip.table, apdu);
    if (command === undefined) return answer(UNKNOWN_INSTRUCTION);
    const { name, p1, p2, data = new Uint8Array(), length = 0 } = command;
    if (name === 'presentCode') return this.#present(data);
    const address = p1 * 0x100 + p2;
    if (address + length + data.length > chip.size) return answer(WRONG_PARAMETERS);
    if (name === 'read') return answer(SUCCESS, chip.read(address, length));
    data.forEach((byte, i) => chip.write(address + i, byte));
    return answer(SUCCESS);
  }

  #present(code: Uint8Array): Uint8Array {
    const { codeSize, counterFull } = this.#chip;
    if (code.length !== codeSize) return answer(WRONG_PARAMETERS);
    const counter = this.#chip.present(code);
    return answer(counter === counterFull ? SUCCESS : WRONG_CODE | countBits(counter));
  }

  #onBus({ bus, ...command }: { readonly bus: OmnikeyBus } & BusCommand): Uint8Array {
    const data = bus === this.#chip.bus ? this.#chip.command(command) : undefined;
    return data === undefined ? answer(WRONG_PARAMETERS) : answer(SUCCESS, encodeBusAnswer(data));
  }
}

function answer(sw: number, data: Uint8Array = new Uint8Array()): Uint8Array {
  return Uint8Array.of(...data, sw >> 8, sw & 0xff);
}
