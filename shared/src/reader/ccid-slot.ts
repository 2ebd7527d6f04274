import { parseAtr } from '../framing/atr.ts';
import { getSlotStatus, iccPowerOff, iccPowerOn, xfrBlock } from '../framing/ccid/commands.ts';
import type { CommandBody } from '../framing/ccid/commands.ts';
import { FEATURE, POWER } from '../framing/ccid/constants.ts';
import type { PowerSelect } from '../framing/ccid/constants.ts';
import { levelOf } from '../framing/ccid/descriptor.ts';
import type { CcidDescriptor } from '../framing/ccid/descriptor.ts';
import type { CcidResponse } from '../framing/ccid/message.ts';
import { FramingError } from '../framing/error.ts';
import { READ_MS } from './ccid-link.ts';
import type { CcidLink } from './ccid-link.ts';
import { slotFailure } from './ccid-slot-error.ts';
import { negotiate, waitingMs } from './ccid-slot-parameters.ts';
import type { ResetCard } from './ccid-slot-parameters.ts';
import { ReaderError } from './error.ts';
import { GuardedSession, removed } from './guarded-session.ts';
import { LEVELS } from './levels/levels.ts';
import type { BlockPipe } from './levels/level.ts';
import { Listeners } from './listeners.ts';
import type { ReaderModel } from './models.ts';
import type { CardSession, CardSlot } from './slot.ts';

/** In the order in which they are tried; each is the bit before its number in bVoltageSupport. */
const VOLTAGES = [POWER.volts5, POWER.volts3, POWER.volts1_8] as const;

/**
 * A power-up may take as long as three answers: a reader that chooses the voltage tries up to three. By the standard
 * one answer to reset may take 29 s (9,600 etu a character, ISO/IEC 7816-3:2006 §8.1), for which
 * R:LudovicRousseau/CCID waits a minute; a resident does not stand at a kiosk that long.
 */
const POWER_MS = 3 * READ_MS;

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
  /** At which the card answered. */
  #voltage: PowerSelect = POWER.automatic;

  constructor(init: { link: CcidLink; descriptor: CcidDescriptor; index: number; model: ReaderModel }) {
    this.#link = init.link;
    this.#descriptor = init.descriptor;
    this.#index = init.index;
    this.model = init.model;
    this.name = `${init.model.name} (slot ${init.index})`;
  }

  async present(): Promise<boolean> {
    return (await this.#command(getSlotStatus)).icc !== 'absent';
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
    await this.#command(iccPowerOff);
    const level = LEVELS[levelOf(this.#descriptor)];
    const descriptor = this.#descriptor;
    const agreed = await negotiate(await this.#powerOn(), {
      level,
      descriptor,
      pipe: this.#pipe(epoch, READ_MS),
      command: (body) => this.#command(body),
      reset: () => this.#reset(),
    });
    const pipe = this.#pipe(epoch, Math.max(READ_MS, waitingMs(agreed, descriptor)));
    const exchange = await level.start({ pipe, atr: agreed.atr, protocol: agreed.protocol, descriptor });
    return new GuardedSession({
      atr: agreed.bytes,
      exchange,
      over: () => this.#epoch !== epoch,
      end: () => this.#powerOff(epoch),
    });
  }

  close(): Promise<void> {
    this.#listeners.clear();
    return this.#powerOff(this.#epoch);
  }

  #command(body: CommandBody, timeoutMs = READ_MS): Promise<CcidResponse> {
    return this.#link.command({ ...body, slot: this.#index, timeoutMs });
  }

  /** Each voltage that the reader has, or the reader's own choice, until the card answers. */
  async #powerOn(): Promise<ResetCard> {
    const automatic = FEATURE.autoVoltage | FEATURE.autoActivation;
    const choices =
      (this.#descriptor.features & automatic) !== 0
        ? [POWER.automatic]
        : VOLTAGES.filter((voltage) => (this.#descriptor.voltages & (1 << (voltage - 1))) !== 0);
    let last: CcidResponse | undefined;
    for (const voltage of choices) {
      last = await this.#command(iccPowerOn(voltage), POWER_MS);
      this.#voltage = voltage;
      // The status comes before the data: a reader can send an old ATR for a card that is not there.
      if (last.command === 'done' && last.icc !== 'absent') return resetCard(last.data);
      if (last.icc === 'absent') break;
    }
    if (last !== undefined) throw slotFailure(last, 'power');
    throw new ReaderError({
      code: 'reader.unsupported',
      message: 'This reader names no voltage for cards; use another reader.',
    });
  }

  /** A warm reset, which the same command is for a card that has power (§6.1.1); where that fails, a cold one. */
  async #reset(): Promise<ResetCard> {
    const warm = await this.#command(iccPowerOn(this.#voltage), POWER_MS).catch(() => undefined);
    if (warm?.command === 'done' && warm.icc === 'active') return resetCard(warm.data);
    await this.#command(iccPowerOff);
    return this.#powerOn();
  }

  /** XfrBlocks for one session: nothing goes to a card that a later one has. */
  #pipe(epoch: number, timeoutMs: number): BlockPipe {
    return async ({ data, level = 0, waits = 1 }) => {
      if (this.#epoch !== epoch) throw removed();
      // bBWI: the reader itself waits so many block waiting times (§6.1.4).
      const body = xfrBlock({ data, level, bwi: waits === 1 ? 0 : waits });
      const answer = await this.#command(body, timeoutMs * waits);
      if (answer.command === 'failed' || answer.icc !== 'active') throw slotFailure(answer, 'exchange');
      return answer;
    };
  }

  async #powerOff(epoch: number): Promise<void> {
    if (this.#epoch !== epoch) return;
    this.#epoch++;
    // The card may be gone already; then it is off.
    await this.#command(iccPowerOff).catch(() => undefined);
  }
}

function resetCard(bytes: Uint8Array): ResetCard {
  try {
    return { bytes, atr: parseAtr(bytes) };
  } catch (error) {
    if (!(error instanceof FramingError)) throw error;
    throw new ReaderError({ code: 'reader.mute', message: error.message, cause: error });
  }
}
