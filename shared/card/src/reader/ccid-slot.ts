import type { Clock } from '../clock.ts';
import { getSlotStatus, iccPowerOff, xfrBlock } from '../framing/ccid/commands.ts';
import type { CommandBody } from '../framing/ccid/commands.ts';
import { levelOf } from '../framing/ccid/descriptor.ts';
import type { CcidDescriptor } from '../framing/ccid/descriptor.ts';
import type { CcidResponse } from '../framing/ccid/message.ts';
import { APDU_MS } from './apdu-time.ts';
import { CcidPowerUp } from './ccid-power-up.ts';
import { READ_MS } from './ccid-link.ts';
import type { CcidLink } from './ccid-link.ts';
import { slotFailure } from './ccid-slot-error.ts';
import { negotiate, waitingMs } from './ccid-slot-parameters.ts';
import { Epoch } from './epoch.ts';
import { unplugged } from './error.ts';
import { GuardedSession } from './guarded-session.ts';
import { LEVELS } from './levels/levels.ts';
import type { BlockPipe } from './levels/level.ts';
import { Listeners } from './listeners.ts';
import type { ReaderModel } from './models.ts';
import type { CardSession, CardSlot } from './slot.ts';

/**
 * A power-up may take as long as three answers: a reader that chooses the voltage tries up to three. By the standard
 * one answer to reset may take 29 s (9,600 etu a character, ISO/IEC 7816-3:2006 §8.1), for which
 * R:LudovicRousseau/CCID waits a minute; a resident does not stand at a kiosk that long.
 */
const POWER_MS = 3 * READ_MS;

export interface CcidSlotInit {
  readonly link: CcidLink;
  readonly descriptor: CcidDescriptor;
  readonly index: number;
  readonly model: ReaderModel;
  /** The link's. */
  readonly clock: Clock | undefined;
}

/** What a command waits for at most. */
interface Bounds {
  /** Bytes of data of the answer where all goes as asked. */
  readonly expects?: number;
  readonly timeoutMs?: number;
  readonly epoch?: Epoch;
  /** On the clock. */
  readonly until?: number;
}

/** One slot of a CCID reader. */
export class CcidSlot implements CardSlot {
  readonly name: string;
  readonly model: ReaderModel;
  readonly #link: CcidLink;
  readonly #descriptor: CcidDescriptor;
  readonly #index: number;
  readonly #clock: Clock | undefined;
  /** The end of the time of the APDU under way; never without a clock. */
  #until = Infinity;
  readonly #power: CcidPowerUp;
  readonly #listeners = new Listeners<boolean>();
  /** What was last told to listeners or found by looking, and how often it was told. */
  #known: boolean | undefined;
  #notices = 0;
  /** Whether the reader itself has told of the card that is in: its notice can come after we have found the card. */
  #announced = false;
  /** We found that the card is away which the reader has told of, and it has not told of that yet; in which session. */
  #foundAway = false;
  #lastOfThose: Epoch | undefined;
  /** Of the last power-up. */
  #epoch: Epoch | undefined;

  constructor(init: CcidSlotInit) {
    this.#link = init.link;
    this.#descriptor = init.descriptor;
    this.#index = init.index;
    this.#clock = init.clock;
    this.#power = new CcidPowerUp(init.descriptor, (body, epoch) =>
      this.#command(body, { timeoutMs: POWER_MS, epoch, until: this.#until }),
    );
    this.model = init.model;
    this.name = `${init.model.name} (slot ${init.index})`;
  }

  present(): Promise<boolean> {
    return this.#command(getSlotStatus).then(({ icc }) => icc !== 'absent');
  }

  onChange(listener: (present: boolean) => void): () => void {
    return this.#listeners.add(listener);
  }

  /**
   * The reader says that a card came or went. Either ends the session of the card that was in: a reader that looks
   * seldom says of a fast out-and-in only that a card is there, and may have left it the power (QEMU's does).
   */
  notify(present: boolean): void {
    const another = present && this.#announced;
    // Of a card that we had found to be away before this session began: it ends no session of the next.
    const isLate = this.#foundAway && this.#epoch !== this.#lastOfThose;
    this.#foundAway = false;
    if ((!present || another) && !isLate) this.#epoch?.leave();
    this.#announced = present;
    if (another) this.#tell(false);
    this.#tell(present);
  }

  /** The reader was unplugged. */
  lose(): void {
    this.#epoch?.leave(unplugged());
    this.notify(false);
  }

  #tell(present: boolean): void {
    this.#known = present;
    this.#notices++;
    this.#listeners.emit(present);
  }

  /** Looks into the slot and tells of a change that the reader kept to itself: some have no interrupts, or lose them. */
  look(): Promise<void> {
    const notices = this.#notices;
    return this.present().then((present) => {
      // A notice that came meanwhile is newer.
      if (notices !== this.#notices) return;
      if (this.#known !== undefined && this.#known !== present) {
        this.#announced = false;
        if (!present) this.#epoch?.leave();
        this.#tell(present);
      }
      this.#known = present;
    });
  }

  open(): Promise<CardSession> {
    this.#epoch?.end();
    const epoch = new Epoch();
    this.#epoch = epoch;
    return epoch.during(this.#opened(epoch)).catch((error: unknown) => {
      epoch.end();
      throw error;
    });
  }

  async #opened(epoch: Epoch): Promise<CardSession> {
    await this.#command(iccPowerOff);
    // All voltages and resets together: a card that asks for time at each is given up as one that asks in an APDU.
    this.#begin();
    const level = LEVELS[levelOf(this.#descriptor)];
    const descriptor = this.#descriptor;
    const card = await this.#power.cold(epoch);
    this.#begin();
    const agreed = await negotiate(card, {
      level,
      descriptor,
      pipe: this.#pipe(epoch, READ_MS),
      command: (body) => this.#command(body, { epoch }),
      reset: () => this.#power.reset(epoch),
    });
    const pipe = this.#pipe(epoch, Math.max(READ_MS, waitingMs(agreed, descriptor)));
    const exchange = await level.start({ pipe, atr: agreed.atr, protocol: agreed.protocol, descriptor });
    return new GuardedSession({
      atr: agreed.bytes,
      exchange: (apdu) => {
        this.#begin();
        return exchange(apdu);
      },
      epoch,
      end: () => this.#powerOff(epoch),
    });
  }

  /** An APDU begins. */
  #begin(): void {
    if (this.#clock !== undefined) this.#until = this.#clock.monotonic() + APDU_MS;
  }

  close(): Promise<void> {
    this.#listeners.clear();
    return this.#powerOff(this.#epoch);
  }

  async #command(body: CommandBody, bounds: Bounds = {}): Promise<CcidResponse> {
    const epoch = this.#epoch;
    const answer = await this.#link.command({ ...body, slot: this.#index, ...bounds });
    if (answer.icc === 'absent' && this.#announced) {
      this.#foundAway = true;
      this.#lastOfThose = epoch;
    }
    return answer;
  }

  /** XfrBlocks for one session: nothing goes to a card that a later one has, and no answer of that comes back. */
  #pipe(epoch: Epoch, timeoutMs: number): BlockPipe {
    return async ({ data, level = 0, waits = 1, answer: expects = 0 }) => {
      // bBWI: the reader itself waits so many block waiting times (§6.1.4).
      const body = xfrBlock({ data, level, bwi: waits === 1 ? 0 : waits });
      const bounds = { timeoutMs: timeoutMs * waits, until: this.#until, epoch };
      const answer = await this.#command(body, { ...bounds, expects });
      epoch.check();
      if (answer.command === 'failed' || answer.icc !== 'active') throw slotFailure(answer, 'exchange');
      return answer;
    };
  }

  async #powerOff(epoch: Epoch | undefined): Promise<void> {
    if (epoch === undefined || epoch.over) return;
    epoch.end();
    // The card may be gone already; then it is off.
    await this.#command(iccPowerOff).catch(() => undefined);
  }
}
