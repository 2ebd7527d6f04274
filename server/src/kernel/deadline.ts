/** The signal that ends a wait of `ms`: `AbortSignal.timeout`, or a test's own, which ends waits when it says so. */
export type Deadline = (ms: number) => AbortSignal;

/** By the machine's time. */
export const realDeadline: Deadline = (ms) => AbortSignal.timeout(ms);
