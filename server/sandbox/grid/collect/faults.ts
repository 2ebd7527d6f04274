import { z } from 'zod';
import { OPERATION_NAMES, type Operation } from '../../../src/gateways/grid/wire/operations.ts';

/**
 * What can go wrong with one message to the grid:
 * - `before`: the connection breaks and nothing happens. `after`: it happens, then the connection breaks.
 * - `delay`: it happens now, the answer comes `ms` later. `late`: it happens `ms` later, or when released.
 * - `duplicate`: the message is worked on twice. `wrong-amount`: sums and plans say one yuan more.
 * - `garbage-signature`, `http-500`: it happens, but the answer cannot be believed, or is none.
 * - `forget-session`: the grid has lost its keys, as after a restart; nothing happens.
 * - `other-id`: the answer is to some other message.
 * - `day-cut`: the day is cut just before the message is worked on, so that it is booked into the next one.
 *
 * A sale that is found after it was not found is `late`: asked about meanwhile, it does not exist yet.
 */
const GRID_FAULTS = [
  'before',
  'after',
  'delay',
  'late',
  'duplicate',
  'wrong-amount',
  'garbage-signature',
  'http-500',
  'forget-session',
  'other-id',
  'day-cut',
] as const;
export type GridFault = (typeof GRID_FAULTS)[number];

export const faultRequest = z.strictObject({
  operation: z.enum([...OPERATION_NAMES, '*']),
  fault: z.enum(GRID_FAULTS),
  /** How many messages it hits; then it is gone. */
  times: z.int().min(1).default(1),
  /** For `delay` and `late`. Absent with `late`: until released. */
  ms: z.int().min(0).optional(),
});
export type FaultRequest = z.input<typeof faultRequest>;

export interface ArmedFault {
  readonly fault: GridFault;
  readonly ms: number | undefined;
}

/** Faults waiting for their message, oldest first; each hits once and counts down. */
export class GridFaults {
  readonly #armed: { operation: Operation | '*'; fault: GridFault; left: number; ms: number | undefined }[] =
    [];
  readonly #held = new Set<() => void>();

  set(request: FaultRequest): void {
    const { operation, fault, times, ms } = faultRequest.parse(request);
    this.#armed.push({ operation, fault, left: times, ms });
  }

  take(operation: Operation): ArmedFault | undefined {
    const at = this.#armed.findIndex((armed) => armed.operation === operation || armed.operation === '*');
    const found = this.#armed[at];
    if (found === undefined) return undefined;
    found.left -= 1;
    if (found.left === 0) this.#armed.splice(at, 1);
    return { fault: found.fault, ms: found.ms };
  }

  /** Told each time when an answer is not to come for now: a caller that waits for it may as well give up. */
  onSilence: () => void = () => undefined;

  /** Waits as `late` without `ms` does: until `release`. */
  async hold(): Promise<void> {
    this.onSilence();
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#held.delete(done);
        resolve();
      };
      this.#held.add(done);
    });
  }

  get held(): number {
    return this.#held.size;
  }

  /** Lets every held message be worked on now, however long ago its sender went away. */
  release(): number {
    const count = this.#held.size;
    for (const done of [...this.#held]) done();
    return count;
  }

  clear(): void {
    this.#armed.length = 0;
    this.release();
  }
}
