import type { ShellFacts } from '@bianmin/purchase/android/shell';
import type { LinkState } from '@bianmin/purchase/terminal/link-state';
import type { ReaderFault } from './readers.ts';

/** What every screen knows besides the purchase. */
export interface BoxStatus {
  readonly facts: ShellFacts;
  /** `asking`: the server has not said yet. `keys-lost`: nothing goes on until a person has new keys made. */
  readonly terminal: 'keys-lost' | 'asking' | 'pending' | 'accepted' | 'rejected';
  /** First characters of the key's thumbprint, to accept the box by; empty while the keys are lost. */
  readonly fingerprint: string;
  readonly server: LinkState;
  readonly readerFaults: readonly ReaderFault[];
  /** Orders whose card was being written when the box lost its power. */
  readonly unfinished: readonly string[];
}

/** Tells of changes, and of nothing that is none. */
export class StatusBoard {
  #status: BoxStatus;
  readonly #listeners = new Set<(status: BoxStatus) => void>();

  constructor(status: BoxStatus) {
    this.#status = status;
  }

  get status(): BoxStatus {
    return this.#status;
  }

  set(patch: Partial<BoxStatus>): void {
    const next = { ...this.#status, ...patch };
    if (JSON.stringify(next) === JSON.stringify(this.#status)) return;
    this.#status = next;
    this.#listeners.forEach((listener) => {
      listener(next);
    });
  }

  onStatus(listener: (status: BoxStatus) => void): void {
    this.#listeners.add(listener);
  }
}
