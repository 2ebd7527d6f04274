import { describe, expect, it } from 'vitest';
import { PERMISSIONS } from '../../../../src/kernel/permissions.ts';
import { conflictsOf, keyOf, subjectsOf } from './permissions.ts';
import { words } from './words.ts';

describe('permissions at the console', () => {
  it('have a sentence each, and their subjects a name, in both languages', () => {
    const subjects = subjectsOf([{ permissions: PERMISSIONS }]);
    for (const locale of ['zh-CN', 'en'] as const) {
      const { may, subject } = words[locale] as { may: object; subject: object };
      expect(Object.keys(may).toSorted()).toEqual(PERMISSIONS.map(keyOf).toSorted());
      expect(Object.keys(subject).toSorted()).toEqual(subjects.map(({ name }) => name).toSorted());
    }
  });

  it('stand by subject, reading first', () => {
    const roles = [{ permissions: ['user:manage', 'order:decide'] }, { permissions: ['order:read', 'x:y'] }];
    expect(subjectsOf(roles)).toEqual([
      { name: 'order', permissions: ['order:read', 'order:decide'] },
      { name: 'user', permissions: ['user:manage'] },
      { name: 'x', permissions: ['x:y'] },
    ]);
  });

  it('differ where another administrator or the one editing changed them', () => {
    const found = conflictsOf({ before: ['a', 'b'], theirs: ['a', 'c'], mine: ['a', 'b', 'd'] });
    expect(found).toEqual([
      { what: 'b', before: true, theirs: false, mine: true },
      { what: 'c', before: false, theirs: true, mine: false },
      { what: 'd', before: false, theirs: false, mine: true },
    ]);
  });
});
