/** Time and waiting, injected everywhere so that tests never sleep. */
export interface Clock {
  /** Wall clock, ms since the epoch (UTC). */
  now(): number;
  /** Monotonic clock, ms from an arbitrary origin; leases are measured on it. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignalLike): Promise<void>;
}

/** The part of AbortSignal that the shared core needs; it may name neither Node nor the DOM. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}
