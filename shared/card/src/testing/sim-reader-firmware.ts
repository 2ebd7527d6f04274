import { ANSWER, CHAIN, HEADER_LENGTH, LEVEL } from '../framing/ccid/constants.ts';
import type { ExchangeLevel } from '../framing/ccid/descriptor.ts';
import type { CcidCommand, CcidResponse } from '../framing/ccid/message.ts';
import { decodeProtocolData, encodeProtocolData } from '../framing/ccid/parameters.ts';
import type { ProtocolData } from '../framing/ccid/parameters.ts';
import { SLOT_ERROR } from '../framing/ccid/slot-error.ts';
import { concatBytes } from '../bytes/compare.ts';
import { FramingError } from '../framing/error.ts';
import { DEFAULT_FI_DI } from '../framing/fi-di.ts';
import type { ReaderFaults } from './sim-faults.ts';
import type { SimulatedSlot } from './sim-slot.ts';
import { PowerCut } from './simulated-card.ts';

export interface SimulatedFirmwareInit {
  readonly level: ExchangeLevel;
  readonly maxMessage: number;
  readonly busySlots: number;
  readonly slots: readonly SimulatedSlot[];
  readonly faults: () => ReaderFaults;
  readonly eject: (slot: number) => void;
}

type Answer = (part?: Partial<CcidResponse>) => CcidResponse;

const NOTHING = new Uint8Array();
const ABSENT = { command: 'failed', error: SLOT_ERROR.mute, icc: 'absent' } as const;
/** What ResetParameters goes back to (CCID rev 1.1 §6.1.6): as after reset. */
const DEFAULTS: ProtocolData = {
  protocol: 0,
  fiDi: DEFAULT_FI_DI,
  guardTime: 0,
  waiting: 0x0a,
  clockStop: 0,
  inverse: false,
};

/** What a simulated reader does with each command, and the answer to it. */
export class SimulatedFirmware {
  readonly #init: SimulatedFirmwareInit;
  /** Which command each slot is at. */
  readonly #busy = new Map<number, CcidCommand>();
  readonly #parameters = new Map<number, ProtocolData>();
  /** Command and answer of each slot that are on their way in blocks. */
  readonly #commands = new Map<number, Uint8Array>();
  readonly #rests = new Map<number, Uint8Array>();

  constructor(init: SimulatedFirmwareInit) {
    this.#init = init;
  }

  /** As after the plug was pulled. */
  restart(): void {
    for (const state of [this.#busy, this.#parameters, this.#commands, this.#rests]) state.clear();
  }

  /** Carries a command out. Its slot is busy until `done`. */
  respond(command: CcidCommand): CcidResponse {
    const slot = this.#init.slots[command.slot];
    const answer: Answer = (part = {}) => ({
      name: ANSWER[command.name],
      slot: command.slot,
      seq: command.seq,
      icc: slot?.icc ?? 'absent',
      command: 'done',
      error: 0,
      parameter: 0,
      data: NOTHING,
      ...part,
    });
    if (slot === undefined) return answer({ command: 'failed', error: SLOT_ERROR.badSlot });
    const aborts = command.name === 'abort';
    if (!aborts && (this.#busy.has(command.slot) || this.#busy.size >= this.#init.busySlots)) {
      return answer({ command: 'failed', error: SLOT_ERROR.busy });
    }
    this.#busy.set(command.slot, command);
    return this.#carryOut(command, slot, answer);
  }

  done(command: CcidCommand): void {
    if (this.#busy.get(command.slot) === command) this.#busy.delete(command.slot);
  }

  #carryOut(command: CcidCommand, slot: SimulatedSlot, answer: Answer): CcidResponse {
    const failed = (error: number): CcidResponse => answer({ command: 'failed', error });
    const { noAbort, staleAtr, refuseSpeed } = this.#init.faults();
    switch (command.name) {
      case 'iccPowerOn': {
        const atr = slot.powerOn(command.parameters[0]);
        this.#parameters.delete(command.slot);
        this.#rests.delete(command.slot);
        if (atr !== undefined) return answer({ data: atr });
        return answer({ command: 'failed', error: SLOT_ERROR.mute, data: staleAtr ?? NOTHING });
      }
      case 'iccPowerOff':
        slot.powerOff();
        return answer();
      case 'getSlotStatus':
        return answer();
      case 'abort':
        return noAbort === 'refuse' ? failed(SLOT_ERROR.commandNotSupported) : answer();
      case 'setParameters': {
        if (!slot.powered) return failed(SLOT_ERROR.mute);
        const data = protocolData(command);
        if (data === undefined) return failed(0x07);
        if (refuseSpeed === true && data.fiDi !== DEFAULT_FI_DI) return failed(0x0a);
        if (!slot.setParameters(data)) return failed(0x0a);
        this.#parameters.set(command.slot, data);
        return this.#told(command.slot, answer);
      }
      case 'getParameters':
        return this.#told(command.slot, answer);
      case 'resetParameters':
        this.#parameters.delete(command.slot);
        return this.#told(command.slot, answer);
      case 'xfrBlock':
        return this.#transfer(command, slot, answer);
      default:
        return failed(SLOT_ERROR.commandNotSupported);
    }
  }

  #told(index: number, answer: Answer): CcidResponse {
    const data = this.#parameters.get(index) ?? DEFAULTS;
    return answer({ parameter: data.protocol, data: encodeProtocolData(data) });
  }

  #transfer(command: CcidCommand, slot: SimulatedSlot, answer: Answer): CcidResponse {
    const faults = this.#init.faults();
    if (!slot.powered) return answer({ command: 'failed', error: SLOT_ERROR.mute });
    if (faults.failNext !== undefined) {
      const error = faults.failNext;
      delete faults.failNext;
      return answer({ command: 'failed', error });
    }
    const [, low, high] = command.parameters;
    const level = low | (high << 8);
    try {
      if (this.#init.level === 'extended-apdu') return this.#chained({ command, level, slot }, answer);
      const data = slot.exchange(command.data, level);
      return data === undefined ? answer({ command: 'failed', error: SLOT_ERROR.mute }) : answer({ data });
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      this.#init.eject(command.slot);
      return answer(ABSENT);
    }
  }

  /** Extended APDUs in as many blocks as they need, both ways (CCID rev 1.1 §6.1.4, §6.2.1). */
  #chained(
    { command, level, slot }: { command: CcidCommand; level: number; slot: SimulatedSlot },
    answer: Answer,
  ): CcidResponse {
    const index = command.slot;
    if (level === LEVEL.expectsResponse) return this.#nextPart(index, answer, CHAIN.continues);
    const before = level === LEVEL.whole || level === LEVEL.begins ? NOTHING : this.#commands.get(index);
    if (before === undefined) return answer({ command: 'failed', error: 0x08 });
    const apdu = concatBytes(before, command.data);
    if (level === LEVEL.begins || level === LEVEL.continues) {
      this.#commands.set(index, apdu);
      return answer({ parameter: CHAIN.expectsCommand });
    }
    this.#commands.delete(index);
    this.#rests.set(index, slot.exchange(apdu, 0) ?? NOTHING);
    return this.#nextPart(index, answer, CHAIN.begins);
  }

  #nextPart(index: number, answer: Answer, going: number): CcidResponse {
    const rest = this.#rests.get(index) ?? NOTHING;
    const room = this.#init.maxMessage - HEADER_LENGTH;
    const data = rest.slice(0, room);
    this.#rests.set(index, rest.slice(room));
    if (rest.length > room) return answer({ data, parameter: going });
    return answer({ data, parameter: going === CHAIN.begins ? CHAIN.whole : CHAIN.ends });
  }
}

function protocolData({ parameters, data }: CcidCommand): ProtocolData | undefined {
  try {
    return decodeProtocolData(parameters[0], data);
  } catch (error) {
    if (error instanceof FramingError) return undefined;
    throw error;
  }
}
