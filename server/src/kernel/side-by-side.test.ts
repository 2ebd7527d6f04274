import { describe, expect, it } from 'vitest';
import { sideBySide } from './side-by-side.ts';

/** Sources that say when they are asked and closed; one gives its name so many times, and fails where it is told to. */
function rig() {
  const said: string[] = [];
  const source = async function* (name: string, count: number, fails = false): AsyncGenerator<string> {
    try {
      for (let n = 1; n <= count; n += 1) {
        said.push(`ask ${name}${n}`);
        yield `${name}${n}`;
      }
      if (fails) throw new Error(`${name} broke`);
    } finally {
      said.push(`close ${name}`);
    }
  };
  return { said, source };
}

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const taken: T[] = [];
  for await (const value of values) taken.push(value);
  return taken;
}

describe('sources side by side', () => {
  it.each([1, 2, 3, 9])('give all that they have, %i at once, each in its own order', async (atOnce) => {
    const { source } = rig();
    const sources = [source('a', 3), source('b', 0), source('c', 1), source('d', 2)];
    const taken = await all(sideBySide(sources, atOnce));
    expect(taken.toSorted()).toEqual(['a1', 'a2', 'a3', 'c1', 'd1', 'd2']);
    for (const name of ['a', 'd']) {
      const own = taken.filter((value) => value.startsWith(name));
      expect(own).toEqual(own.toSorted());
    }
  });

  it('have as many under way as may be, and one value of each waits', async () => {
    const { said, source } = rig();
    const values = sideBySide([source('a', 9), source('b', 9), source('c', 9)], 2);
    const first = await values.next();
    expect(first.value).toBe('a1');
    // The next one of the first was asked for before its value was handed out; the third source waits for its turn.
    expect(said).toEqual(['ask a1', 'ask b1', 'ask a2']);
    await values.return(undefined);
    expect(said.filter((each) => each.startsWith('close')).toSorted()).toEqual(['close a', 'close b']);
  });

  it('end with the failure of one, and the others are closed', async () => {
    const { said, source } = rig();
    await expect(all(sideBySide([source('a', 99), source('b', 1, true)], 2))).rejects.toThrow('b broke');
    expect(said.filter((each) => each.startsWith('close')).toSorted()).toEqual(['close a', 'close b']);
  });

  it('are closed where the reader stops in the middle', async () => {
    const { said, source } = rig();
    for await (const value of sideBySide([source('a', 5), source('b', 5)], 2)) if (value === 'a2') break;
    expect(said.filter((each) => each.startsWith('close')).toSorted()).toEqual(['close a', 'close b']);
  });
});
