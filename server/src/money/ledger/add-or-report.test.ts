import { describe, expect, it } from 'vitest';
import type { CaseReport } from '../../orders/model/case-sink.ts';
import { MemoryLedger } from '../../testing/memory-ledger.ts';
import { toldLog } from '../../testing/told-log.ts';
import { addOrReport } from './add-or-report.ts';
import { LedgerError } from './error.ts';
import type { Posting } from './posting.ts';

const ABOUT = { orderNo: '260301100000000001', key: 'k', facts: { version: 3 } };
const AT = new Date('2026-03-01T04:00:00Z');
const posting = (fen: number, back = -fen): Posting => ({
  ...{ source: ABOUT.orderNo, n: 2, group: 'money', name: 'payment.succeeded', at: AT, day: '2026-03-01' },
  legs: [
    { account: 'channel:wechat', fen },
    { account: 'payer:held', fen: back },
  ],
});

function rig() {
  const ledger = new MemoryLedger();
  const reports: CaseReport[] = [];
  const { log, lines } = toldLog();
  const cases = { open: (report: CaseReport) => Promise.resolve(void reports.push(report)) };
  return { ledger, reports, lines, books: { ledger: ledger.store, cases, log } };
}

describe('what is to go into the books', () => {
  it('is added, and told how much of it is new', async () => {
    const { books, reports, lines, ledger } = rig();
    expect(await addOrReport(books, () => [posting(5000)], ABOUT)).toBe(1);
    expect(await addOrReport(books, () => [posting(5000)], ABOUT)).toBe(0);
    expect(ledger.postings.size).toBe(1);
    expect([reports, lines]).toEqual([[], []]);
  });

  it('is a case where it does not fit, which says why, and a line of the log', async () => {
    const { books, reports, lines, ledger } = rig();
    expect(await addOrReport(books, () => [posting(5000, -4999)], ABOUT)).toBe(0);
    const why = 'The posting 260301100000000001:2:money does not fit.';
    expect(reports).toEqual([
      { kind: 'ledger-unsound', orderNo: ABOUT.orderNo, key: 'k', facts: { version: 3, why } },
    ]);
    expect(lines).toMatchObject([
      {
        ...{ level: 50, orderNo: ABOUT.orderNo, key: 'k', msg: 'what happened does not fit the books' },
        err: { message: why },
      },
    ]);
    expect(ledger.postings.size).toBe(0);
  });

  it('is a case where it cannot be read: in the books’ own words, and of anything else no word', async () => {
    const { books, reports, ledger } = rig();
    const unread = (error: Error) => () => {
      throw error;
    };
    const message = `It is bent. ${'x'.repeat(300)}`;
    const ours = new LedgerError({ code: 'ledger.event-unreadable', message });
    expect(await addOrReport(books, unread(ours), ABOUT)).toBe(0);
    expect(await addOrReport(books, unread(new TypeError('card 6228')), ABOUT)).toBe(0);
    expect(reports.map(({ facts }) => facts['why'])).toEqual([message.slice(0, 200), 'It cannot be read.']);
    expect(ledger.offered).toEqual([]);
  });

  it('is told of no other trouble as if it were the books’: that is thrown, to be tried again', async () => {
    const { books, reports } = rig();
    const gone = new Error('The database is gone.');
    const ledger = Object.assign(new MemoryLedger(), { add: () => Promise.reject(gone) });
    const tried = addOrReport({ ...books, ledger: ledger.store }, () => [posting(5000)], ABOUT);
    await expect(tried).rejects.toBe(gone);
    expect(reports).toEqual([]);
  });
});
