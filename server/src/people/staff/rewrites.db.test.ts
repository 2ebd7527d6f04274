import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WritePlan } from '@bianmin/card/meter-card/plan';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { fakeTerminal } from '../../testing/order-world.ts';
import { ANNA, HERE, StaffWorld } from '../../testing/staff-world.ts';

let t: TestContext;
let w: StaffWorld;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.empty();
  w = await StaffWorld.open(t);
});

const marks = (plan: WritePlan) =>
  plan.steps.flatMap((step) => (step.op === 'present-code' ? [step.lastTry ?? false] : []));

/** A card that lost its write in the middle on another kiosk, and then too many tries to be written automatically. */
async function lostInTheMiddle() {
  const kiosk = await fakeTerminal('kiosk-a');
  const card = w.world.household();
  const order = await w.world.paid(kiosk, card);
  const sealed = await w.world.services.writes.release(order, kiosk, { image: card.read() });
  const plan = await kiosk.open(sealed);
  expect(marks(plan)).toEqual([false]);
  card.write(plan, 6);
  await w.world.services.writes.claim(await w.now(order), kiosk.terminalId, {
    lease: sealed.lease,
    result: 'failed',
    reason: 'meter-card.code-tries',
  });
  expect((await w.now(order)).state).toBe('write-failed');
  return { card, order };
}

describe('a rewrite by staff', () => {
  it('writes the same sale on the same card, and may use the code’s last try', async () => {
    const { card, order } = await lostInTheMiddle();
    const sealed = await w.staff.rewrites.release(
      {
        orderNo: order._id,
        terminalId: w.kiosk.terminalId,
        image: card.read(),
        lastTry: true,
        reason: 'Pulled out.',
      },
      ANNA,
      HERE,
    );
    const plan = await w.kiosk.open(sealed);
    expect(marks(plan)).toEqual([true]);
    expect(plan).toMatchObject({ orderNo: order._id, serial: order.serial });
    card.write(plan);
    const current = await w.world.services.orders.get(w.kiosk.terminalId, order._id);
    await w.world.services.writes.claim(current, w.kiosk.terminalId, {
      lease: sealed.lease,
      result: 'written',
      imageDigest: 'c'.repeat(64),
    });
    expect((await w.now(order)).state).toBe('done');
    expect(w.world.meterOf(card).insert(card)).toBe(5000);
    expect(w.world.grid.carriedOut).toEqual([order._id]);
    const [entry] = await w.access.stores.audit.find({ action: 'card.rewrite', limit: 5 });
    expect(entry).toMatchObject({
      who: { id: 'anna' },
      target: order._id,
      data: { terminalId: w.kiosk.terminalId, lastTry: true },
    });
  });

  it('has the checks of any release: not while another terminal writes, not on another card, not when credited', async () => {
    const { card, order } = await lostInTheMiddle();
    const init = { orderNo: order._id, terminalId: w.kiosk.terminalId, lastTry: false, reason: 'Again.' };
    const other = w.world.household();
    await expect(
      w.staff.rewrites.release({ ...init, image: other.read() }, ANNA, HERE),
    ).rejects.toMatchObject({ code: 'card.changed' });
    await expect(
      w.staff.rewrites.release({ ...init, terminalId: 'nowhere', image: card.read() }, ANNA, HERE),
    ).rejects.toMatchObject({ code: 'request.not-found' });
    await w.world.services.writes.release(await w.now(order), await fakeTerminal('kiosk-b'), {
      image: card.read(),
    });
    await expect(w.staff.rewrites.release({ ...init, image: card.read() }, ANNA, HERE)).rejects.toMatchObject(
      { code: 'order.leased-elsewhere' },
    );
    w.world.clock.jump(600_000);
    const sealed = await w.staff.rewrites.release({ ...init, image: card.read() }, ANNA, HERE);
    const plan = await w.kiosk.open(sealed);
    expect(marks(plan)).toEqual([false]);
    card.write(plan);
    expect(w.world.meterOf(card).insert(card)).toBe(5000);
    await expect(w.staff.rewrites.release({ ...init, image: card.read() }, ANNA, HERE)).rejects.toMatchObject(
      { code: 'order.already-written' },
    );
  });
});
