import type { Eeprom } from '../../eeprom.ts';

/** Clocks of a byte with its acknowledge. */
export const BYTE_CLOCKS = 9;
/** START and STOP, as long as a clock each. */
export const FRAME_CLOCKS = 2;
/** Answer to reset: one clock with RST high, 32 bits. */
export const RESET_CLOCKS = 33;

/** What a chip did with a transfer: how many bytes it acknowledged, and what it gave. */
export interface TwoWireAnswer {
  readonly acknowledged: number;
  readonly data: Uint8Array;
}

export interface TwoWireChipInit {
  readonly eeprom: Eeprom;
  readonly clockHz: number;
  readonly writeCycleMs: number;
  /** False for the many cards whose acknowledge does not show on the line; they work all the same. */
  readonly showsAck?: boolean;
}

/**
 * The two-wire interface of Atmel's secure memories: START, bytes that are acknowledged, STOP. While the EEPROM works
 * the chip neither acknowledges nor hears. Clocks are counted; the time of the EEPROM is counted by the EEPROM.
 */
export abstract class TwoWireChip {
  protected readonly eeprom: Eeprom;
  readonly #clockHz: number;
  readonly #writeCycleMs: number;
  readonly #showsAck: boolean;
  #busyMs = 0;
  #clocks = 0;

  constructor(init: TwoWireChipInit) {
    this.eeprom = init.eeprom;
    this.#clockHz = init.clockHz;
    this.#writeCycleMs = init.writeCycleMs;
    this.#showsAck = init.showsAck ?? true;
  }

  /** Power is gone or RST was raised: rights, authentication, what was selected. */
  abstract forget(): void;
  /** The four bytes that the chip gives after RST. */
  protected abstract answerToReset(): Uint8Array;
  /**
   * A whole transfer from START to STOP; `bytes` holds at least one. A lone command byte is a poll and does nothing.
   * Undefined for bytes that are none of the chip's commands.
   */
  protected abstract run(bytes: Uint8Array, take: number): Uint8Array | undefined;

  /** Time on the bus, ms. */
  get busMs(): number {
    return (this.#clocks * 1000) / this.#clockHz;
  }

  resetUsage(): void {
    this.#clocks = 0;
  }

  reset(): Uint8Array {
    this.powerOff();
    this.#clocks += RESET_CLOCKS;
    return this.answerToReset();
  }

  powerOff(): void {
    this.#busyMs = 0;
    this.forget();
  }

  /** START, `bytes` from the host, `take` bytes from the chip, STOP. Bytes that it does not give read as 1s. */
  transfer(bytes: Uint8Array, take = 0): TwoWireAnswer {
    const silent = { acknowledged: 0, data: new Uint8Array(take).fill(0xff) };
    if (this.#busyMs > 0) {
      this.#clocks += FRAME_CLOCKS + BYTE_CLOCKS;
      return silent;
    }
    this.#clocks += FRAME_CLOCKS + (bytes.length + take) * BYTE_CLOCKS;
    const data = this.run(bytes, take);
    if (data === undefined) return silent;
    return { acknowledged: this.#showsAck ? bytes.length : 0, data };
  }

  /** Time passes. */
  wait(ms: number): void {
    this.#busyMs = Math.max(0, this.#busyMs - ms);
  }

  /** A write cycle has begun with the STOP of this transfer. */
  protected startCycle(): void {
    this.#busyMs = this.#writeCycleMs;
  }
}
