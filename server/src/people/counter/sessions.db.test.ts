import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { CounterWorld, PIN } from '../../testing/counter-world.ts';

let t: TestContext;
let c: CounterWorld;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  c = await CounterWorld.open(t);
  return () => c.close();
});

describe('staff at a terminal', () => {
  it('say who they are by number and PIN, which is in the trail without the PIN', async () => {
    expect(await c.enter()).toMatchObject({
      status: 201,
      body: { staff: 'zhang', may: { orders: true, cash: true }, orders: 'community' },
    });
    expect((await c.enter('cash')).body).toMatchObject({ may: { orders: false, cash: true } });
    const trail = await c.access.stores.audit.find({ limit: 5 });
    expect(trail.find(({ action }) => action === 'terminal.staff-mode')).toMatchObject({
      target: c.kiosk.terminalId,
    });
    expect(JSON.stringify(await t.db.collection('audit').find().toArray())).not.toContain(PIN);
  });

  it('of another organisation, without a permission, or with a wrong PIN, get nothing', async () => {
    expect((await c.enter('away')).body['code']).toBe('auth.forbidden');
    expect((await c.enter('nobody')).body['code']).toBe('auth.forbidden');
    for (let n = 0; n < 5; n += 1)
      expect((await c.enter('zhang', '000000')).body['code']).toBe('float.bad-pin');
    expect((await c.enter()).body['code']).toBe('request.rate-limited');
  });

  it('are asked again after ten idle minutes, after a shift, elsewhere, and once they have left', async () => {
    const ticket = await c.ticketOf();
    const [key = ''] = await t.redis.keys('counter:*');
    await t.redis.expire(key, 30);
    expect((await c.search(ticket)).status).toBe(200);
    // Used, it is good for as long as a new one.
    expect(await t.redis.ttl(key)).toBe(600);
    const there = await c.at(c.neighbour);
    expect((await c.search(ticket, {}, there)).body['code']).toBe('staff.session-over');
    await there.close();
    c.world.clock.jump(8 * 3_600_000);
    expect((await c.search(ticket)).body['code']).toBe('staff.session-over');
    const next = await c.ticketOf();
    expect((await c.post('sessions/end', { ticket: next })).status).toBe(204);
    expect((await c.post('sessions/end', { ticket: next })).status).toBe(204);
    expect((await c.search(next)).body['code']).toBe('staff.session-over');
  });

  it('lose it with the permission or the account, not ten minutes later', async () => {
    const ticket = await c.ticketOf('cash');
    expect((await c.search(ticket)).body['code']).toBe('auth.forbidden');
    await c.access.stores.users.putRole({ _id: 'role-cash', permissions: ['order:read'] });
    expect((await c.search(ticket)).status).toBe(200);
    await t.db.collection('users').updateOne({ name: 'cash' }, { $set: { status: 'disabled' } });
    expect((await c.search(ticket)).body['code']).toBe('staff.session-over');
  });
});
