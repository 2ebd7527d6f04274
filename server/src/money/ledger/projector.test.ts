import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { CaseReport } from '../../orders/model/case-sink.ts';
import type { Order } from '../../orders/model/order.ts';
import { MemoryChanges, MemoryMarks } from '../../testing/memory-marks.ts';
import { MemoryLedger } from '../../testing/memory-ledger.ts';
import { sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { toldLog } from '../../testing/told-log.ts';
import { LEDGER_MARK, LedgerProjector } from './projector.ts';

const HOUR = 3_600_000;

function rig() {
  const [ledger, marks, changes, clock] = [
    new MemoryLedger(),
    new MemoryMarks(),
    new MemoryChanges(),
    new ManualClock(),
  ];
  const reports: CaseReport[] = [];
  const { log, lines } = toldLog();
  const projector = new LedgerProjector({
    ...{ orders: changes.store, ledger: ledger.store, marks: marks.store, clock, log },
    cases: { open: (report) => Promise.resolve(void reports.push(report)) },
  });
  return { ledger, marks, changes, clock, reports, lines, projector };
}

/** Paid, and nothing else. */
function paid(n: number, over: Partial<Order> = {}, fen: number | string = 5000): Order {
  const _id = `26030110000000${String(n).padStart(4, '0')}`;
  const at = new Date(Date.UTC(2026, 0, 14) + n);
  return sampleOrder({
    ...{ _id, version: 2, updatedAt: at },
    payments: [samplePayment({ no: `${_id}p1`, status: 'succeeded', funds: true })],
    events: [{ n: 2, at, name: 'payment.succeeded', by: 'channel', data: { no: `${_id}p1`, fen } }],
    ...over,
  });
}

describe('a round of the ledger', () => {
  it('posts what sales took of our deposit, where they do, since that was first asked', async () => {
    const { ledger, changes, projector, ...rest } = rig();
    const at = new Date(Date.UTC(2026, 0, 14));
    const data = { saleNo: 's1', count: 2, creditFen: 5000, arrearsFen: 0, feeFen: 0 };
    changes.orders = [
      { ...paid(1), events: [...paid(1).events, { n: 3, at, name: 'sale.sold', by: 'grid', data }] },
    ];
    await projector.round();
    expect(ledger.postings.size).toBe(2);
    const drawing = (since: Date): LedgerProjector =>
      new LedgerProjector({
        ...{ orders: changes.store, ledger: ledger.store, marks: rest.marks.store, clock: rest.clock },
        ...{ log: toldLog().log, cases: { open: () => Promise.reject(new Error('No case.')) } },
        drawsSince: () => Promise.resolve(since),
      });
    expect(await drawing(new Date(at.getTime() + 1)).round()).toBe(0);
    expect(await drawing(at).round()).toBe(1);
    expect([...ledger.postings.keys()].at(-1)).toBe(`${paid(1)._id}:3:deposit`);
  });

  it('posts what orders’ events say and moves its mark on to the last that changed', async () => {
    const { ledger, marks, changes, projector } = rig();
    changes.orders = [paid(2), paid(1), sampleOrder({ _id: '260301100000009999' })];
    expect(await projector.round()).toBe(2);
    expect([...ledger.postings.keys()]).toEqual([`${paid(1)._id}:2:money`, `${paid(2)._id}:2:money`]);
    expect(marks.marks.get(LEDGER_MARK)).toMatchObject({ orderNo: '260301100000009999' });
    expect(LEDGER_MARK).toBe('ledger');
  });

  it('posts what changed together in one go', async () => {
    const { ledger, changes, projector } = rig();
    changes.orders = [paid(1), paid(2), paid(3)];
    const calls: number[] = [];
    const add = ledger.add.bind(ledger);
    ledger.add = (postings) => {
      calls.push(postings.length);
      return add(postings);
    };
    await projector.round();
    expect(calls).toEqual([3]);
  });

  it('offers an order again only when it has another version', async () => {
    const { ledger, changes, projector } = rig();
    changes.orders = [paid(1), paid(2)];
    await projector.round();
    expect(await projector.round()).toBe(0);
    expect(ledger.offered).toHaveLength(2);
    const { _id } = paid(2);
    const events = [...paid(2).events, { ...paid(2).events[0], n: 3, data: { no: `${_id}p1`, fen: 1 } }];
    changes.orders = [paid(1), paid(2, { version: 3, events: events as Order['events'] })];
    expect(await projector.round()).toBe(1);
    expect(ledger.offered.slice(2).map(({ n }) => n)).toEqual([2, 3]);
  });

  it('offers nothing again of an order that was reported, until it has changed', async () => {
    const { changes, reports, projector } = rig();
    changes.orders = [paid(1, {}, 'a lot')];
    await projector.round();
    await projector.round();
    expect(reports).toHaveLength(1);
    changes.orders = [paid(1, { version: 3 }, 'a lot')];
    await projector.round();
    expect(reports).toHaveLength(2);
  });

  it('looks two days behind its mark at first and every hour, else ten seconds', async () => {
    const { changes, clock, projector } = rig();
    changes.orders = [paid(1)];
    await projector.round();
    const mark = paid(1).updatedAt.getTime();
    const behind = async (ms: number): Promise<number> => {
      clock.jump(ms);
      await projector.round();
      return mark - (changes.asked.at(-1)?.getTime() ?? 0);
    };
    expect(changes.asked[0]?.getTime()).toBe(-48 * HOUR);
    expect(await behind(1)).toBe(10_000);
    expect(await behind(HOUR - 2)).toBe(10_000);
    expect(await behind(1)).toBe(48 * HOUR);
    expect(await behind(1)).toBe(10_000);
    expect(await behind(HOUR - 1)).toBe(48 * HOUR);
  });
});

describe('an order that does not fit the books', () => {
  it('is reported with its version, and keeps the others of its batch out of nothing', async () => {
    const { ledger, changes, reports, lines, projector } = rig();
    changes.orders = [paid(1), paid(2, {}, 'a lot'), paid(3)];
    expect(await projector.round()).toBe(2);
    expect([...ledger.postings.values()].map(({ source }) => source)).toEqual([paid(1)._id, paid(3)._id]);
    expect(reports).toMatchObject([
      {
        ...{ kind: 'ledger-unsound', orderNo: paid(2)._id, facts: { version: 2 } },
        ...{ facts: { why: expect.stringContaining('has no usable fen') as string } },
      },
    ]);
    expect(lines).toHaveLength(1);
  });

  it('is one whose posting is there with other legs, too', async () => {
    const { ledger, changes, reports, projector } = rig();
    changes.orders = [paid(1)];
    await projector.round();
    changes.orders = [paid(1, { version: 3 }, 4999), paid(2)];
    expect(await projector.round()).toBe(1);
    expect(reports).toMatchObject([{ orderNo: paid(1)._id, facts: { version: 3 } }]);
    expect(ledger.postings.get(`${paid(1)._id}:2:money`)?.legs[0]?.fen).toBe(5000);
  });
});

describe('a ledger that is not to be reached', () => {
  it('ends the round; the mark stays, and the next one posts everything', async () => {
    const { ledger, marks, changes, reports, projector } = rig();
    changes.orders = [paid(1)];
    const gone = new Error('The database is gone.');
    const real = ledger.add.bind(ledger);
    let tried = 0;
    ledger.add = () => {
      tried += 1;
      return Promise.reject(gone);
    };
    await expect(projector.round()).rejects.toBe(gone);
    expect([tried, marks.marks.size, reports]).toEqual([1, 0, []]);
    ledger.add = real;
    expect(await projector.round()).toBe(1);
  });

  it('is told in the log, and the rounds go on until they are stopped', async () => {
    const { ledger, changes, clock, lines, projector } = rig();
    changes.orders = [paid(1)];
    const real = ledger.add.bind(ledger);
    ledger.add = () => Promise.reject(new Error('The database is gone.'));
    const stop = projector.start(1000);
    await clock.advance(0);
    expect(lines).toMatchObject([{ level: 50, msg: 'the ledger could not be looked after' }]);
    ledger.add = real;
    await clock.advance(999);
    expect(ledger.postings.size).toBe(0);
    await clock.advance(1);
    expect(ledger.postings.size).toBe(1);
    await stop();
  });
});
