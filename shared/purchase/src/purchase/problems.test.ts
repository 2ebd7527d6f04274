import { describe, expect, it } from 'vitest';
import {
  isGoneCode,
  isOfJournal,
  isPassing,
  isShakyReading,
  isShakyWrite,
  troubleOf,
  writeTroubleOf,
} from './problems.ts';

describe('the words for a code', () => {
  it('are one problem for each, with the code itself for staff', () => {
    expect(troubleOf('card.foreign')).toEqual({ code: 'card-foreign', staffCode: 'card.foreign' });
    expect(troubleOf('odd.thing')).toEqual({ code: 'unexpected', staffCode: 'odd.thing' });
  });

  it('are those of a broken journal for whatever is wrong with it', () => {
    for (const code of ['journal.unreadable', 'journal.odd']) {
      expect(isOfJournal(code)).toBe(true);
      expect(troubleOf(code)).toEqual({ code: 'journal-broken', staffCode: code });
    }
    expect(isOfJournal('card.journal.odd')).toBe(false);
  });

  it('say how long it lasts of a card that is written elsewhere, and of nothing else', () => {
    const elsewhere = { code: 'order-open-elsewhere', staffCode: 'order.leased-elsewhere' };
    expect(troubleOf('order.leased-elsewhere', 5)).toEqual({ ...elsewhere, waitMs: 5 });
    expect(troubleOf('order.leased-elsewhere')).toEqual(elsewhere);
    expect(troubleOf('grid.unavailable', 5)).toEqual({ code: 'grid-busy', staffCode: 'grid.unavailable' });
  });

  it('are those of a failed write where a write has no others', () => {
    expect(writeTroubleOf('odd.thing')).toEqual({ code: 'write-failed', staffCode: 'odd.thing' });
    expect(writeTroubleOf('chip.locked')).toEqual({ code: 'card-locked', staffCode: 'chip.locked' });
  });
});

describe('what a code says of the card', () => {
  const gone = ['reader.removed', 'reader.no-card', 'reader.gone'];
  const reading = [...gone, 'reader.timeout', 'reader.io', 'reader.protocol'];
  const writing = [
    ...[...reading, 'reader.mute', 'meter-card.read-back-differs', 'meter-card.refused'],
    'meter-card.unreadable',
  ];
  const all = [
    ...[...writing, 'purchase.no-slot', 'reader.busy', 'reader.none', 'reader.unsupported'],
    ...['chip.locked', 'meter-card.locked', 'card.changed', 'unexpected'],
  ];

  it('is that it is not there, that a contact is bad, or neither', () => {
    expect(all.filter(isGoneCode)).toEqual([...gone, 'purchase.no-slot']);
    expect(all.filter(isShakyReading)).toEqual(reading);
    expect(all.filter(isShakyWrite)).toEqual(writing);
  });

  it('passes in a few seconds, or does not', () => {
    const passing = ['server-away', 'grid-busy', 'channel-down', 'order-open-elsewhere'] as const;
    for (const problem of [...passing, 'not-enrolled', 'card-mute', 'no-reader'] as const) {
      expect(isPassing(problem)).toBe(true);
    }
    for (const problem of ['unexpected', 'card-unknown', 'write-failed', 'not-yet-used'] as const) {
      expect(isPassing(problem)).toBe(false);
    }
  });
});
