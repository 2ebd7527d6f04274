import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { seededRandom } from '@bianmin/card/testing/random';
import { Admission, ROOM_FOR_KEYS } from './admission.ts';

/** A second in which `each` tried to come in at even times; gives what became of it. */
async function second(of: { admission: Admission; clock: ManualClock; each: number; stay?: boolean }) {
  const waits: number[] = [];
  let letIn = 0;
  for (let ms = 0; ms < 1000; ms += 10) {
    await of.clock.advance(10);
    for (let n = 0; n < of.each / 100; n += 1) {
      const refused = of.admission.enter();
      if (refused === undefined) letIn += 1;
      else waits.push(refused.waitS);
      if (refused === undefined && of.stay !== true) of.admission.leave();
    }
  }
  return { letIn, waits };
}

function rig(busy: { share: number }) {
  const clock = new ManualClock();
  return {
    clock,
    admission: new Admission({ clock, room: ROOM_FOR_KEYS, busy: () => busy.share, random: () => 0.5 }),
  };
}

/** All of a fleet want in within five seconds, each until it is; gives after how many seconds the last was. */
function crowd(of: { terminals: number; letInMs: number; refusedMs: number; ordersShare: number }): number {
  const stepMs = 10;
  const next = seededRandom(1);
  const random = (): number => next() / 2 ** 32;
  const due = new Map<number, number>();
  const add = (atMs: number): void => {
    const step = Math.ceil(atMs / stepMs);
    due.set(step, (due.get(step) ?? 0) + 1);
  };
  let [now, toDo, worked] = [0, 0, 0];
  let looked = { now, worked };
  const busy = (): number => {
    const share = (worked - looked.worked) / Math.max(1, now - looked.now);
    looked = { now, worked };
    return share;
  };
  const clock = { monotonic: () => now };
  const admission = new Admission({ clock, room: ROOM_FOR_KEYS, busy, random });
  for (let n = 0; n < of.terminals; n += 1) add(5_000 * random());
  for (let step = 0, back = 0; back < of.terminals; step += 1) {
    now = step * stepMs;
    toDo += of.ordersShare * stepMs;
    for (let come = due.get(step) ?? 0; come > 0; come -= 1) {
      const refused = admission.enter();
      toDo += refused === undefined ? of.letInMs : of.refusedMs;
      if (refused !== undefined) {
        add(now + refused.waitS * 1000 + 1000 * random());
        continue;
      }
      back += 1;
      admission.leave();
    }
    const done = Math.min(stepMs, toDo);
    toDo -= done;
    worked += done;
  }
  return now / 1000;
}

describe('a province that has power again', () => {
  it.each([1.3, 2.6])('is let in within ten minutes where each costs %f ms', (letInMs) => {
    const seconds = crowd({ terminals: 120_000, letInMs, refusedMs: 0.05, ordersShare: 0.1 });
    expect(seconds).toBeLessThan(600);
  });
});

describe('admission', () => {
  it('lets everybody in while there is room', async () => {
    const on = rig({ share: 0.5 });
    expect(await second({ ...on, each: 5000 })).toEqual({ letIn: 5000, waits: [] });
  });

  it('lets in fewer and fewer calls while the event loop stays too busy, and never none', async () => {
    const on = rig({ share: 1 });
    const first = await second({ ...on, each: 5000 });
    expect(first.letIn).toBeLessThan(2500);
    for (let n = 0; n < 5; n += 1) await second({ ...on, each: 5000 });
    const { letIn } = await second({ ...on, each: 5000 });
    expect(letIn).toBeGreaterThanOrEqual(90);
    expect(letIn).toBeLessThan(130);
  });

  it('settles where the event loop is as busy as it may be', async () => {
    // Each that is let in costs half a millisecond.
    const busy = { share: 0 };
    const on = rig(busy);
    let letIn = 0;
    for (let n = 0; n < 20; n += 1) {
      ({ letIn } = await second({ ...on, each: 4000 }));
      busy.share = Math.min(1, letIn / 2000);
    }
    expect(letIn).toBeGreaterThan(800);
    expect(letIn).toBeLessThan(2600);
  });

  it('tells each another time to come, over as long as it takes', async () => {
    const on = rig({ share: 1 });
    for (let n = 0; n < 6; n += 1) await second({ ...on, each: 1000 });
    const { waits } = await second({ ...on, each: 1000 });
    // Four hundred a second, a crowd of thousands: their turns lie apart, and not more than five minutes off.
    expect(Math.max(...waits)).toBeGreaterThan(10);
    expect(Math.max(...waits)).toBeLessThanOrEqual(300);
    expect(new Set(waits).size).toBeGreaterThanOrEqual(2);
  });

  it('forgets its limit when the crowd is gone', async () => {
    const busy = { share: 1 };
    const on = rig(busy);
    await second({ ...on, each: 5000 });
    busy.share = 0.1;
    for (let n = 0; n < 10; n += 1) await second({ ...on, each: 100 });
    expect(await second({ ...on, each: 5000 })).toEqual({ letIn: 5000, waits: [] });
  });

  it('lets no call in while too many wait for Redis or the database', async () => {
    const on = rig({ share: 0.1 });
    const { letIn, waits } = await second({ ...on, each: 1000, stay: true });
    expect(letIn).toBe(256);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(2);
  });
});
