import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Reach } from './reach.ts';

let isThere = true;
let looks = 0;
let changes: boolean[] = [];
let reach: Reach;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'Date'] });
  [isThere, looks] = [true, 0];
  const told: boolean[] = [];
  changes = told;
  reach = new Reach({
    look: () => {
      looks += 1;
      return isThere ? Promise.resolve() : Promise.reject(new Error('away'));
    },
    isOver: () => false,
    onChange: (away) => told.push(away),
  });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Asked now, and not answered for so long. */
function miss(ms: number): void {
  const asked = performance.now();
  vi.advanceTimersByTime(ms);
  reach.missed(asked);
}

it('a store is away once nothing was answered for a second, not at the first failure', () => {
  miss(100);
  expect(reach.away).toBe(false);
  miss(850);
  expect(reach.away).toBe(false);
  miss(100);
  expect(reach.away).toBe(true);
  expect(changes).toEqual([true]);
});

it('a slow question among others that are answered is no absence', () => {
  const asked = performance.now();
  vi.advanceTimersByTime(1_400);
  reach.answered();
  vi.advanceTimersByTime(100);
  reach.missed(asked);
  expect(reach.away).toBe(false);
});

it('one that says that it takes nothing is away at once', () => {
  reach.refused();
  expect(reach.away).toBe(true);
});

it('it is looked at while it is away, and back once it took three in a row', async () => {
  isThere = false;
  reach.refused();
  await vi.waitFor(() => {
    expect(looks).toBeGreaterThan(1);
  }, 10_000);
  expect(reach.away).toBe(true);
  isThere = true;
  const before = looks;
  await vi.waitFor(() => {
    expect(reach.away).toBe(false);
  }, 30_000);
  expect(looks - before).toBeGreaterThanOrEqual(3);
  expect(changes).toEqual([true, false]);
  expect(reach.awayAt).toBeLessThanOrEqual(Date.now());
  expect(reach.awayAt).toBeGreaterThan(Date.now() - 5_000);
});

it('it knows that it is away from another process, as far as it is told', () => {
  expect(reach.awayForSomeAt).toBe(-Infinity);
  reach.told();
  expect([reach.away, reach.awayForSomeAt]).toEqual([false, Date.now()]);
});
