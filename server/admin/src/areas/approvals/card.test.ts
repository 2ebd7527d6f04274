import { describe, expect, it } from 'vitest';
import { cardOf } from './card.ts';

describe('a request as a second person reads it', () => {
  it('begins with what it is about, and leaves out what only the server needs', () => {
    const content = {
      ...{ nonce: 'n', count: 3, paidFen: 4750, faceFen: 5000, orderNo: '260301100000999997' },
      ...{ reason: 'wrong amount', goodUntil: '2026-11-27T04:00:00.000Z' },
    };
    expect(cardOf({ kind: 'order.reverse', content })).toEqual({
      changes: [],
      facts: [
        ['orderNo', '260301100000999997'],
        ['faceFen', 5000],
        ['paidFen', 4750],
        ['count', 3],
      ],
      reason: 'wrong amount',
      goodUntil: '2026-11-27T04:00:00.000Z',
    });
  });

  it('says of a float which one, and what of it changes', () => {
    const content = { id: 'f1', dayLimitFen: 2, frozen: true, before: { dayLimitFen: 1, frozen: true } };
    expect(cardOf({ kind: 'float.set', content })).toMatchObject({
      changes: [{ path: 'dayLimitFen', before: 1, after: 2 }],
      facts: [['floatId', 'f1']],
    });
  });

  it('names a user by name', () => {
    const content = { userId: 'u', userName: 'bert', roles: ['clerk'] };
    expect(cardOf({ kind: 'user.create', content }).facts).toEqual([
      ['userName', 'bert', '/users/u'],
      ['roles', ['clerk']],
    ]);
  });
});
