import { concatBytes, equalBytes } from '../bytes/compare.ts';
import { ANSWER } from '../framing/ccid/constants.ts';
import type { CcidCommand, CcidResponse, IccState } from '../framing/ccid/message.ts';
import {
  ACR38_CARD_TYPE,
  ACR38_OPTION,
  ACR38_STATUS,
  SLOT_STATE,
  SLOT_STATE_AT,
} from '../framing/acr38/constants.ts';
import type { Acr38CommandName } from '../framing/acr38/constants.ts';
import type { Acr38Answer, Acr38Command } from '../framing/acr38/message.ts';
import { FramingError } from '../framing/error.ts';
import { decodePps } from '../framing/pps.ts';

export type Acr38Exchange = (command: Acr38Command) => Promise<Acr38Answer>;

/**
 * How a card is powered before it is known what it is: as a CPU card, and one that stays mute as a memory card. That a
 * memory card is mute as a CPU card, and that type 06 gives the answer to reset of all of them, is unconfirmed: the
 * one public driver is told the type by its configuration.
 */
const POWER_UPS = [
  { option: ACR38_OPTION.cpu, type: ACR38_CARD_TYPE.cpuAuto },
  { option: ACR38_OPTION.memory, type: ACR38_CARD_TYPE.sle4442 },
] as const;
const CPU_TYPES: readonly number[] = [ACR38_CARD_TYPE.cpuAuto, ACR38_CARD_TYPE.cpuT0, ACR38_CARD_TYPE.cpuT1];
/** The pseudo-APDU that selects a type, up to the type itself. */
const SELECT_TYPE = Uint8Array.of(0xff, 0xa4, 0x00, 0x00, 0x01);
/** A memory card's four bytes as the CCID readers show them. */
const MEMORY_ATR_HEAD = Uint8Array.of(0x3b, 0x04);
const SUCCESS_SW = Uint8Array.of(0x90, 0x00);
const PSEUDO_CLASS = 0xff;
/** CCID bError of a command that the reader does not know, and of a card that does not answer (rev 1.1 §6.2.6). */
const NOT_SUPPORTED = 0x00;
const MUTE = 0xfe;
/** The statuses that mean something else to CCID, which names the place of the byte: dwLength, bmFindexDindex. */
const PLACES = new Map<number, number>([
  [ACR38_STATUS.badLength, 0x01],
  [ACR38_STATUS.badFiDi, 0x0a],
]);

/** What CCID commands mean to the old ACR38's one slot. Throws what the exchange throws. */
export class Acr38Slot {
  readonly #exchange: Acr38Exchange;
  #powered = false;
  #protocol = 0;

  constructor(exchange: Acr38Exchange) {
    this.#exchange = exchange;
  }

  /** The card counts as without power, whatever the reader thinks. */
  lose(): void {
    this.#powered = false;
  }

  async respond(command: CcidCommand): Promise<CcidResponse> {
    switch (command.name) {
      case 'getSlotStatus':
        return response(command, { icc: await this.#state() });
      case 'iccPowerOn':
        return this.#powerOn(command);
      case 'iccPowerOff':
        await this.#send('powerOff');
        this.#powered = false;
        return response(command, { icc: await this.#state() });
      case 'setParameters':
        return this.#setParameters(command);
      case 'xfrBlock':
        return this.#transfer(command);
      default:
        return response(command, { icc: await this.#state(), command: 'failed', error: NOT_SUPPORTED });
    }
  }

  async #state(): Promise<IccState> {
    const { status, data } = await this.#send('status');
    const state = status === ACR38_STATUS.success ? data[SLOT_STATE_AT] : undefined;
    if (state === SLOT_STATE.absent || status === ACR38_STATUS.notInserted) return 'absent';
    return state === SLOT_STATE.active && this.#powered ? 'active' : 'inactive';
  }

  async #powerOn(command: CcidCommand): Promise<CcidResponse> {
    const [voltage] = command.parameters;
    let last: Acr38Answer | undefined;
    for (const { option, type } of POWER_UPS) {
      await this.#select(option, type);
      last = await this.#send('powerOn', Uint8Array.of(voltage));
      this.#powered = last.status === ACR38_STATUS.success;
      this.#protocol = 0;
      if (this.#powered) return response(command, { icc: 'active', data: shown(last.data) });
      if (last.status === ACR38_STATUS.notInserted) break;
    }
    return failure(command, last?.status ?? MUTE);
  }

  async #setParameters(command: CcidCommand): Promise<CcidResponse> {
    const [protocol] = command.parameters;
    const [fiDi = 0x11] = command.data;
    const pps = [0xff, 0x10 | protocol, fiDi];
    const { status } = await this.#send(
      'readerPps',
      Uint8Array.of(
        ...pps,
        pps.reduce((sum, byte) => sum ^ byte, 0),
      ),
    );
    if (status !== ACR38_STATUS.success) return failure(command, status);
    this.#protocol = protocol;
    return response(command, { icc: 'active', parameter: protocol, data: command.data });
  }

  async #transfer(command: CcidCommand): Promise<CcidResponse> {
    if (!this.#powered)
      return response(command, { icc: await this.#state(), command: 'failed', error: MUTE });
    const { data } = command;
    const type = data.length === SELECT_TYPE.length + 1 ? data[SELECT_TYPE.length] : undefined;
    if (type !== undefined && equalBytes(data.subarray(0, -1), SELECT_TYPE))
      return this.#selectType(command, type);
    const name = isPps(data)
      ? 'cardPps'
      : this.#protocol === 1 && data[0] !== PSEUDO_CLASS
        ? 'exchangeT1'
        : 'exchangeT0';
    const answer = await this.#send(name, data);
    if (answer.status !== ACR38_STATUS.success) return failure(command, answer.status);
    return response(command, { icc: 'active', data: answer.data });
  }

  /** The type is chosen by the reader's own command, which takes effect at the next power-up; then FF A4 goes out too. */
  async #selectType(command: CcidCommand, type: number): Promise<CcidResponse> {
    await this.#select(CPU_TYPES.includes(type) ? ACR38_OPTION.cpu : ACR38_OPTION.memory, type);
    const power = await this.#send('powerOn', Uint8Array.of(0));
    if (power.status !== ACR38_STATUS.success) return failure(command, power.status);
    const { status, data } = await this.#send('exchangeT0', command.data);
    // Whether it answers this one is unconfirmed; the type is selected either way.
    return response(command, { icc: 'active', data: status === ACR38_STATUS.success ? data : SUCCESS_SW });
  }

  async #select(option: number, type: number): Promise<void> {
    // A reader that refuses either still powers cards (R:acshk/acsccid ignores their answers).
    await this.#send('setOption', Uint8Array.of(option));
    await this.#send('selectType', Uint8Array.of(type));
  }

  #send(name: Acr38CommandName, data: Uint8Array = new Uint8Array()): Promise<Acr38Answer> {
    return this.#exchange({ name, data });
  }
}

function response(command: CcidCommand, part: Partial<CcidResponse> & { icc: IccState }): CcidResponse {
  return {
    name: ANSWER[command.name],
    slot: command.slot,
    seq: command.seq,
    command: 'done',
    error: 0,
    parameter: 0,
    data: new Uint8Array(),
    ...part,
  };
}

/** The answer to an abort: the card counts as without power. */
export function aborted(command: CcidCommand): CcidResponse {
  return response(command, { icc: 'inactive' });
}

/** The reader's status, which is CCID's bError but for the two that tell of the slot and those of `PLACES`. */
function failure(command: CcidCommand, status: number): CcidResponse {
  const absent = status === ACR38_STATUS.notInserted;
  const lost = status === ACR38_STATUS.notPowered || command.name === 'iccPowerOn';
  const icc = absent ? 'absent' : lost ? 'inactive' : 'active';
  const error = absent || lost ? MUTE : (PLACES.get(status) ?? status);
  return response(command, { icc, command: 'failed', error });
}

/** A memory card's answer to reset with the two bytes in front that the CCID readers give it. */
function shown(atr: Uint8Array): Uint8Array {
  return atr.length === 4 ? concatBytes(MEMORY_ATR_HEAD, atr) : atr;
}

function isPps(data: Uint8Array): boolean {
  try {
    decodePps(data);
    return true;
  } catch (error) {
    if (error instanceof FramingError) return false;
    throw error;
  }
}
