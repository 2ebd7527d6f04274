import { onSharedTime } from './time-left.ts';

/** What one round trip does for several callers: an outcome for each, in their order. */
type Run<In, Out> = (items: readonly In[]) => Promise<readonly PromiseSettledResult<Out>[]>;

interface Waiting<In, Out> {
  readonly item: In;
  readonly resolve: (value: Out) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Callers of the same moment share a round trip: what is asked within one turn of the event loop, or while as many
 * round trips are under way as may be, goes out together. Alone, a call goes out at once and costs what it always did.
 * Nothing is answered from before it was asked, so a read sees every write that had ended by then.
 */
export class Batches<In, Out> {
  readonly #run: Run<In, Out>;
  readonly #most: number;
  readonly #atOnce: number;
  readonly #waiting: Waiting<In, Out>[] = [];
  #underWay = 0;
  #scheduled = false;

  /** `most` items go in one round trip, and `atOnce` round trips are under way at a time. */
  constructor(run: Run<In, Out>, init: { most: number; atOnce: number }) {
    this.#run = run;
    this.#most = init.most;
    this.#atOnce = init.atOnce;
  }

  /** This item's own outcome; a round trip that fails as a whole fails for each of its items. */
  do(item: In): Promise<Out> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled || this.#underWay >= this.#atOnce) return;
    this.#scheduled = true;
    onSharedTime(() => setImmediate(this.#sendAll));
  }

  readonly #sendAll = (): void => {
    this.#scheduled = false;
    while (this.#waiting.length > 0 && this.#underWay < this.#atOnce) void this.#send();
  };

  async #send(): Promise<void> {
    const batch = this.#waiting.splice(0, this.#most);
    this.#underWay += 1;
    try {
      const outcomes = await this.#run(batch.map(({ item }) => item));
      batch.forEach(({ resolve, reject }, index) => {
        const outcome = outcomes[index];
        if (outcome?.status === 'fulfilled') resolve(outcome.value);
        else reject(outcome?.reason ?? new Error('A batch gave no outcome for one of its items.'));
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      this.#underWay -= 1;
      if (this.#waiting.length > 0) this.#schedule();
    }
  }
}
