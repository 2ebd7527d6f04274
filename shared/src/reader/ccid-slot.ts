import { concatBytes } from '../bytes/compare.ts';
import { parseAtr } from '../framing/atr.ts';
import type { Atr } from '../framing/atr.ts';
import { FEATURE, SLOT_ERROR } from '../framing/ccid/constants.ts';
import { levelOf } from '../framing/ccid/descriptor.ts';
import type { CcidDescriptor } from '../framing/ccid/descriptor.ts';
import type { CcidResponse } from '../framing/ccid/message.ts';
import { FramingError } from '../framing/error.ts';
import type { CcidLink } from './ccid-link.ts';
import { ReaderError } from './error.ts';
import { GuardedSession, removed } from './guarded-session.ts';
import { Listeners } from './listeners.ts';
import type { ReaderModel } from './models.ts';
import type { CardSession, CardSlot } from './slot.ts';
import { exchangeT0, followT0 } from './t0.ts';
import type { Exchange } from './t0.ts';
import { T1Link } from './t1-link.ts';

/** bPowerSelect of PC_to_RDR_IccPowerOn: automatic, or 5, 3 and 1.8 V in this order. */
const AUTOMATIC_VOLTAGE = 0;
const VOLTAGES = [1, 2, 3] as const;

/** One slot of a CCID reader. */
export class CcidSlot implements CardSlot {
  readonly name: string;
  readonly model: ReaderModel;
  readonly #link: CcidLink;
  readonly #descriptor: CcidDescriptor;
  readonly #index: number;
  readonly #listeners = new Listeners<boolean>();
  /** What was last told to listeners or found by looking, and how often it was told. */
  #known: boolean | undefined;
  #notices = 0;
  /** Grows with every power-up and power-down: a session of an older one is over. */
  #epoch = 0;

  constructor(init: { link: CcidLink; descriptor: CcidDescriptor; index: number; model: ReaderModel }) {
    this.#link = init.link;
    this.#descriptor = init.descriptor;
    this.#index = init.index;
    this.model = init.model;
    this.name = `${init.model.name} (slot ${init.index})`;
  }

  async present(): Promise<boolean> {
    const status = await this.#link.command({ name: 'getSlotStatus', slot: this.#index });
    return status.icc !== 'absent';
  }

  onChange(listener: (present: boolean) => void): () => void {
    return this.#listeners.add(listener);
  }

  /**
   * The reader's interrupt says that a card came or went. It ends no session: it can be late, and a card that left
   * lost its power, so that the next command says so.
   */
  notify(present: boolean): void {
    this.#known = present;
    this.#notices++;
    this.#listeners.emit(present);
  }

  /** Looks into the slot and tells of a change that the reader kept to itself: some have no interrupts, or lose them. */
  async look(): Promise<void> {
    const notices = this.#notices;
    const present = await this.present();
    // A notice that came meanwhile is newer.
    if (notices !== this.#notices) return;
    if (this.#known !== undefined && this.#known !== present) this.notify(present);
    this.#known = present;
  }

  async open(): Promise<CardSession> {
    const epoch = ++this.#epoch;
    const bytes = await this.#powerOn();
    const atr = this.#parse(bytes);
    const exchange = await this.#protocol(atr, epoch);
    return new GuardedSession({
      atr: bytes,
      exchange,
      over: () => this.#epoch !== epoch,
      end: () => this.#powerOff(epoch),
    });
  }

  close(): Promise<void> {
    this.#listeners.clear();
    return this.#powerOff(this.#epoch);
  }

  async #powerOn(): Promise<Uint8Array> {
    await this.#link.command({ name: 'iccPowerOff', slot: this.#index });
    const automatic = (this.#descriptor.features & FEATURE.autoVoltage) !== 0;
    const choices = automatic
      ? [AUTOMATIC_VOLTAGE]
      : VOLTAGES.filter((voltage) => (this.#descriptor.voltages & (1 << (voltage - 1))) !== 0);
    let last: CcidResponse | undefined;
    for (const voltage of choices) {
      last = await this.#link.command({ name: 'iccPowerOn', slot: this.#index, parameters: [voltage, 0, 0] });
      // The status comes before the data: a reader can send an old ATR for a card that is not there.
      if (last.command === 'done') return last.data;
      if (last.icc === 'absent') throw failure(last, 'power');
    }
    throw new ReaderError({
      code: 'reader.mute',
      message: 'The card does not answer; put it in the right way round.',
      context: { error: last?.error },
    });
  }

  #parse(bytes: Uint8Array): Atr {
    try {
      return parseAtr(bytes);
    } catch (error) {
      if (!(error instanceof FramingError)) throw error;
      throw new ReaderError({ code: 'reader.mute', message: error.message, cause: error });
    }
  }

  /** Who speaks the card's protocol: the reader at APDU level; we at TPDU level, after telling it which. */
  async #protocol(atr: Atr, epoch: number): Promise<Exchange> {
    const level = levelOf(this.#descriptor);
    const block = (bytes: Uint8Array, waits = 1): Promise<Uint8Array> => this.#xfrBlock(bytes, waits, epoch);
    if (level === 'short-apdu' || level === 'extended-apdu') {
      // Such a reader fetches answers by itself; one that leaves 61 xx and 6C xx to us is helped out.
      return atr.protocol === 0 ? (apdu) => followT0(block, apdu) : block;
    }
    if (level === 'character') {
      throw new ReaderError({
        code: 'reader.unsupported',
        message: 'This reader works character by character; use another.',
      });
    }
    const protocol = this.#supported(atr);
    if ((this.#descriptor.features & FEATURE.autoParameters) === 0) await this.#setParameters(protocol, atr);
    if (protocol === 0) return (apdu) => exchangeT0(block, apdu);
    const link = new T1Link(block, atr);
    if ((this.#descriptor.features & FEATURE.autoIfsd) === 0) await link.announceIfsd();
    return link.transmit;
  }

  /** What the card speaks after reset, where the reader can do that; asking a card for another takes a PPS. */
  #supported({ protocol }: Atr): 0 | 1 {
    if ((protocol === 0 || protocol === 1) && (this.#descriptor.protocols & (1 << protocol)) !== 0) {
      return protocol;
    }
    throw new ReaderError({
      code: 'reader.unsupported',
      message: 'This reader does not speak the protocol of this card; use another reader.',
      context: { protocol },
    });
  }

  /** The protocol data structures of CCID rev 1.1 §6.1.7 from the ATR's own values. */
  async #setParameters(
    protocol: 0 | 1,
    { interfaceBytes, convention, ifsc, check, specific }: Atr,
  ): Promise<void> {
    // A faster speed than the one after reset is agreed on by PPS (§9), which only some readers do by themselves.
    const fast = specific || (this.#descriptor.features & FEATURE.autoPps) !== 0;
    const fiDi = (fast ? interfaceBytes['TA1'] : undefined) ?? 0x11;
    const guard = interfaceBytes['TC1'] ?? 0;
    const inverse = convention === 'inverse' ? 0x02 : 0;
    const data =
      protocol === 0
        ? [fiDi, inverse, guard, interfaceBytes['TC2'] ?? 0x0a, 0]
        : [
            fiDi,
            0x10 | inverse | (check === 'crc' ? 1 : 0),
            guard,
            interfaceBytes['TB3'] ?? 0x4d,
            0,
            ifsc,
            0,
          ];
    const answer = await this.#link.command({
      name: 'setParameters',
      slot: this.#index,
      parameters: [protocol, 0, 0],
      data: Uint8Array.from(data),
    });
    if (answer.command === 'failed' && answer.error !== SLOT_ERROR.commandNotSupported)
      throw failure(answer, 'protocol');
  }

  async #xfrBlock(bytes: Uint8Array, waits: number, epoch: number): Promise<Uint8Array> {
    let answer = await this.#block({ data: bytes, waits, level: 0 }, epoch);
    const parts = [answer.data];
    // bChainParameter 1 and 3: the answer goes on; an empty block of level 10h asks for the rest.
    while (answer.parameter === 1 || answer.parameter === 3) {
      answer = await this.#block({ data: new Uint8Array(), waits, level: 0x10 }, epoch);
      parts.push(answer.data);
    }
    return concatBytes(...parts);
  }

  async #block(
    block: { data: Uint8Array; waits: number; level: number },
    epoch: number,
  ): Promise<CcidResponse> {
    if (this.#epoch !== epoch) throw removed();
    const answer = await this.#link.command({
      name: 'xfrBlock',
      slot: this.#index,
      // bBWI: the reader itself waits so many block waiting times (§6.1.4).
      parameters: [block.waits === 1 ? 0 : block.waits & 0xff, block.level, 0],
      data: block.data,
      waits: block.waits,
    });
    if (answer.command === 'failed' || answer.icc !== 'active') throw failure(answer, 'exchange');
    return answer;
  }

  async #powerOff(epoch: number): Promise<void> {
    if (this.#epoch !== epoch) return;
    this.#epoch++;
    // The card may be gone already; then it is off.
    await this.#link.command({ name: 'iccPowerOff', slot: this.#index }).catch(() => undefined);
  }
}

function failure(answer: CcidResponse, during: 'power' | 'protocol' | 'exchange'): ReaderError {
  const context = { error: answer.error, icc: answer.icc, during };
  if (answer.icc === 'absent') {
    const code = during === 'power' ? 'reader.no-card' : 'reader.removed';
    return new ReaderError({ code, message: 'There is no card in the reader; put it in.', context });
  }
  // Power lost in the middle: a card that was pulled and put back before we noticed.
  if (answer.icc === 'inactive') return removed();
  const code = answer.error === SLOT_ERROR.mute ? 'reader.timeout' : 'reader.io';
  return new ReaderError({
    code,
    message: 'The card did not answer; take it out and put it in again.',
    context,
  });
}
