import { describe, expect, it } from 'vitest';
import { sampleEntry } from '../testing/journal-contract.ts';
import { MemoryJournal } from '../testing/memory-journal.ts';
import { acknowledged } from './acknowledged.ts';
import type { JournalEntry } from './journal.ts';
import { keyHistory, outlived } from './key-history.ts';

const HERE = 'd'.repeat(64);
const SERIAL = sampleEntry().serial;
const ORDER = sampleEntry().orderNo;
const question = { serial: SERIAL, digest: HERE };
const cpu = (patch: Partial<JournalEntry>): JournalEntry => sampleEntry({ chip: 'CPU', ...patch });
const refused = { digest: HERE, unanswered: 0, refused: true } as const;

describe('what a journal knows of a card’s keys', () => {
  it('is nothing at first', () => {
    const none = { unanswered: 0, refused: false, lastTry: false };
    expect(keyHistory([], question)).toEqual(none);
    expect(keyHistory([cpu({})], { ...question, lastTry: true })).toEqual({ ...none, lastTry: true });
  });

  it('is a refusal, with the fewest tries that the card told', () => {
    const entries = [
      cpu({ keys: refused, triesLeft: 6 }),
      cpu({ keys: refused, triesLeft: 5 }),
      cpu({ keys: refused }),
    ];
    expect(keyHistory(entries, question)).toMatchObject({ refused: true, left: 5, unanswered: 0 });
  });

  it('counts no tries that no refusal told', () => {
    const entries = [cpu({ keys: { digest: HERE, unanswered: 1 }, triesLeft: 4 })];
    expect(keyHistory(entries, question)).toEqual({ unanswered: 1, refused: false, lastTry: false });
  });

  it('adds up what went unanswered, in all its orders', () => {
    const entries = [1, 2].map((unanswered) => cpu({ keys: { digest: HERE, unanswered } }));
    expect(keyHistory(entries, question).unanswered).toBe(3);
  });

  it.each([
    ['of another card', cpu({ serial: '6501000000000009', keys: refused })],
    ['of the card as it was before it was written', cpu({ keys: { ...refused, digest: 'e'.repeat(64) } })],
    ['of another chip', sampleEntry({ keys: refused })],
  ])('is not what it knows %s', (_, entry) => {
    expect(keyHistory([entry], question)).toMatchObject({ refused: false, unanswered: 0 });
  });

  it('takes a release that ended in silence for one that may have cost a try, unless it was its own', () => {
    const silent = { ...question, orderNo: ORDER, afterSilence: true };
    expect(keyHistory([], silent).unanswered).toBe(1);
    expect(keyHistory([cpu({ orderNo: '260115020000000009' })], silent).unanswered).toBe(1);
    expect(keyHistory([cpu({})], silent).unanswered).toBe(0);
    expect(keyHistory([], { ...silent, afterSilence: false }).unanswered).toBe(0);
  });
});

describe('an entry that the server has acknowledged', () => {
  it('leaves the journal', async () => {
    const journal = new MemoryJournal();
    await journal.put(cpu({}));
    await acknowledged(journal, cpu({}));
    expect(await journal.list()).toEqual([]);
  });

  it('stays where its card lost tries, until that card was written', async () => {
    const journal = new MemoryJournal();
    const entry = cpu({ phase: 'failed', keys: refused });
    await acknowledged(journal, entry);
    const entries = await journal.list();
    expect(entries).toEqual([{ ...entry, told: true }]);
    expect(outlived(entries, question)).toEqual([]);
    expect(outlived(entries, { ...question, digest: 'e'.repeat(64) })).toEqual(entries);
    expect(outlived(entries, { serial: '6501000000000009', digest: 'e'.repeat(64) })).toEqual([]);
    expect(outlived([cpu({ keys: refused })], { ...question, digest: 'e'.repeat(64) })).toEqual([]);
  });

  it('stays with the newest hundred', async () => {
    const journal = new MemoryJournal();
    for (let n = 0; n <= 100; n++) {
      const orderNo = String(260115020000000000n + BigInt(n));
      await acknowledged(journal, cpu({ orderNo, startedAt: n, keys: refused }));
    }
    const kept = await journal.list();
    expect([kept.length, kept[0]?.startedAt]).toEqual([100, 1]);
  });
});
