import type { Clock } from '../clock.ts';
import { encodeSlotChange } from '../framing/ccid/interrupt.ts';
import { decodeCommand, encodeResponse } from '../framing/ccid/message.ts';
import type { CcidCommand, CcidResponse } from '../framing/ccid/message.ts';
import { SLOT_ERROR } from '../framing/ccid/slot-error.ts';
import type { UsbDeviceInfo, UsbEndpoint, UsbPort } from '../usb/ports.ts';
import type { ReaderFaults } from './sim-faults.ts';
import { InPipe, PACKET_SIZE, usbError } from './sim-pipes.ts';
import { descriptorFor, featuresOf, MAX_MESSAGE } from './sim-reader-descriptor.ts';
import type { SimulatedDescriptorInit } from './sim-reader-descriptor.ts';
import { SimulatedFirmware } from './sim-reader-firmware.ts';
import { SimulatedSlot } from './sim-slot.ts';
import type { PpsAnswer } from './sim-slot.ts';
import type { SimulatedCard } from './simulated-card.ts';

export interface SimulatedReaderInit extends SimulatedDescriptorInit {
  readonly clock: Clock;
  readonly id?: string;
  /** Waits on the clock for as long as the card's bus and EEPROM would take. */
  readonly realTime?: boolean;
  /** How cards answer PPS. */
  readonly pps?: PpsAnswer;
  /** 072F:90CC when absent. */
  readonly model?: { readonly vendorId: number; readonly productId: number; readonly product: string };
}

const ACR38U = { vendorId: 0x072f, productId: 0x90cc, product: 'ACR38U-CCID' } as const;
const NOTHING = new Uint8Array();

/**
 * A CCID reader on the port: it takes bytes on bulk-out and gives bytes on bulk-in and
 * interrupt-in, so that everything above the wire is the real code.
 */
export class SimulatedReader implements UsbPort {
  readonly info: UsbDeviceInfo;
  readonly ccidDescriptor: Uint8Array;
  readonly packetSize = PACKET_SIZE;
  faults: ReaderFaults = {};
  readonly #clock: Clock;
  readonly #realTime: boolean;
  readonly #slots: readonly SimulatedSlot[];
  readonly #firmware: SimulatedFirmware;
  #answers: InPipe;
  #interrupts: InPipe;
  /** An answer that waits for the next one, being late. */
  #held: Uint8Array | undefined;
  /** A command that the reader has not taken up yet. */
  #waiting: CcidCommand | undefined;
  /** Numbers of commands that ask for more time no longer. */
  readonly #aborted = new Set<number>();
  #gone = false;
  #generation = 0;

  constructor(init: SimulatedReaderInit) {
    const { level = 'tpdu', slots = 1, busySlots = 1 } = init;
    const features = featuresOf(init);
    this.#clock = init.clock;
    this.#realTime = init.realTime ?? false;
    const faults = (): ReaderFaults => this.faults;
    this.#slots = Array.from(
      { length: slots },
      () => new SimulatedSlot({ level, faults, features, pps: init.pps }),
    );
    this.#firmware = new SimulatedFirmware({
      level,
      maxMessage: init.maxMessage ?? MAX_MESSAGE,
      busySlots,
      slots: this.#slots,
      faults,
      eject: (index) => this.eject(index),
    });
    this.info = { id: init.id ?? 'simulated', manufacturer: 'Bianmin sandbox', ...(init.model ?? ACR38U) };
    this.ccidDescriptor = descriptorFor(init);
    this.#answers = new InPipe(this.#clock);
    this.#interrupts = new InPipe(this.#clock);
  }

  /** The card in the first slot. */
  get card(): SimulatedCard | undefined {
    return this.#slots[0]?.card;
  }

  /** A slot with its card's side of the line, for tests. */
  slot(index = 0): SimulatedSlot {
    const slot = this.#slots[index];
    if (slot === undefined) throw new RangeError(`the simulated reader has no slot ${index}`);
    return slot;
  }

  insert(card: SimulatedCard, index = 0): void {
    this.eject(index);
    this.slot(index).insert(card);
    this.#tell(index);
  }

  /** Takes the card out, wherever the reader is; gives it back. */
  eject(index = 0): SimulatedCard | undefined {
    const card = this.slot(index).eject();
    if (card !== undefined) this.#tell(index);
    return card;
  }

  /** Another card before the reader looks again: one notice, of a card that is there. */
  swap(card: SimulatedCard, index = 0): void {
    const slot = this.slot(index);
    slot.eject();
    slot.insert(card);
    this.#tell(index);
  }

  /** Says late, of the first slot, what it kept to itself by the fault `silent`. */
  announce(present: boolean): void {
    this.#interrupts.push(encodeSlotChange([{ present, changed: true }]));
  }

  /** Takes up the command that waits by the fault `hold`. */
  letGo(): void {
    const command = this.#waiting;
    this.#waiting = undefined;
    if (command !== undefined) void this.#carryOut(command);
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
    this.#answers = new InPipe(this.#clock);
    this.#interrupts = new InPipe(this.#clock);
    this.#held = undefined;
    this.#waiting = undefined;
    this.#firmware.restart();
    if (this.#slots.some(({ card }) => card !== undefined)) this.#tell();
    return this.#port(() => {
      this.unplug();
    });
  }

  /**
   * A port as for the next program that opens the reader, without a plug pulled: what the last one asked goes on, its answer waits
   * in the pipe, the card keeps its power, and nothing is told anew. An older port is dead.
   */
  reopen(): UsbPort {
    this.#forsake();
    return this.#port(() => {
      this.#generation++;
      this.#forsake();
    });
  }

  #forsake(): void {
    this.#answers.forsake();
    this.#interrupts.forsake();
  }

  #port(close: () => void): UsbPort {
    const generation = ++this.#generation;
    const alive = <T>(transfer: () => Promise<T>): Promise<T> =>
      generation === this.#generation ? transfer() : Promise.reject(usbError('usb.gone'));
    return {
      info: this.info,
      ccidDescriptor: this.ccidDescriptor,
      packetSize: this.packetSize,
      bulkOut: (data) => alive(() => this.bulkOut(data)),
      bulkIn: (maxLength, timeoutMs) => alive(() => this.bulkIn(maxLength, timeoutMs)),
      interruptIn: (maxLength, timeoutMs) => alive(() => this.interruptIn(maxLength, timeoutMs)),
      controlAbort: () => alive(() => this.controlAbort()),
      clearHalt: (endpoint) => alive(() => this.clearHalt(endpoint)),
      close: () => {
        if (generation === this.#generation) close();
        return Promise.resolve();
      },
    };
  }

  async bulkOut(data: Uint8Array): Promise<void> {
    if (this.#gone) throw usbError('usb.gone');
    await Promise.resolve();
    const command = decodeCommand(data);
    if (this.#count('unplugAfterBytes', data.length)) this.unplug();
    if (this.#count('removeAfterBytes', data.length)) this.eject(command.slot);
    if (this.#take('stallOut')) throw usbError('usb.stall');
    // What was not fetched of an aborted command is not sent any more.
    if (command.name === 'abort') this.#forget(command);
    else if (this.#take('hang')) return;
    if (command.name === 'xfrBlock' && this.#take('hold')) {
      this.#waiting = command;
      return;
    }
    if (command.name === 'xfrBlock' && this.#take('stall')) this.#answers.fail('usb.stall');
    else void this.#carryOut(command);
  }

  bulkIn(maxLength: number, timeoutMs: number): Promise<Uint8Array> {
    return this.#answers.read(maxLength, timeoutMs);
  }

  interruptIn(maxLength: number, timeoutMs: number): Promise<Uint8Array> {
    if (this.faults.stallInterrupts === true && !this.#gone) return Promise.reject(usbError('usb.stall'));
    return this.#interrupts.read(maxLength, timeoutMs);
  }

  controlAbort(): Promise<void> {
    if (this.#gone) return Promise.reject(usbError('usb.gone'));
    return this.faults.noAbort === 'stall' ? Promise.reject(usbError('usb.stall')) : Promise.resolve();
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

  /** As an abort wants it; a reader that knows none goes on. */
  #forget({ slot, seq }: CcidCommand): void {
    this.#answers.clear(slot);
    if (this.faults.noAbort !== undefined) return;
    this.#aborted.add(seq);
    if (this.#waiting?.slot === slot) this.#waiting = undefined;
  }

  async #carryOut(command: CcidCommand): Promise<void> {
    const slot = this.#slots[command.slot];
    const before = slot?.busyMs ?? 0;
    const response = this.#firmware.respond(command);
    if (this.#realTime && slot !== undefined) await this.#clock.sleep(slot.busyMs - before);
    if (this.faults.slowMs !== undefined) await this.#clock.sleep(this.faults.slowMs);
    this.#firmware.done(command);
    const patient =
      command.name === 'xfrBlock' || (command.name === 'iccPowerOn' && this.faults.extendsPowerUp === true);
    const extensions = patient ? (this.faults.timeExtensions ?? 0) : 0;
    for (let i = 0; i < extensions && !this.#aborted.delete(command.seq); i++) {
      const error = this.faults.extensionFactor ?? 1;
      const extension = { ...response, command: 'time-extension', error, data: NOTHING } as const;
      this.#answers.push(encodeResponse(extension), { slot: command.slot });
      if (this.faults.extensionMs !== undefined) await this.#clock.sleep(this.faults.extensionMs);
    }
    this.#send(command.slot, response);
  }

  #send(slot: number, response: CcidResponse): void {
    const bytes = encodeResponse(response);
    if (this.#count('unplugAfterBytes', bytes.length)) {
      this.unplug();
    } else if (this.#count('removeAfterBytes', bytes.length)) {
      this.eject(slot);
      const absent = { command: 'failed', error: SLOT_ERROR.mute, icc: 'absent', data: NOTHING } as const;
      this.#push(slot, encodeResponse({ ...response, ...absent }));
    } else if (bytes.length <= (this.faults.deliversAtMost ?? Infinity)) {
      this.#push(slot, this.#damaged(bytes));
    }
  }

  #push(slot: number, bytes: Uint8Array): void {
    if (this.#take('late')) {
      this.#held = bytes;
      return;
    }
    const ends = this.faults.noZeroLengthPacket !== true;
    if (this.#held !== undefined) this.#answers.push(this.#held, { ends, slot });
    this.#held = undefined;
    this.#answers.push(bytes, { ends, slot });
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

  #damaged(bytes: Uint8Array): Uint8Array {
    const { damageByte } = this.faults;
    if (damageByte === undefined) return bytes;
    delete this.faults.damageByte;
    return bytes.map((byte, i) => (i === damageByte ? byte ^ 0xff : byte));
  }

  /** Whether a fault that happens once is due; it is over then. */
  #take(fault: 'stall' | 'stallOut' | 'hang' | 'hold' | 'late'): boolean {
    if (this.faults[fault] !== true) return false;
    this.faults[fault] = false;
    return true;
  }

  /** Counts bytes towards a removal; true when this is where it happens. */
  #count(fault: 'removeAfterBytes' | 'unplugAfterBytes', bytes: number): boolean {
    const left = this.faults[fault];
    if (left === undefined) return false;
    this.faults[fault] = left - bytes;
    if (left > bytes) return false;
    delete this.faults[fault];
    return true;
  }
}
