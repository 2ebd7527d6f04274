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

  it('names a user by name, and says what they get who was not there', () => {
    const content = {
      ...{ userId: 'u', userName: 'bert', org: '650100', roles: ['clerk'], permissions: ['order:read'] },
      ...{ version: 1, invite: 'i' },
    };
    expect(cardOf({ kind: 'user.create', content })).toMatchObject({
      facts: [['userName', 'bert', '/users/u']],
      changes: [
        { path: 'org', kind: 'added', after: '650100' },
        { path: 'roles', kind: 'added', after: 'clerk' },
        { path: 'permissions', kind: 'added', after: 'order:read' },
      ],
    });
  });

  it('says of a file of roles what becomes different of each', () => {
    const changes = [{ role: '收费员', before: ['order:read'], permissions: ['order:note'], version: 1 }];
    expect(cardOf({ kind: 'role.file', content: { digest: 'd', changes } })).toMatchObject({
      facts: [['digest', 'd']],
      changes: [
        { path: 'permissions.收费员', kind: 'removed', before: 'order:read' },
        { path: 'permissions.收费员', kind: 'added', after: 'order:note' },
      ],
    });
  });
});
