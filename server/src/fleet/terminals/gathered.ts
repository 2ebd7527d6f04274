import { onSharedTime } from '../../kernel/time-left.ts';

interface Asked<Q, A> {
  readonly question: Q;
  readonly resolve: (answer: A) => void;
  readonly reject: (reason: unknown) => void;
}

/** Asks together what was asked within some milliseconds: many questions, one trip. */
export class Gathered<Q, A> {
  readonly #most: number;
  readonly #withinMs: number;
  readonly #askAll: (questions: readonly Q[]) => Promise<readonly A[]>;
  #asked: Asked<Q, A>[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** `askAll` gives an answer for each, in their order; `most` of one trip, `withinMs` of the first. */
  constructor(
    { most, withinMs }: { most: number; withinMs: number },
    askAll: (questions: readonly Q[]) => Promise<readonly A[]>,
  ) {
    this.#most = most;
    this.#withinMs = withinMs;
    this.#askAll = askAll;
  }

  ask(question: Q): Promise<A> {
    return new Promise((resolve, reject) => {
      this.#asked.push({ question, resolve, reject });
      if (this.#asked.length === 1) this.#timer = onSharedTime(() => setTimeout(this.#send, this.#withinMs));
      else if (this.#asked.length >= this.#most) onSharedTime(this.#send);
    });
  }

  readonly #send = (): void => {
    clearTimeout(this.#timer);
    const asked = this.#asked;
    if (asked.length === 0) return;
    this.#asked = [];
    this.#askAll(asked.map(({ question }) => question)).then(
      (answers) => {
        for (const [no, { resolve, reject }] of asked.entries()) {
          const answer = answers[no];
          if (answer === undefined) reject(new Error('A question of many had no answer.'));
          else resolve(answer);
        }
      },
      (reason: unknown) => {
        for (const { reject } of asked) reject(reason);
      },
    );
  };
}
