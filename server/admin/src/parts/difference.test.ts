import { describe, expect, it } from 'vitest';
import { toldBy } from './difference.ts';

describe('what an entry of the trail, or a request, says', () => {
  it('is what was changed, and nothing that stayed', () => {
    const told = toldBy({
      before: { names: { 'zh-CN': '新安', en: 'Xin An' }, parent: '650100' },
      after: { names: { 'zh-CN': '新安南', en: 'Xin An' }, parent: '650100' },
      reason: 'a typo',
    });
    expect(told).toEqual({
      changes: [{ path: 'names.zh-CN', kind: 'changed', before: '新安', after: '新安南' }],
      facts: [['reason', 'a typo']],
    });
  });

  it('is of a list what came and what went', () => {
    const { changes } = toldBy({ before: { roles: ['a', 'b'] }, after: { roles: ['b', 'c'] } });
    expect(changes).toEqual([
      { path: 'roles', kind: 'removed', before: 'a' },
      { path: 'roles', kind: 'added', after: 'c' },
    ]);
  });

  it('is of a request its own fields beside what was there before', () => {
    const content = {
      id: 'float-1',
      dayLimitFen: 500,
      frozen: false,
      before: { dayLimitFen: 300, frozen: false },
    };
    expect(toldBy({ kind: 'float.set', content })).toEqual({
      changes: [{ path: 'dayLimitFen', kind: 'changed', before: 300, after: 500 }],
      facts: [
        ['kind', 'float.set'],
        ['id', 'float-1'],
      ],
    });
    const role = toldBy({ role: 'clerk', permissions: ['x'], before: ['x', 'y'] });
    expect(role).toEqual({
      changes: [{ path: 'permissions', kind: 'removed', before: 'y' }],
      facts: [['role', 'clerk']],
    });
  });

  it('is of a user where they were, or what they were', () => {
    const org = toldBy({ userName: 'bert', org: '650100', before: 'province' });
    expect(org.changes).toEqual([{ path: 'org', kind: 'changed', before: 'province', after: '650100' }]);
    const enabled = toldBy({ userName: 'bert', roles: ['clerk'], before: 'disabled' });
    expect(enabled.changes).toEqual([
      { path: 'status', kind: 'changed', before: 'disabled', after: 'active' },
    ]);
    expect(enabled.facts).toEqual([
      ['userName', 'bert'],
      ['roles', ['clerk']],
    ]);
  });

  it('is of what was made its fields, and of what was removed what is gone', () => {
    expect(toldBy({ after: { parent: 'province' } })).toEqual({
      changes: [],
      facts: [['parent', 'province']],
    });
    expect(toldBy({ before: { en: 'Old' } }).changes).toEqual([
      { path: 'en', kind: 'removed', before: 'Old' },
    ]);
  });

  it('is of anything else as it stands', () => {
    expect(toldBy({ erased: 3 })).toEqual({ changes: [], facts: [['erased', 3]] });
    expect(toldBy({})).toEqual({ changes: [], facts: [] });
  });
});
