import type { Clock } from '../clock.ts';
import { FEATURE, SLOT_ERROR } from '../framing/ccid/constants.ts';
import { encodeDescriptor } from '../framing/ccid/descriptor.ts';
import { encodeSlotChange } from '../framing/ccid/interrupt.ts';
import { decodeCommand, encodeResponse } from '../framing/ccid/message.ts';
import type { CcidCommand, CcidResponse, IccState } from '../framing/ccid/message.ts';
import { parseAtr } from '../framing/atr.ts';
import { ANSWER } from '../framing/ccid/constants.ts';
import type { UsbDeviceInfo, UsbEndpoint, UsbPort } from '../usb/ports.ts';
import { T1CardLine, apduOverT0 } from './sim-card-line.ts';
import { InPipe, usbError } from './sim-pipes.ts';
import { PowerCut } from './simulated-card.ts';
import type { SimulatedCard } from './simulated-card.ts';

/** What a simulated reader can be made to do wrong. */
export interface ReaderFaults {
  /** The card leaves before this many more APDUs have been passed to it (1: before the next). */
  removeAfterApdus?: number;
  /** The card leaves when this many more bytes have gone over the bulk pipes, either way. */
  removeAfterBytes?: number;
  /** The card leaves after the next APDU was carried out, before its answer: its effect is there, unheard. */
  removeBeforeAnswer?: boolean;
  /** Time extensions before each answer of a card. */
  timeExtensions?: number;
  /** The next answer never comes: the bulk-in pipe stalls. */
  stall?: boolean;
  /** The next command is not answered at all until it is aborted. */
  hang?: boolean;
}

export interface SimulatedReaderInit {
  readonly clock: Clock;
  readonly id?: string;
  /** ACR38U-CCID's own level is TPDU. */
  readonly level?: 'tpdu' | 'short-apdu';
  /** Waits on the clock for as long as the card's bus and EEPROM would take. */
  readonly realTime?: boolean;
  /** 072F:90CC when absent. */
  readonly model?: { readonly vendorId: number; readonly productId: number; readonly product: string };
}

const ACR38U = { vendorId: 0x072f, productId: 0x90cc, product: 'ACR38U-CCID' } as const;
const MAX_MESSAGE = 271;

/**
 * A CCID reader of one slot, on the port: it takes bytes on bulk-out and gives bytes on bulk-in and
 * interrupt-in, so that everything above the wire is the real code.
 */
export class SimulatedReader implements UsbPort {
  readonly info: UsbDeviceInfo;
  readonly ccidDescriptor: Uint8Array;
  faults: ReaderFaults = {};
  readonly #clock: Clock;
  readonly #level: 'tpdu' | 'short-apdu';
  readonly #realTime: boolean;
  #answers: InPipe;
  #interrupts: InPipe;
  #card: SimulatedCard | undefined;
  #powered = false;
  #protocol = 0;
  #line: T1CardLine | undefined;
  #gone = false;
  #generation = 0;

  constructor(init: SimulatedReaderInit) {
    this.#clock = init.clock;
    this.#level = init.level ?? 'tpdu';
    this.#realTime = init.realTime ?? false;
    this.info = { id: init.id ?? 'simulated', manufacturer: 'Bianmin sandbox', ...(init.model ?? ACR38U) };
    this.ccidDescriptor = encodeDescriptor({
      slots: 1,
      voltages: 0x01,
      protocols: 0x03,
      features: 0x30 | (this.#level === 'tpdu' ? FEATURE.tpdu : FEATURE.shortApdu | FEATURE.autoParameters),
      maxMessage: MAX_MESSAGE,
      maxIfsd: 254,
    });
    this.#answers = new InPipe(this.#clock);
    this.#interrupts = new InPipe(this.#clock);
  }

  get card(): SimulatedCard | undefined {
    return this.#card;
  }

  insert(card: SimulatedCard): void {
    if (this.#card !== undefined) this.eject();
    this.#card = card;
    this.#interrupts.push(encodeSlotChange([{ present: true, changed: true }]));
  }

  /** Takes the card out, wherever the reader is; gives it back. */
  eject(): SimulatedCard | undefined {
    const card = this.#card;
    if (card === undefined) return undefined;
    this.#powerOff();
    this.#card = undefined;
    this.#interrupts.push(encodeSlotChange([{ present: false, changed: true }]));
    return card;
  }

  /** Pulls the plug: every transfer ends, the card stays where it is. */
  unplug(): void {
    this.#gone = true;
    this.#powerOff();
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
    if (this.#card !== undefined) this.#interrupts.push(encodeSlotChange([{ present: true, changed: true }]));
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
    if (this.#countBytes(data.length)) this.eject();
    const command = decodeCommand(data);
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
    const before = this.#busyMs();
    const response = this.#respond(command);
    if (this.#realTime) await this.#clock.sleep(this.#busyMs() - before);
    const extensions = command.name === 'xfrBlock' ? (this.faults.timeExtensions ?? 0) : 0;
    for (let i = 0; i < extensions; i++) {
      this.#answers.push(
        encodeResponse({ ...response, command: 'time-extension', error: 1, data: new Uint8Array() }),
      );
    }
    const bytes = encodeResponse(response);
    if (!this.#countBytes(bytes.length)) {
      this.#answers.push(bytes);
      return;
    }
    this.eject();
    this.#answers.push(encodeResponse({ ...response, ...this.#absent(), data: new Uint8Array() }));
  }

  #respond(command: CcidCommand): CcidResponse {
    const answer = (part: Partial<CcidResponse> = {}): CcidResponse => ({
      name: ANSWER[command.name],
      slot: command.slot,
      seq: command.seq,
      icc: this.#icc(),
      command: 'done',
      error: 0,
      parameter: 0,
      data: new Uint8Array(),
      ...part,
    });
    if (command.slot !== 0) return answer({ command: 'failed', error: SLOT_ERROR.badSlot, icc: 'absent' });
    switch (command.name) {
      case 'iccPowerOn': {
        const atr = this.#powerOn();
        if (this.#card === undefined) return answer(this.#absent());
        return atr === undefined
          ? answer({ command: 'failed', error: SLOT_ERROR.mute, icc: 'inactive' })
          : answer({ data: atr });
      }
      case 'iccPowerOff':
        this.#powerOff();
        return answer();
      case 'getSlotStatus':
      case 'abort':
        return answer();
      case 'setParameters':
        if (!this.#powered) return answer({ command: 'failed', error: SLOT_ERROR.mute });
        this.#protocol = command.parameters[0];
        return answer({ parameter: this.#protocol, data: command.data });
      case 'xfrBlock':
        if (this.#card === undefined) return answer(this.#absent());
        if (!this.#powered) return answer({ command: 'failed', error: SLOT_ERROR.mute });
        return this.#exchange(command.data, answer);
      default:
        return answer({ command: 'failed', error: SLOT_ERROR.commandNotSupported });
    }
  }

  #exchange(data: Uint8Array, answer: (part?: Partial<CcidResponse>) => CcidResponse): CcidResponse {
    try {
      return answer({ data: this.#passOn(data) });
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      this.eject();
      return answer(this.#absent());
    }
  }

  #passOn(data: Uint8Array): Uint8Array {
    if (this.#line !== undefined && this.#protocol === 1) return this.#line.exchange(data);
    return this.#level === 'tpdu' ? this.#apdu(data) : apduOverT0((apdu) => this.#apdu(apdu), data);
  }

  #apdu(apdu: Uint8Array): Uint8Array {
    const card = this.#card;
    if (card === undefined) throw removal();
    if (this.faults.removeAfterApdus !== undefined && --this.faults.removeAfterApdus <= 0) {
      delete this.faults.removeAfterApdus;
      throw removal();
    }
    const response = card.transmit(apdu);
    if (this.faults.removeBeforeAnswer === true) {
      delete this.faults.removeBeforeAnswer;
      throw removal();
    }
    return response;
  }

  #powerOn(): Uint8Array | undefined {
    if (this.#powered) this.#powerOff();
    const atr = this.#card?.powerOn();
    this.#powered = atr !== undefined;
    this.#protocol = 0;
    this.#line = undefined;
    if (atr !== undefined && this.#level === 'tpdu' && parseAtr(atr).protocol === 1) {
      this.#line = new T1CardLine((apdu) => this.#apdu(apdu), parseAtr(atr).check);
    }
    return atr;
  }

  #powerOff(): void {
    if (this.#powered) this.#card?.powerOff();
    this.#powered = false;
    this.#line = undefined;
  }

  #icc(): IccState {
    if (this.#card === undefined) return 'absent';
    return this.#powered ? 'active' : 'inactive';
  }

  #absent(): Pick<CcidResponse, 'command' | 'error' | 'icc'> {
    return { command: 'failed', error: SLOT_ERROR.mute, icc: 'absent' };
  }

  /** Counts bytes towards a removal; true when this is where it happens. */
  #countBytes(bytes: number): boolean {
    if (this.faults.removeAfterBytes === undefined) return false;
    this.faults.removeAfterBytes -= bytes;
    if (this.faults.removeAfterBytes > 0) return false;
    delete this.faults.removeAfterBytes;
    return true;
  }

  #busyMs(): number {
    const usage = this.#card?.usage;
    return usage === undefined ? 0 : usage.busMs + usage.eepromMs;
  }
}

function removal(): PowerCut {
  return new PowerCut({ memory: 'reader', address: 0, half: 'write' });
}
