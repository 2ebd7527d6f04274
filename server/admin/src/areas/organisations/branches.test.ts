import { expect, it } from 'vitest';
import type { OrgView } from '@bianmin/purchase/api/org';
import { branchesOf } from './branches.ts';

const org = (id: string, parent: string | null, terminals = 0): OrgView => ({
  ...{ id, parent, terminals, kind: 'community', names: { 'zh-CN': id, en: id }, path: [id] },
  ...{ cell: null, version: 1 },
});

it('a tree counts what is below, and begins at the scope of the administrator who looks', () => {
  const orgs = [org('a', 'province', 1), org('b', 'a', 2), org('c', 'a'), org('d', 'b', 4)];
  expect(branchesOf(orgs)).toMatchObject([
    {
      id: 'a',
      all: 7,
      children: [
        { id: 'b', all: 6, children: [{ id: 'd', all: 4 }] },
        { id: 'c', all: 0 },
      ],
    },
  ]);
  expect(branchesOf([])).toEqual([]);
});
