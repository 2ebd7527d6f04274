import type { Deadline } from '../kernel/deadline.ts';

/**
 * Deadlines that no time makes pass: on a busy machine nothing is given up too early, and where the other side says
 * that it will not answer, no call waits for it.
 */
export class TestDeadlines {
  readonly #open = new Set<AbortController>();

  readonly deadline: Deadline = () => {
    const controller = new AbortController();
    this.#open.add(controller);
    return controller.signal;
  };

  /** All that was begun so far is over its time. */
  pass(): void {
    for (const each of this.#open) each.abort(new DOMException('The deadline passed.', 'TimeoutError'));
    this.#open.clear();
  }
}
