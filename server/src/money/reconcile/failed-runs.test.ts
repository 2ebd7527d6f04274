import { describe, expect, it } from 'vitest';
import { boughtAt, DAY } from '../../testing/bought-orders.ts';
import { MemoryBooks } from '../../testing/memory-books.ts';
import { ReconcileError } from './error.ts';

const NEXT = '2026-03-02';

describe('a run that cannot be', () => {
  it('is one of a day that is not over in China', async () => {
    const w = new MemoryBooks();
    for (const last of ['2026-03-05', '2026-03-06']) {
      const run = w.reconciler.run({ first: DAY, last, by: 'u9' });
      await expect(run).rejects.toThrow(ReconcileError);
      await expect(run).rejects.toMatchObject({
        code: 'reconcile.day-open',
        message: `${last} is not over in China. Run it tomorrow.`,
        context: { day: last },
      });
    }
    expect(w.days.days.size).toBe(0);
    expect(await w.found('2026-03-04')).toEqual([]);
  });

  it('is one of a day that another process has in hand: the days that it took wait', async () => {
    const w = new MemoryBooks();
    await w.found();
    const now = new Date(w.clock.now());
    await w.days.take('2026-03-03', now, new Date(w.clock.now() + 1000));
    const run = w.reconciler.run({ first: DAY, last: '2026-03-04', by: 'u9' });
    await expect(run).rejects.toMatchObject({
      code: 'reconcile.running',
      message: '2026-03-03 is being reconciled now. Look again in a few minutes.',
      context: { day: '2026-03-03' },
    });
    const days = await w.days.list(DAY, '2026-03-04');
    expect(days.map(({ _id, state, why, leaseUntil }) => [_id, state, why, leaseUntil?.getTime()])).toEqual([
      [DAY, 'done', 'reconcile.running', undefined],
      [NEXT, 'waiting', 'reconcile.running', undefined],
      ['2026-03-03', 'running', undefined, w.clock.now() + 1000],
    ]);
    w.clock.jump(1000);
    expect(await w.found(DAY, '2026-03-04')).toEqual([]);
  });

  it('has its days for half an hour, and then another one may have them', async () => {
    const w = new MemoryBooks();
    let until: Date | undefined;
    const downloaded = w.papers.rows.get.bind(w.papers.rows);
    w.papers.rows.get = (day) => {
      until = w.days.days.get(DAY)?.leaseUntil;
      return downloaded(day);
    };
    await w.found();
    expect(until?.getTime()).toBe(w.clock.now() + 30 * 60_000);
  });

  it('is one whose bill is not there: its days wait, and say why', async () => {
    const w = new MemoryBooks();
    w.has(boughtAt(1));
    w.papers.ready = false;
    await expect(w.found(DAY, NEXT)).rejects.toMatchObject({ code: 'reconcile.not-ready' });
    const at = new Date(w.clock.now());
    for (const day of [DAY, NEXT]) {
      expect(await w.days.get(day)).toMatchObject({
        ...{ state: 'waiting', why: 'reconcile.not-ready' },
        history: [{ at, by: 'u9', state: 'waiting', why: 'reconcile.not-ready', differences: 0 }],
      });
    }
    expect((await w.days.get('2026-03-03'))?.stale).toBeUndefined();
  });

  it('is one whose bill is unsound, or in which anything else goes wrong: its days failed', async () => {
    const w = new MemoryBooks();
    w.papers.lines.set(DAY, ['a,b']);
    await expect(w.found()).rejects.toMatchObject({ code: 'reconcile.bill-unsound' });
    expect(await w.days.get(DAY)).toMatchObject({ state: 'failed', why: 'reconcile.bill-unsound' });
    const v = new MemoryBooks();
    v.has(boughtAt(1));
    v.ledger.add = () => Promise.reject(new Error('The database is gone.'));
    await expect(v.found()).rejects.toThrow('The database is gone.');
    expect(await v.days.get(DAY)).toMatchObject({ state: 'failed', why: 'server.internal' });
    expect([v.allCases(), v.told.lines]).toEqual([[], []]);
  });
});
