import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { fakeTerminal, type FakeTerminal } from '../../testing/order-world.ts';
import { StaffPins } from './pins.ts';
import { FloatWorld, PIN, TERMINAL } from '../../testing/float-world.ts';
import { codeOf } from '../../testing/problem-code.ts';

let t: TestContext;
let kiosk: FakeTerminal;
beforeAll(async () => {
  t = await openTestContext();
  kiosk = await fakeTerminal(TERMINAL);
});
afterAll(() => t.close());
let w: FloatWorld;
beforeEach(async () => {
  w = await FloatWorld.open(t);
});

describe('who takes it', () => {
  it('may say so by a number of six digits, which they have from their first PIN on', async () => {
    await w.opened();
    const number = await w.float.pins.set('zhang', PIN);
    expect(number).toMatch(/^[1-9]\d{5}$/);
    expect(await w.float.pins.set('zhang', '381947')).toBe(number);
    await w.member('li', ['float:use']);
    const both = await Promise.all([w.float.pins.set('li', PIN), w.float.pins.set('li', PIN)]);
    expect(new Set([number, ...both]).size).toBe(2);
    const order = await w.world.order(kiosk, w.world.household());
    expect(await codeOf(w.take(order, { staff: number }))).toBe('float.bad-pin');
    expect(await codeOf(w.take(order, { staff: '000000' }))).toBe('float.bad-pin');
    expect((await w.offer(order, { staff: both[0] ?? '' })).staff).toBe('li');
    expect((await w.take(order, { staff: number, pin: '381947' })).state).toBe('sold');
  });

  it('has a number that no other staff member has', async () => {
    const draws = [7, 7, 8];
    const pins = new StaffPins({
      ...{ db: t.db, users: w.access.stores.users, keys: Buffer.alloc(32, 5) },
      ...{ guesses: w.access.guesses, draw: () => draws.shift() ?? 9 },
    });
    expect(await pins.set('a', PIN)).toBe('100007');
    expect(await pins.set('b', PIN)).toBe('100008');
  });

  it('needs name, PIN and the permission', async () => {
    await w.opened();
    await w.member('li', []);
    await w.float.pins.set('li', PIN);
    await w.member('wang', ['float:use']);
    const order = await w.world.order(kiosk, w.world.household());
    expect(await codeOf(w.take(order, { pin: '000000' }))).toBe('float.bad-pin');
    expect(await codeOf(w.take(order, { staff: 'nobody' }))).toBe('float.bad-pin');
    expect(await codeOf(w.take(order, { staff: 'wang' }))).toBe('float.bad-pin');
    expect(await codeOf(w.take(order, { staff: 'li' }))).toBe('auth.forbidden');
    await w.access.stores.users.edit('zhang', 0, { status: 'disabled' });
    expect(await codeOf(w.take(order))).toBe('float.bad-pin');
    expect(JSON.stringify(await t.db.collection('staffpins').find().toArray())).not.toContain(PIN);
  });

  it('has five attempts, also at the same moment; then the PIN is locked for a quarter of an hour', async () => {
    await w.opened();
    const order = await w.world.order(kiosk, w.world.household());
    const guesses = await Promise.all(
      Array.from({ length: 12 }, (_, n) => codeOf(w.take(order, { pin: String(100_000 + n) }))),
    );
    expect(guesses.filter((code) => code === 'float.bad-pin')).toHaveLength(5);
    expect(guesses.filter((code) => code === 'request.rate-limited')).toHaveLength(7);
    expect(await codeOf(w.take(order))).toBe('request.rate-limited');
    w.world.clock.jump(15 * 60_000);
    expect((await w.take(await w.world.order(kiosk, w.world.household()))).state).toBe('sold');
  });
});
