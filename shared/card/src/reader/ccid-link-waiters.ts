import type { ResponseName } from '../framing/ccid/constants.ts';
import type { CcidResponse } from '../framing/ccid/message.ts';

/** Who waits for which answer. */
export interface Waiter {
  readonly slot: number;
  readonly seq: number;
  readonly wants: ResponseName;
  /** ms; starts anew with each time extension. */
  readonly timeoutMs: number;
  /** On the link's clock: no extension goes beyond it. */
  readonly until: number;
  /** Bytes of data of its answer where all goes as asked. */
  readonly expects: number;
  /** Whether the answers to the same number that are no SlotStatus are those of the aborted command. */
  readonly aborts: boolean;
  /** On the link's clock. */
  deadline: number;
  extensions: number;
  stale: number;
}

interface Promised {
  readonly resolve: (response: CcidResponse) => void;
  readonly reject: (error: unknown) => void;
}

/** Those who wait for answers from one reader, at most one for a slot. */
export class Waiters {
  readonly #bySlot = new Map<number, { readonly waiter: Waiter; readonly promised: Promised }>();

  get size(): number {
    return this.#bySlot.size;
  }

  add(
    init: Pick<Waiter, 'slot' | 'seq' | 'wants' | 'timeoutMs'> &
      Partial<Pick<Waiter, 'aborts' | 'until' | 'expects'>>,
    now: number,
  ): { readonly waiter: Waiter; readonly answer: Promise<CcidResponse> } {
    const { until = Infinity, aborts = false, expects = 0 } = init;
    const deadline = Math.min(now + init.timeoutMs, until);
    const waiter: Waiter = { ...init, until, aborts, expects, deadline, extensions: 0, stale: 0 };
    const answer = new Promise<CcidResponse>((resolve, reject) => {
      this.#bySlot.set(init.slot, { waiter, promised: { resolve, reject } });
    });
    // The caller that awaits it may still be busy writing.
    answer.catch(() => undefined);
    return { waiter, answer };
  }

  of(slot: number): Waiter | undefined {
    return this.#bySlot.get(slot)?.waiter;
  }

  all(): readonly Waiter[] {
    return [...this.#bySlot.values()].map(({ waiter }) => waiter);
  }

  /** Bytes of data of the longest answer that is waited for. */
  get longest(): number {
    return Math.max(0, ...this.all().map(({ expects }) => expects));
  }

  /** Until the first of them is overdue, ms. */
  shortest(now: number): number {
    let wait = Infinity;
    for (const { waiter } of this.#bySlot.values()) wait = Math.min(wait, waiter.deadline - now);
    return Math.max(wait, 1);
  }

  overdue(at: number): readonly Waiter[] {
    return this.all().filter(({ deadline }) => deadline <= at);
  }

  /** The card was granted `times` its time, from now, as far as there is any left. */
  extend(waiter: Waiter, times: number, now: number): void {
    waiter.deadline = Math.min(now + waiter.timeoutMs * times, waiter.until);
  }

  resolve(waiter: Waiter, response: CcidResponse): void {
    this.#take(waiter)?.resolve(response);
  }

  reject(waiter: Waiter, error: unknown): void {
    this.#take(waiter)?.reject(error);
  }

  #take(waiter: Waiter): Promised | undefined {
    const found = this.#bySlot.get(waiter.slot);
    if (found?.waiter !== waiter) return undefined;
    this.#bySlot.delete(waiter.slot);
    return found.promised;
  }
}
