import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { LIMITS } from './limits.ts';
import {
  callMs,
  hasTime,
  inSteps,
  inTime,
  onSharedTime,
  OutOfTimeError,
  questionMs,
  uncounted,
} from './time-left.ts';

const LONG = { limitMs: 60_000, operationMs: 5_000 } as const;
const SHORT = { limitMs: 5, operationMs: 5_000 } as const;
const UNASKED_MS = 77;
const forEver = (): Promise<never> => new Promise(() => undefined);

describe('work that somebody waits for', () => {
  it('gives what it gives, and fails as it fails', async () => {
    await expect(inTime(LONG, () => Promise.resolve(1))).resolves.toBe(1);
    await expect(inTime(LONG, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('ends at the end of its time, whatever it waits for', async () => {
    await expect(inTime(SHORT, forEver)).rejects.toThrow(OutOfTimeError);
  });

  it('asks the database for no longer than its own limit, or what is left', async () => {
    await inTime(LONG, () =>
      Promise.resolve(expect(questionMs(UNASKED_MS)).toEqual({ ms: 5_000, awaited: true })),
    );
    await inTime({ limitMs: 1_000, operationMs: 5_000 }, () => {
      expect(questionMs(UNASKED_MS).ms).toBeLessThanOrEqual(1_000);
      return Promise.resolve();
    });
  });

  it('begins nothing after its end, in which nobody waits any more', async () => {
    let late: Promise<unknown> | undefined;
    const work = async (): Promise<void> => {
      await sleep(20);
      late = Promise.resolve().then(() => questionMs(UNASKED_MS));
      late.catch(() => undefined);
    };
    await expect(inTime(SHORT, work)).rejects.toThrow(OutOfTimeError);
    await expect.poll(() => late !== undefined).toBe(true);
    await expect(late).rejects.toThrow(OutOfTimeError);
  });

  it('may leave work behind that nobody waits for, once it was answered', async () => {
    let behind: Promise<ReturnType<typeof questionMs>> | undefined;
    await inTime(LONG, () => {
      behind = sleep(5).then(() => questionMs(UNASKED_MS));
      return Promise.resolve();
    });
    expect(await behind).toEqual({ ms: UNASKED_MS, awaited: false });
  });

  it('is not counted for what its caller keeps it waiting', async () => {
    await inTime({ limitMs: 200, operationMs: 5_000 }, async () => {
      await uncounted(() => sleep(400));
      expect(questionMs(UNASKED_MS).ms).toBeGreaterThan(0);
    });
  });

  it('keeps time for what follows a call to others', async () => {
    expect(callMs(10_000)).toBe(10_000);
    await inTime({ limitMs: 4_000, operationMs: 5_000 }, () => {
      expect(callMs(10_000)).toBeLessThanOrEqual(4_000 - LIMITS.afterCall);
      expect(callMs(100)).toBe(100);
      return Promise.resolve();
    });
  });
});

it('a step of an order has a limit for each question, and none that cuts it off', async () => {
  await inSteps(() => {
    expect(questionMs(UNASKED_MS)).toEqual({ ms: LIMITS.database.step, awaited: false });
    expect(callMs(60_000)).toBe(60_000);
    expect(hasTime()).toBe(true);
    return Promise.resolve();
  });
});

it('what is done for several callers at once has none of their times', async () => {
  await inTime(SHORT, () =>
    onSharedTime(async () => {
      await sleep(1);
      expect(questionMs(UNASKED_MS)).toEqual({ ms: LIMITS.database.request, awaited: false });
    }),
  );
});

it('who has no limit has the one of whom they ask', () => {
  expect(questionMs(UNASKED_MS)).toEqual({ ms: UNASKED_MS, awaited: false });
  expect(hasTime()).toBe(true);
});
