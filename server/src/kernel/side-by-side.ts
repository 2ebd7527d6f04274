interface Turn<T> {
  readonly source: AsyncIterator<T>;
  readonly result: IteratorResult<T>;
}

/**
 * What several sources give, as it comes. `atOnce` of them are under way at a time, and each is asked for its next value
 * while the one before is worked on: at most so many values wait. A failure of one ends all; those begun are closed.
 */
export async function* sideBySide<T>(
  sources: Iterable<AsyncIterable<T>>,
  atOnce: number,
): AsyncGenerator<T, void, undefined> {
  const waiting = sources[Symbol.iterator]();
  const asked = new Map<AsyncIterator<T>, Promise<Turn<T>>>();
  const ask = (source: AsyncIterator<T>): void => {
    const turn = source.next().then((result) => ({ source, result }));
    // Heard of below, or of no interest any more.
    turn.catch(() => undefined);
    asked.set(source, turn);
  };
  const begin = (): void => {
    const next = waiting.next();
    if (next.done !== true) ask(next.value[Symbol.asyncIterator]());
  };
  try {
    while (asked.size < atOnce) {
      const before = asked.size;
      begin();
      if (asked.size === before) break;
    }
    while (asked.size > 0) {
      const { source, result } = await Promise.race(asked.values());
      asked.delete(source);
      if (result.done === true) begin();
      else {
        ask(source);
        yield result.value;
      }
    }
  } finally {
    await Promise.allSettled([...asked.keys()].map(async (source) => source.return?.()));
  }
}
