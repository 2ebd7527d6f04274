import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { FORGET_AT_ONCE, TerminalStore } from '../store/terminals.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { HERE, IdentityWorld } from '../../testing/identity-world.ts';
import { TestTerminal } from '../../testing/terminal.ts';
import { forgetLongWaiting } from './waiting-keeper.ts';
import { WAITING_MOST, WAITING_MS } from './waiting.ts';

let t: TestContext;
let terminals: TerminalStore;
const clock = new ManualClock();
beforeAll(async () => {
  t = await openTestContext();
  terminals = new TerminalStore(t.db);
  await terminals.prepare();
});
afterAll(() => t.close());
beforeEach(() => t.db.collection('terminals').deleteMany({}));

const key = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' } as const;
let made = 0;

/** So many, each a second later than the one before; gives their ids. */
async function wait(count: number, of: Record<string, unknown> = {}): Promise<string[]> {
  const list = Array.from({ length: count }, (_, n) => ({
    ...{ _id: `t${String((made += 1)).padStart(30, '0')}`, signKey: key, sealKey: key, kind: 'kiosk' },
    ...{ name: 'k', version: '1', status: 'pending', enrolledAt: new Date(clock.now() + n * 1000), ...of },
  }));
  await t.db.collection<{ _id: string }>('terminals').insertMany(list);
  return list.map(({ _id }) => _id);
}
const left = async (): Promise<string[]> =>
  (await t.db.collection<{ _id: string }>('terminals').find().sort({ _id: 1 }).toArray()).map(
    ({ _id }) => _id,
  );

it('those that wait longest give way; who was accepted, or placed by a person, does not', async () => {
  const kept = [
    ...(await wait(1, { status: 'accepted' })),
    ...(await wait(1, { community: '650100', orgPath: ['65', '650100'] })),
  ];
  const waiting = await wait(7);
  expect(await terminals.countWaiting()).toBe(7);
  expect(await terminals.forgetWaitingBeyond(5)).toBe(2);
  expect(await left()).toEqual([...kept, ...waiting.slice(2)]);
  expect(await terminals.forgetWaitingBeyond(5)).toBe(0);
});

it('who waits for a week is forgotten, and waits anew under the same number when it asks again', async () => {
  const i = await IdentityWorld.open('ES256');
  try {
    const terminal = await TestTerminal.create(i.clock);
    const enrol = async () => i.enrolment.enrol(await terminal.enrolment(), HERE);
    const first = await enrol();
    i.clock.jump(WAITING_MS);
    expect(await forgetLongWaiting(i.terminals, i.clock)).toBe(0);
    i.clock.jump(1);
    expect(await forgetLongWaiting(i.terminals, i.clock)).toBe(1);
    expect(await i.terminals.get(terminal.id)).toBeNull();
    expect(await enrol()).toEqual(first);
  } finally {
    await i.close();
  }
});

it('an enrolment of one more than may wait forgets the oldest, and a known one forgets none', async () => {
  const i = await IdentityWorld.open('ES256');
  try {
    const at = new Date(i.clock.now() - 1000);
    const list = Array.from({ length: WAITING_MOST }, (_, n) => ({
      ...{ _id: `o${n}`, signKey: key, sealKey: key, kind: 'kiosk', name: 'k', version: '1' },
      ...{ status: 'pending', enrolledAt: new Date(at.getTime() + n) },
    }));
    await i.t.db.collection<{ _id: string }>('terminals').insertMany(list);
    const terminal = await TestTerminal.create(i.clock);
    for (const name of ['a', 'b']) await i.enrolment.enrol(await terminal.enrolment({ name }), HERE);
    expect(await i.terminals.countWaiting()).toBe(WAITING_MOST);
    expect(await i.terminals.get('o0')).toBeNull();
    expect(await i.terminals.get('o1')).not.toBeNull();
    expect(await i.terminals.get(terminal.id)).toMatchObject({ status: 'pending', name: 'b' });
  } finally {
    await i.close();
  }
});

it('a great many are forgotten a part at a time', async () => {
  await wait(FORGET_AT_ONCE + 3);
  const later = { now: () => clock.now() + 2 * WAITING_MS };
  expect(await forgetLongWaiting(terminals, later)).toBe(FORGET_AT_ONCE);
  expect(await forgetLongWaiting(terminals, later)).toBe(3);
});
