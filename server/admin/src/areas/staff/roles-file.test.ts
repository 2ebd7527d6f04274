import { expect, it } from 'vitest';
import { rolesFile, type AdminRole } from '@bianmin/purchase/api/admin-users';
import { roleChanges } from '../../parts/role-changes.ts';
import { differences, fileOf } from './roles-file.ts';

const THERE: AdminRole[] = [
  { name: 'administrator', permissions: ['user:manage'], version: 0 },
  { name: '收费员', permissions: ['order:read', 'float:use'], version: 3 },
  { name: 'ready:audit', permissions: ['audit:read'], version: 1 },
];

it('a file of what is there changes nothing, and leaves the administrator out', () => {
  const file = fileOf(THERE);
  expect(rolesFile.parse(JSON.parse(JSON.stringify(file)))).toEqual(file);
  expect(file.roles.map(({ name }) => name)).toEqual(['收费员', 'ready:audit']);
  expect(differences(file, THERE)).toEqual([]);
});

it('a file says of each role what comes and what goes, against what was seen', () => {
  const roles = [
    { name: '收费员', permissions: ['order:read', 'order:note'] },
    { name: '值班', permissions: ['alert:read'] },
  ];
  const found = differences({ format: 'bianmin-roles/1', roles }, THERE);
  expect(found.map(({ role, version }) => [role, version])).toEqual([
    ['收费员', 3],
    ['值班', null],
  ]);
  expect(roleChanges(found)).toEqual([
    { path: 'permissions.收费员', kind: 'removed', before: 'float:use' },
    { path: 'permissions.收费员', kind: 'added', after: 'order:note' },
    { path: 'permissions.值班', kind: 'added', after: 'alert:read' },
  ]);
  expect(roleChanges('of a later version')).toEqual([]);
});
