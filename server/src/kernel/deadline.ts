import { callMs } from './time-left.ts';

/** The signal that ends a wait of `ms`: `AbortSignal.timeout`, or a test's own, which ends waits when it says so. */
export type Deadline = (ms: number) => AbortSignal;

/** By the machine's time; earlier where the request that it is for would end before. */
export const realDeadline: Deadline = (ms) => AbortSignal.timeout(callMs(ms));
