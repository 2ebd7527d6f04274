import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { fakeTerminal, type FakeTerminal } from '../../testing/order-world.ts';
import { ANNA, HERE } from '../../testing/staff-world.ts';
import { withEntry, type CommitteeFloat, type FloatEntry } from './float.ts';
import { FloatWorld, TERMINAL } from '../../testing/float-world.ts';
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

describe('a float', () => {
  it('is topped up once by one approval, also after a crash in the middle', async () => {
    await w.opened(1_000);
    const entry = {
      kind: 'top-up',
      fen: 500,
      debit: 'bank',
      credit: 'float:tianshan-1',
      by: 'boris',
    } as const;
    await Promise.all(
      Array.from({ length: 6 }, () => w.desk.add('tianshan-1', { _id: 'topup-x', ...entry })),
    );
    await w.desk.book('tianshan-1');
    await w.desk.add('tianshan-1', { _id: 'topup-x', ...entry });
    expect([await w.balance(), await w.summed()]).toEqual([1_500, 1_500]);
  });

  it('gives a wrong top-up back as a whole, once, and only while it still holds as much', async () => {
    await w.opened(6_000);
    const [topUp] = await w.float.floats.entries('tianshan-1');
    const undo = () =>
      w.float.floats.requestUndo(
        'tianshan-1',
        { topUp: topUp?._id ?? '', reason: 'It was for another committee.' },
        { maker: ANNA, where: HERE },
      );
    const [first, second] = [await undo(), await undo()];
    await w.take(await w.world.order(kiosk, w.world.household()));
    expect(await w.decide(first._id)).toMatchObject({ status: 'failed', failure: 'float.empty' });
    expect(await w.balance()).toBe(1_000);
    const more = { fen: 9_000, reference: 'bank-2', reason: 'More came.' };
    await w.decide((await w.float.floats.requestTopUp('tianshan-1', more, { maker: ANNA, where: HERE }))._id);
    const third = await undo();
    expect(await w.decide(second._id)).toMatchObject({ status: 'done' });
    expect(await w.decide(third._id)).toMatchObject({ status: 'done' });
    expect([await w.balance(), await w.summed()]).toEqual([4_000, 4_000]);
    expect(await codeOf(undo())).toBe('request.not-found');
    const wrong = { topUp: 'topup-0', reason: 'None of this.' };
    const by = { maker: ANNA, where: HERE };
    expect(await codeOf(w.float.floats.requestUndo('tianshan-1', wrong, by))).toBe('request.not-found');
  });

  it('moves its entries into the book and loses none', async () => {
    await w.opened(1_000_000, 1_000_000);
    await Promise.all(
      Array.from({ length: 3 }, async (_, lane) => {
        for (let n = 0; n < 20; n += 1) {
          const paymentNo = `26010110000000${String(lane * 100 + n).padStart(4, '0')}p1`;
          await w.desk.take('tianshan-1', {
            paymentNo,
            orderNo: paymentNo.slice(0, 18),
            fen: 100,
            by: 'zhang',
          });
        }
      }),
    );
    expect((await w.store.get('tianshan-1'))?.recent.length).toBeLessThanOrEqual(60);
    expect([await w.balance(), await w.summed()]).toEqual([994_000, 994_000]);
  });

  it('is never negative and never over its day, whatever is asked of it', () => {
    const kinds = fc.constantFrom('taken', 'given-back', 'top-up', 'top-up-undone', 'closed');
    const steps = fc.array(fc.record({ kind: kinds, fen: fc.nat(9_000), hours: fc.nat(9) }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(steps, (all) => {
        let at = Date.UTC(2026, 0, 1);
        let now: CommitteeFloat = {
          ...{
            _id: 'f',
            name: 'f',
            terminals: [],
            balanceFen: 10_000,
            dayLimitFen: 12_000,
            day: '',
            dayFen: 0,
          },
          ...{ recent: [], version: 1 },
        };
        for (const [n, { kind, fen, hours }] of all.entries()) {
          at += hours * 3_600_000;
          const entry: FloatEntry = {
            ...{ _id: `e${n}`, float: 'f', kind, fen, debit: 'x', credit: 'y', by: 'z', at: new Date(at) },
          };
          const next = withEntry(now, entry);
          if (typeof next === 'string') continue;
          expect(next.balanceFen).toBeGreaterThanOrEqual(0);
          expect(next.dayFen).toBeLessThanOrEqual(12_000);
          now = next;
        }
      }),
    );
  });
});
