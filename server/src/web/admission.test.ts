import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
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
    // A hundred a second, a crowd of thousands: their turns lie far apart, and not more than five.
    expect(Math.max(...waits)).toBeGreaterThan(40);
    expect(Math.max(...waits)).toBeLessThanOrEqual(300);
    expect(new Set(waits).size).toBeGreaterThanOrEqual(8);
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
