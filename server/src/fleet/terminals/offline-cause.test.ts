import { describe, expect, it } from 'vitest';
import { offlineCause, type SilenceFacts } from './offline-cause.ts';

const MINUTE_MS = 60_000;
const AT = Date.UTC(2026, 2, 1, 2);
const gone = (minutes: number) => ({ seenAt: AT + minutes * MINUTE_MS, isMissing: true });
const there = { seenAt: AT + 600 * MINUTE_MS, isMissing: false };
const causeOf = (over: Partial<SilenceFacts> = {}) =>
  offlineCause({ seenAt: AT, neighbours: [], blocked: false, hasReader: true, ...over });

describe('why a kiosk most likely fell silent', () => {
  it.each<[string, Partial<SilenceFacts>, ReturnType<typeof causeOf>]>([
    ['nothing is known', {}, 'unknown'],
    ['its only neighbour went within minutes', { neighbours: [gone(-4)] }, 'power'],
    ['its only neighbour went ten minutes before', { neighbours: [gone(-10)] }, 'unknown'],
    ['half of its neighbours went with it', { neighbours: [gone(1), there] }, 'power'],
    ['most of its neighbours are there', { neighbours: [gone(1), there, there] }, 'unknown'],
    [
      'a neighbour was last heard at the same time and is not missing',
      { neighbours: [{ ...gone(0), isMissing: false }] },
      'unknown',
    ],
    ['its calls failed before', { linkFaultAt: AT - 20 * MINUTE_MS }, 'network'],
    ['its calls failed long before', { linkFaultAt: AT - 40 * MINUTE_MS }, 'unknown'],
    ['its reader failed before', { readerFaultAt: AT }, 'reader'],
    ['its reader failed long before', { readerFaultAt: AT - 40 * MINUTE_MS }, 'unknown'],
    ['it had no reader', { hasReader: false }, 'reader'],
    ['it was told to sell nothing', { blocked: true }, 'blocked'],
    ['it was updating', { updatingSince: AT - 50 * MINUTE_MS }, 'updating'],
    ['it was offered a release long before', { updatingSince: AT - 70 * MINUTE_MS }, 'unknown'],
  ])('where %s', (_, facts, cause) => {
    expect(causeOf(facts)).toBe(cause);
  });

  it('is the first of several that its facts say', () => {
    const all = {
      ...{ neighbours: [gone(0)], blocked: true, linkFaultAt: AT, hasReader: false, updatingSince: AT },
    };
    expect([
      causeOf(all),
      causeOf({ ...all, updatingSince: undefined }),
      causeOf({ ...all, updatingSince: undefined, neighbours: [] }),
      causeOf({ linkFaultAt: AT, hasReader: false }),
    ]).toEqual(['updating', 'power', 'blocked', 'network']);
  });
});
