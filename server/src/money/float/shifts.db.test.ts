import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { CashCounter, COUNTER_FLOAT, COUNTER_TERMINAL, type Dies } from '../../testing/cash-counter.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { codeOf } from '../../testing/problem-code.ts';
import { HERE } from '../../testing/staff-world.ts';
import { PROVINCE_PATH } from '../../kernel/org-path.ts';
import type { FloatEntry } from './float.ts';
import { drawerFen, type CountedShift } from './shift.ts';
import { ShiftFollower } from './shift-follower.ts';
import { ShiftWatch } from './shift-watch.ts';
import { FloatStore } from './float-store.ts';

let t: TestContext;
let c: CashCounter;
let dies: Dies;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  dies = () => 'no';
  c = await CashCounter.open(t, (what) => dies(what));
});

async function signIn(name = 'zhang') {
  const staff = await c.staff(name);
  const entered = await c.float.shifts.enter({ staff, terminalId: COUNTER_TERMINAL }, PROVINCE_PATH, HERE);
  if (entered === null) throw new Error('No committee takes cash there.');
  const { ref, shift } = entered;
  const held = { staff: name, terminalId: COUNTER_TERMINAL, shift: ref };
  return { ticket: await c.float.tickets.issue(held), shift, ref };
}
type Begun = Awaited<ReturnType<typeof signIn>>;

async function takes({ ticket }: Begun): Promise<void> {
  const order = await c.order();
  const offer = await c.float.cash.offer(order, { terminalId: COUNTER_TERMINAL, shift: ticket }, HERE);
  await c.float.cash.take(order, { terminalId: COUNTER_TERMINAL, by: { ticket: offer.ticket } }, HERE);
}
async function close({ ticket, shift }: Begun, pieces: number): Promise<CountedShift> {
  const holder = await c.float.tickets.useAtEnd({ terminalId: COUNTER_TERMINAL, ticket });
  const counted = [{ fen: 5_000, pieces } as const];
  const request = { ticket, shift: shift.id, counted, leftFen: 0 };
  return c.float.shifts.close({ terminalId: COUNTER_TERMINAL, holder }, request, HERE);
}
const cases = async () =>
  (await c.cases.list({ limit: 9 }, WHOLE_PROVINCE)).map(({ kind, key }) => [kind, key]);
const closings = (entries: readonly FloatEntry[]): CountedShift[] =>
  entries.flatMap(({ counted }) => counted ?? []);

function watch(): ShiftWatch {
  const { cases: all, world } = c;
  if (world.services.floats === undefined) throw new Error('The world has no floats.');
  return new ShiftWatch({
    ...{ store: new FloatStore(t.db), desk: world.services.floats, cases: all, afterMs: 72_000_000 },
    ...{ follower: new ShiftFollower(all), clock: world.clock, log: world.log },
  });
}

describe('a process that is killed while a drawer is counted', () => {
  it.each([
    ['before the float has it', 'before'],
    ['after the float has it', 'after'],
  ] as const)('%s: it is there once, with its case, whoever goes on', async (_, when) => {
    const one = await signIn();
    await takes(one);
    dies = (what) => (what === 'float' ? when : 'no');
    await expect(close(one, 2)).rejects.toThrow('killed');
    dies = () => 'no';
    const isThere = when === 'after';
    expect(closings(await c.entries())).toHaveLength(isThere ? 1 : 0);
    expect(await cases()).toEqual([]);
    await watch().round();
    expect(await cases()).toEqual(isThere ? [['shift-difference', one.shift.id]] : []);
    // The kiosk asks again, and hears what was written down first.
    expect(await close(one, isThere ? 1 : 2)).toMatchObject({ countedFen: 10_000, differenceFen: 5_000 });
    expect(closings(await c.entries())).toHaveLength(1);
    expect(await cases()).toEqual([['shift-difference', one.shift.id]]);
    expect(await c.float.tickets.use({ terminalId: COUNTER_TERMINAL, ticket: one.ticket })).toBeNull();
  });
});

describe('two clerks at one terminal', () => {
  it('have a shift each, and every note is in one of them, whatever comes at once', async () => {
    const [zhang, li] = [await signIn(), await signIn('li')];
    await Promise.all([takes(zhang), takes(li), takes(zhang), takes(li), takes(li)]);
    const [said] = await Promise.all([
      close(zhang, 2),
      ...[0, 1, 2].map(() => takes(zhang).catch(() => undefined)),
      takes(li),
    ]);
    expect(await codeOf(takes(zhang))).toBe('staff.session-over');
    const done = await close(li, 4);
    const entries = await c.entries();
    for (const shift of [said, done]) {
      const taken = entries.filter((each) => each.kind === 'taken' && each.shift === shift.id);
      expect([shift.takenFen, shift.times]).toEqual([taken.length * 5_000, taken.length]);
      expect(drawerFen(shift)).toBe(taken.length * 5_000);
    }
    expect(closings(entries)).toHaveLength(2);
    const all = entries.filter(({ kind }) => kind === 'taken').length;
    expect(await c.balance()).toBe(1_000_000 - all * 5_000);
    expect(await c.float.shifts.read(zhang.ref)).toBeNull();
    expect((await new FloatStore(t.db).get(COUNTER_FLOAT))?.shifts).toEqual([]);
  });
});
