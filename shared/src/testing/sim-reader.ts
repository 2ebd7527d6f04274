import type { Clock } from '../clock.ts';
import { ANSWER, FEATURE, SLOT_ERROR } from '../framing/ccid/constants.ts';
import { encodeDescriptor } from '../framing/ccid/descriptor.ts';
import { encodeSlotChange } from '../framing/ccid/interrupt.ts';
import { decodeCommand, encodeResponse } from '../framing/ccid/message.ts';
import type { CcidCommand, CcidResponse } from '../framing/ccid/message.ts';
import type { UsbDeviceInfo, UsbEndpoint, UsbPort } from '../usb/ports.ts';
import type { ReaderFaults } from './sim-faults.ts';
import { InPipe, usbError } from './sim-pipes.ts';
import { SimulatedSlot } from './sim-slot.ts';
import { PowerCut } from './simulated-card.ts';
import type { SimulatedCard } from './simulated-card.ts';

export interface SimulatedReaderInit {
  readonly clock: Clock;
  readonly id?: string;
  /** ACR38U-CCID's own level is TPDU. */
  readonly level?: 'tpdu' | 'short-apdu';
  /** Waits on the clock for as long as the card's bus and EEPROM would take. */
  readonly realTime?: boolean;
  /** One when absent. */
  readonly slots?: number;
  /** Bits as in bVoltageSupport; 5 V alone when absent, as ACR38U-CCID. */
  readonly voltages?: number;
  /** 072F:90CC when absent. */
  readonly model?: { readonly vendorId: number; readonly productId: number; readonly product: string };
}

const ACR38U = { vendorId: 0x072f, productId: 0x90cc, product: 'ACR38U-CCID' } as const;
const MAX_MESSAGE = 271;
const ABSENT = { command: 'failed', error: SLOT_ERROR.mute, icc: 'absent' } as const;

/**
 * A CCID reader on the port: it takes bytes on bulk-out and gives bytes on bulk-in and
 * interrupt-in, so that everything above the wire is the real code.
 */
export class SimulatedReader implements UsbPort {
  readonly info: UsbDeviceInfo;
  readonly ccidDescriptor: Uint8Array;
  faults: ReaderFaults = {};
  readonly #clock: Clock;
  readonly #realTime: boolean;
  readonly #slots: readonly SimulatedSlot[];
  #answers: InPipe;
  #interrupts: InPipe;
  #gone = false;
  #generation = 0;

  constructor(init: SimulatedReaderInit) {
    const { level = 'tpdu', slots = 1, voltages = 0x01 } = init;
    this.#clock = init.clock;
    this.#realTime = init.realTime ?? false;
    this.#slots = Array.from({ length: slots }, () => new SimulatedSlot(level, () => this.faults));
    this.info = { id: init.id ?? 'simulated', manufacturer: 'Bianmin sandbox', ...(init.model ?? ACR38U) };
    this.ccidDescriptor = encodeDescriptor({
      slots,
      voltages,
      protocols: 0x03,
      features: 0x30 | (level === 'tpdu' ? FEATURE.tpdu : FEATURE.shortApdu | FEATURE.autoParameters),
      maxMessage: MAX_MESSAGE,
      maxIfsd: 254,
    });
    this.#answers = new InPipe(this.#clock);
    this.#interrupts = new InPipe(this.#clock);
  }

  /** The card in the first slot. */
  get card(): SimulatedCard | undefined {
    return this.#slots[0]?.card;
  }

  insert(card: SimulatedCard, index = 0): void {
    this.eject(index);
    this.#slot(index).insert(card);
    this.#tell(index);
  }

  /** Takes the card out, wherever the reader is; gives it back. */
  eject(index = 0): SimulatedCard | undefined {
    const card = this.#slot(index).eject();
    if (card !== undefined) this.#tell(index);
    return card;
  }

  /** Pulls the plug: every transfer ends, the card stays where it is. */
  unplug(): void {
    this.#gone = true;
    for (const slot of this.#slots) slot.powerOff();
    this.#answers.fail('usb.gone');
    this.#interrupts.fail('usb.gone');
  }

  /** A port as after enumeration: new pipes, a card without power, announced. An older port is dead. */
  attach(): UsbPort {
    if (!this.#gone) this.unplug();
    this.#gone = false;
    const generation = ++this.#generation;
    this.#answers = new InPipe(this.#clock);
    this.#interrupts = new InPipe(this.#clock);
    if (this.#slots.some(({ card }) => card !== undefined)) this.#tell();
    return {
      info: this.info,
      ccidDescriptor: this.ccidDescriptor,
      bulkOut: (data) => this.bulkOut(data),
      bulkIn: (maxLength, timeoutMs) => this.bulkIn(maxLength, timeoutMs),
      interruptIn: (maxLength, timeoutMs) => this.interruptIn(maxLength, timeoutMs),
      controlAbort: () => this.controlAbort(),
      clearHalt: (endpoint) => this.clearHalt(endpoint),
      close: () => (generation === this.#generation ? this.close() : Promise.resolve()),
    };
  }

  async bulkOut(data: Uint8Array): Promise<void> {
    if (this.#gone) throw usbError('usb.gone');
    await Promise.resolve();
    const command = decodeCommand(data);
    if (this.#countBytes(data.length)) this.eject(command.slot);
    // What was not fetched of an aborted command is not sent any more.
    if (command.name === 'abort') this.#answers.clear();
    if (this.faults.hang === true && command.name !== 'abort') {
      this.faults.hang = false;
      return;
    }
    if (this.faults.stall === true && command.name === 'xfrBlock') {
      this.faults.stall = false;
      this.#answers.fail('usb.stall');
      return;
    }
    void this.#carryOut(command);
  }

  async bulkIn(maxLength: number, timeoutMs: number): Promise<Uint8Array> {
    return this.#answers.read(maxLength, timeoutMs);
  }

  interruptIn(maxLength: number, timeoutMs: number): Promise<Uint8Array> {
    return this.#interrupts.read(maxLength, timeoutMs);
  }

  controlAbort(): Promise<void> {
    return this.#gone ? Promise.reject(usbError('usb.gone')) : Promise.resolve();
  }

  clearHalt(endpoint: UsbEndpoint): Promise<void> {
    if (endpoint === 'bulk-in') this.#answers.stalled = false;
    if (endpoint === 'interrupt-in') this.#interrupts.stalled = false;
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.unplug();
    return Promise.resolve();
  }

  async #carryOut(command: CcidCommand): Promise<void> {
    const slot = this.#slots[command.slot];
    const before = slot?.busyMs ?? 0;
    const response = this.#respond(command, slot);
    if (this.#realTime && slot !== undefined) await this.#clock.sleep(slot.busyMs - before);
    if (this.faults.slowMs !== undefined) await this.#clock.sleep(this.faults.slowMs);
    const extensions = command.name === 'xfrBlock' ? (this.faults.timeExtensions ?? 0) : 0;
    for (let i = 0; i < extensions; i++) {
      this.#answers.push(
        encodeResponse({ ...response, command: 'time-extension', error: 1, data: new Uint8Array() }),
      );
    }
    const bytes = encodeResponse(response);
    if (this.#countBytes(bytes.length)) {
      this.eject(command.slot);
      this.#answers.push(encodeResponse({ ...response, ...ABSENT, data: new Uint8Array() }));
    } else {
      this.#answers.push(this.#damaged(bytes));
    }
  }

  #respond(command: CcidCommand, slot: SimulatedSlot | undefined): CcidResponse {
    const answer = (part: Partial<CcidResponse> = {}): CcidResponse => ({
      name: ANSWER[command.name],
      slot: command.slot,
      seq: command.seq,
      icc: slot?.icc ?? 'absent',
      command: 'done',
      error: 0,
      parameter: 0,
      data: new Uint8Array(),
      ...part,
    });
    const failed = (error: number): CcidResponse => answer({ command: 'failed', error });
    if (slot === undefined) return failed(SLOT_ERROR.badSlot);
    switch (command.name) {
      case 'iccPowerOn': {
        const atr = slot.powerOn(command.parameters[0]);
        return atr === undefined ? failed(SLOT_ERROR.mute) : answer({ data: atr });
      }
      case 'iccPowerOff':
        slot.powerOff();
        return answer();
      case 'getSlotStatus':
      case 'abort':
        return answer();
      case 'setParameters':
        if (!slot.powered) return failed(SLOT_ERROR.mute);
        slot.setProtocol(command.parameters[0]);
        return answer({ parameter: command.parameters[0], data: command.data });
      case 'xfrBlock':
        if (!slot.powered) return failed(SLOT_ERROR.mute);
        try {
          return answer({ data: slot.exchange(command.data) });
        } catch (error) {
          if (!(error instanceof PowerCut)) throw error;
          this.eject(command.slot);
          return answer(ABSENT);
        }
      default:
        return failed(SLOT_ERROR.commandNotSupported);
    }
  }

  /** Notifies what is in each slot; `index` is the one that changed, all of them when absent. */
  #tell(index?: number): void {
    if (this.faults.silent === true) return;
    const slots = this.#slots.map(({ card }, each) => ({
      present: card !== undefined,
      changed: index === undefined ? card !== undefined : each === index,
    }));
    this.#interrupts.push(encodeSlotChange(slots));
  }

  #slot(index: number): SimulatedSlot {
    const slot = this.#slots[index];
    if (slot === undefined) throw new RangeError(`the simulated reader has no slot ${index}`);
    return slot;
  }

  #damaged(bytes: Uint8Array): Uint8Array {
    const { damageByte } = this.faults;
    if (damageByte === undefined) return bytes;
    delete this.faults.damageByte;
    return bytes.map((byte, i) => (i === damageByte ? byte ^ 0xff : byte));
  }

  /** Counts bytes towards a removal; true when this is where it happens. */
  #countBytes(bytes: number): boolean {
    if (this.faults.removeAfterBytes === undefined) return false;
    this.faults.removeAfterBytes -= bytes;
    if (this.faults.removeAfterBytes > 0) return false;
    delete this.faults.removeAfterBytes;
    return true;
  }
}
