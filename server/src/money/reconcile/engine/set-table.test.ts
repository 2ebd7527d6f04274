import { describe, expect, it } from 'vitest';
import { SetTable } from './set-table.ts';

/** What does not come out even: its rows and offsets, by slot. */
const left = (table: SetTable): string[] =>
  [...table.uneven()].map((rows) => rows.map(({ row, offset }) => `${row}@${offset}`).join(' ')).toSorted();

describe('a table of sums by key', () => {
  it('has a slot for each key, and its lines newest first', () => {
    const table = new SetTable(10);
    const slots = [table.add(1, 1, 0), table.add(2, 2, 100), table.add(1, 1, 200)];
    expect(slots[2]).toBe(slots[0]);
    expect(slots[1]).not.toBe(slots[0]);
    expect(table.rows).toBe(3);
    for (const slot of slots.slice(0, 2)) table.sumChannel(slot, 1, 1);
    expect(left(table)).toEqual(['1@100', '2@200 0@0']);
  });

  it('tells keys apart that begin at one slot, in either half', () => {
    const table = new SetTable(10);
    // 1024 slots: these all begin at 5.
    const keys = [
      ...[[5, 1] as const, [5, 2] as const, [5 + 1024, 1] as const, [5 + 2048, 2] as const],
      ...[[5 - 1024, 1] as const, [6, 1] as const],
    ];
    const slots = keys.map(([key1, key2], n) => table.add(key1, key2, n));
    expect(new Set(slots).size).toBe(keys.length);
    expect(keys.map(([key1, key2], n) => table.add(key1, key2, n + 10))).toEqual(slots);
    expect(table.rows).toBe(2 * keys.length);
  });

  it('goes on at its beginning where its end is taken', () => {
    const table = new SetTable(10);
    expect([table.add(1023, 1, 0), table.add(1023, 2, 1), table.add(-1, 3, 2)]).toEqual([1023, 0, 1]);
  });

  it('is even where what was added was taken away, in each of its lanes', () => {
    const sums = [
      ...[[1, 0, 0, 0] as const, [0, 1, 0, 0] as const, [0, 0, 1, 0] as const, [0, 0, 0, 1] as const],
    ];
    for (const [n, [a, b, c, d]] of sums.entries()) {
      const table = new SetTable(10);
      const slot = table.add(7, 7, 50 + n);
      table.sumChannel(slot, a, b);
      table.sumGrid(slot, c, d);
      expect(left(table)).toEqual([`0@${50 + n}`]);
      table.sumChannel(slot, -a, -b);
      table.sumGrid(slot, -c, -d);
      expect(left(table)).toEqual([]);
    }
  });

  it('does not let one pair make up for the other, nor one lane for the other', () => {
    const table = new SetTable(10);
    const slot = table.add(7, 7, 0);
    table.sumChannel(slot, 5, -5);
    table.sumGrid(slot, -5, 5);
    expect(left(table)).toEqual(['0@0']);
  });

  it('adds up beyond 32 bits, and comes back', () => {
    const table = new SetTable(10);
    const slot = table.add(7, 7, 0);
    for (let n = 0; n < 5; n += 1) table.sumChannel(slot, 0x7fffffff, -0x80000000);
    expect(left(table)).toEqual(['0@0']);
    for (let n = 0; n < 5; n += 1) table.sumChannel(slot, -0x7fffffff, 0x80000000);
    expect(left(table)).toEqual([]);
  });

  it('grows with what is in it, and keeps every sum and every line', () => {
    const table = new SetTable(0);
    const keys = 5000;
    // Two by two they begin at one slot, however large the table is; the last begins at its end.
    const first = (key: number): number => (key === keys ? -1 : key % 2 === 0 ? key : key - 1 + (1 << 20));
    for (let round = 0; round < 2; round += 1) {
      for (let key = 1; key <= keys; key += 1) {
        const slot = table.add(first(key), key, round * keys + key);
        if (round === 0) {
          table.sumChannel(slot, key, 2 * key);
          table.sumGrid(slot, 3 * key, 4 * key);
        } else if (key % 500 !== 0) {
          table.sumChannel(slot, -key, -2 * key);
          table.sumGrid(slot, -3 * key, -4 * key);
        }
      }
    }
    expect(table.rows).toBe(2 * keys);
    const expected = Array.from({ length: 10 }, (_, n) => {
      const key = (n + 1) * 500;
      return `${keys + key - 1}@${keys + key} ${key - 1}@${key}`;
    });
    expect(left(table)).toEqual(expected.toSorted());
  });

  it('remembers more lines than fit into one piece', () => {
    const piece = 1 << 18;
    const table = new SetTable(10);
    for (let row = 0; row < piece + 2; row += 1) {
      const slot = table.add(row < 2 || row > piece - 2 ? 1 : 2, 1, 10 * row);
      if (row === 0) table.sumGrid(slot, 1, 1);
    }
    const rows = [piece + 1, piece, piece - 1, 1, 0];
    expect(left(table)).toEqual([rows.map((row) => `${row}@${10 * row}`).join(' ')]);
  });

  it('of which nothing is known to come is there all the same', () => {
    expect([...new SetTable(0).uneven()]).toEqual([]);
    // 4096 slots are seven tenths full with 2867; one more gets twice as many from the start.
    const slots = [2867, 2868].map((expected) => {
      const table = new SetTable(expected);
      return [table.add(4095, 1, 0), table.add(8191, 1, 1)];
    });
    expect(slots).toEqual([
      [4095, 0],
      [4095, 8191],
    ]);
  });
});
