import { describe, expect, it } from 'vitest';
import { journalText, parseJournalText } from './journal-text.ts';
import type { JournalEntry } from './journal.ts';

const entry: JournalEntry = {
  orderNo: '261125010300000001',
  lease: 2,
  chip: 'SLE4442',
  serial: '00112233445566AA',
  ranges: [{ zone: 'main', offset: 0x50, length: 12 }],
  outsideDigest: 'ab'.repeat(32),
  phase: 'writing',
  startedAt: 1_700_000_000_000,
};
const bent = (change: object): JournalEntry => ({ ...entry, ...change });
const text = (change: object): string =>
  JSON.stringify({ ...(JSON.parse(journalText(entry)) as object), ...change });

describe('a journal entry as text', () => {
  it.each([
    ['begun', {}],
    ['written', { phase: 'written', imageDigest: 'cd'.repeat(32) }],
    ['failed', { phase: 'failed', reason: 'x'.repeat(64) }],
    ['of the first lease', { lease: 0, phase: 'intent' }],
    ['presenting its code', { phase: 'presenting' }],
    ['with the tries that were read', { triesLeft: 0 }],
    [
      'of a card that refused a key',
      { keys: { digest: 'cd'.repeat(32), unanswered: 0, refused: true }, told: true },
    ],
    ['of a key that got no answer', { keys: { digest: 'cd'.repeat(32), unanswered: 2 } }],
  ])('comes back: %s', (_, change) => {
    expect(parseJournalText(journalText(bent(change)))).toEqual(bent(change));
  });

  it.each([
    ['a negative lease', { lease: -1 }],
    ['half a lease', { lease: 0.5 }],
    ['a serial in lower case', { serial: '00112233445566aa' }],
    ['a serial that is short', { serial: '00112233445566A' }],
    ['a serial that is long', { serial: '00112233445566AAA' }],
    ['a digest that is short', { outsideDigest: 'ab'.repeat(31) }],
    ['a digest that is long', { outsideDigest: 'ab'.repeat(33) }],
    ['a digest in upper case', { outsideDigest: 'AB'.repeat(32) }],
    ['a chip that is none', { chip: 'SLE0000' }],
    ['a phase that is none', { phase: 'done' }],
    ['a reason that is too long', { phase: 'failed', reason: 'x'.repeat(65) }],
    ['more than an entry has', { code: 'FFFFFF' }],
    ['a digest of the image that is not there', { imageDigest: undefined }],
  ])('is not kept with %s', (_, change) => {
    expect(() => journalText(bent(change))).toThrow();
  });

  it.each([
    ['another version', { version: 2 }],
    ['another checksum', { sum: '00'.repeat(32) }],
    ['other contents', { entry: bent({ lease: 3 }) }],
    ['more than it had', { extra: 1 }],
  ])('is not believed with %s', (_, change) => {
    expect(() => parseJournalText(text(change))).toThrow();
  });

  it('that was changed is told from one that is none', () => {
    expect(() => parseJournalText(text({ entry: bent({ lease: 3 }) }))).toThrow(
      'The checksum is of other contents.',
    );
  });
});
