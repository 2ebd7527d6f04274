import { concatBytes } from '../bytes/compare.ts';
import type { Clock } from '../clock.ts';
import {
  ACR38_CARD_TYPE,
  ACR38_OPTION,
  ACR38_STATUS,
  CARD_CAME,
  CARD_LEFT,
  HEADER,
  SLOT_STATE,
} from '../framing/acr38/constants.ts';
import { announcedAcr38Length, decodeAcr38Command, encodeAcr38Answer } from '../framing/acr38/message.ts';
import type { Acr38Answer, Acr38Command } from '../framing/acr38/message.ts';
import { parseAtr } from '../framing/atr.ts';
import type { UsbDeviceInfo, UsbEndpoint, UsbPort } from '../usb/ports.ts';
import { T1CardLine } from './sim-card-line.ts';
import { InPipe, usbError } from './sim-pipes.ts';
import { PowerCut } from './simulated-card.ts';
import type { SimulatedCard } from './simulated-card.ts';

export interface Acr38Faults {
  /** The next command is never answered. */
  hang?: boolean;
  /** The next command to the card waits in the reader until it is let go on: it then goes to whatever card is in. */
  hold?: boolean;
  /** The next answer comes so many ms late. */
  lateMs?: number;
  /** Every answer to the card's commands comes so many ms late. */
  slowMs?: number;
  /** The next answer starts with another byte. */
  damaged?: boolean;
  /** FF A4 is not answered, as by a firmware that does not know it. */
  noSelect?: boolean;
  /** The next command to the card fails with this status. */
  status?: number;
}

const FIRMWARE = 'ACR38-SIM0';

/** The old ACR38 on its vendor-class port: frames in packets of 64 bytes, notices on the interrupt pipe. */
export class SimulatedAcr38 implements UsbPort {
  readonly info: UsbDeviceInfo = { id: 'acr38', vendorId: 0x072f, productId: 0x9000, product: 'ACR38U' };
  readonly ccidDescriptor: Uint8Array = new Uint8Array();
  readonly faults: Acr38Faults = {};
  /** Types that were selected, in their order. */
  readonly selected: number[] = [];
  readonly #clock: Clock;
  readonly #answers: InPipe;
  readonly #notices: InPipe;
  #card: SimulatedCard | undefined;
  #powered = false;
  #option: number = ACR38_OPTION.cpu;
  #type: number = ACR38_CARD_TYPE.cpuAuto;
  #line: T1CardLine | undefined;
  #partial: Uint8Array = new Uint8Array();
  #waiting: Acr38Command | undefined;
  #gone = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#answers = new InPipe(clock);
    this.#notices = new InPipe(clock);
  }

  insert(card: SimulatedCard): void {
    this.#card = card;
    this.#notices.push(Uint8Array.of(HEADER, CARD_CAME));
  }

  eject(): void {
    this.#powerOff();
    this.#card = undefined;
    this.#notices.push(Uint8Array.of(HEADER, CARD_LEFT));
  }

  /** The T=1 side of the card, while it speaks that: its knobs are for tests. */
  get t1(): T1CardLine | undefined {
    return this.#line;
  }

  /** Another card before the reader looks again: one notice, of a card that is there. */
  swap(card: SimulatedCard): void {
    this.#powerOff();
    this.insert(card);
  }

  /** Takes up the command that waits by the fault `hold`. */
  letGo(): void {
    const command = this.#waiting;
    this.#waiting = undefined;
    if (command !== undefined) void this.#answer(encodeAcr38Answer(this.#carryOut(command)));
  }

  unplug(): void {
    this.#gone = true;
    this.#powerOff();
    this.#answers.fail('usb.gone');
    this.#notices.fail('usb.gone');
  }

  async bulkOut(data: Uint8Array): Promise<void> {
    if (this.#gone) throw usbError('usb.gone');
    await Promise.resolve();
    if (data.length > 64) return; // The real one wants packets.
    this.#partial = concatBytes(this.#partial, data);
    const whole = announcedAcr38Length(this.#partial);
    if (whole === undefined || this.#partial.length < whole) return;
    const command = decodeAcr38Command(this.#partial);
    this.#partial = new Uint8Array();
    if (this.faults.hold === true && command.name.startsWith('exchange')) {
      delete this.faults.hold;
      this.#waiting = command;
      return;
    }
    const answer = encodeAcr38Answer(this.#carryOut(command));
    void this.#answer(answer);
  }

  async #answer(answer: Uint8Array): Promise<void> {
    const { hang, damaged, slowMs } = this.faults;
    const lateMs = this.faults.lateMs ?? slowMs;
    delete this.faults.hang;
    delete this.faults.lateMs;
    delete this.faults.damaged;
    if (hang === true) return;
    if (lateMs !== undefined) await this.#clock.sleep(lateMs);
    if (damaged === true) answer[0] = 0x7f;
    for (let at = 0; at < answer.length; at += 64) this.#answers.push(answer.slice(at, at + 64));
  }

  bulkIn(maxLength: number, timeoutMs: number): Promise<Uint8Array> {
    return this.#answers.read(maxLength, timeoutMs);
  }

  interruptIn(maxLength: number, timeoutMs: number): Promise<Uint8Array> {
    return this.#notices.read(maxLength, timeoutMs);
  }

  controlAbort(): Promise<void> {
    return Promise.reject(usbError('usb.stall'));
  }

  clearHalt(_endpoint: UsbEndpoint): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.unplug();
    return Promise.resolve();
  }

  #carryOut({ name, data }: Acr38Command): Acr38Answer {
    switch (name) {
      case 'status':
        return done(this.#statusBytes());
      case 'selectType':
        this.#type = data[0] ?? 0;
        this.selected.push(this.#type);
        return done();
      case 'setOption':
        this.#option = data[0] ?? 0;
        return done();
      case 'powerOn':
        return this.#powerOn();
      case 'powerOff':
        this.#powerOff();
        return done();
      case 'readerPps':
        return this.#powered ? done() : { status: ACR38_STATUS.notPowered, data: new Uint8Array() };
      case 'cardPps':
        return this.#powered ? done(data) : { status: ACR38_STATUS.notPowered, data: new Uint8Array() };
      case 'exchangeT0':
      case 'exchangeT1':
        return this.#exchange(name, data);
    }
  }

  /** A card answers only as what it is: a memory card as one, a CPU card as one. */
  #powerOn(): Acr38Answer {
    this.#powerOff();
    if (this.#card === undefined) return { status: ACR38_STATUS.notInserted, data: new Uint8Array() };
    const asMemory = this.#option === ACR38_OPTION.memory;
    const atr = (this.#card.chip !== 'CPU') === asMemory ? this.#card.powerOn() : undefined;
    if (atr === undefined) return { status: ACR38_STATUS.mute, data: new Uint8Array() };
    this.#powered = true;
    const card = this.#card;
    if (!asMemory && parseAtr(atr).protocol === 1) this.#line = new T1CardLine((apdu) => card.transmit(apdu));
    // Four bytes, as the chip gives them.
    return done(asMemory ? atr.slice(-4) : atr);
  }

  #powerOff(): void {
    if (this.#powered) this.#card?.powerOff();
    this.#powered = false;
    this.#line = undefined;
  }

  #exchange(name: 'exchangeT0' | 'exchangeT1', data: Uint8Array): Acr38Answer {
    if (!this.#powered || this.#card === undefined) {
      return { status: ACR38_STATUS.notPowered, data: new Uint8Array() };
    }
    const { status } = this.faults;
    delete this.faults.status;
    if (status !== undefined) return { status, data: new Uint8Array() };
    if (this.faults.noSelect === true && data[1] === 0xa4) {
      // The reader powers the card as that type by its own command alone.
      this.#card.transmit(data);
      return { status: 0xf4, data: new Uint8Array() };
    }
    try {
      return done(
        name === 'exchangeT1' && this.#line ? this.#line.exchange(data) : this.#card.transmit(data),
      );
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      this.eject();
      return { status: ACR38_STATUS.notInserted, data: new Uint8Array() };
    }
  }

  #statusBytes(): Uint8Array {
    const bytes = new Uint8Array(16);
    bytes.set([...FIRMWARE].map((letter) => letter.charCodeAt(0)));
    const { absent, inactive, active } = SLOT_STATE;
    bytes[15] = this.#card === undefined ? absent : this.#powered ? active : inactive;
    return bytes;
  }
}

function done(data: Uint8Array = new Uint8Array()): Acr38Answer {
  return { status: ACR38_STATUS.success, data };
}
