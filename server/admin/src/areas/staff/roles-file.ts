import type { AdminRole, RolesFile } from '@bianmin/purchase/api/admin-users';
import { ADMINISTRATOR } from '../../parts/administrator.ts';
import type { RoleDifference } from '../../parts/role-changes.ts';

/** A role that a file makes different; `version`: as it was seen, null where it is not there. */
type FileDifference = RoleDifference & { readonly version: number | null };

/** What of the roles that there are a file changes; what it does not name stays. */
export function differences(file: RolesFile, there: readonly AdminRole[]): FileDifference[] {
  return file.roles.flatMap(({ name: role, permissions }) => {
    const known = there.find(({ name }) => name === role);
    const before = [...(known?.permissions ?? [])];
    const isSame = known !== undefined && permissions.toSorted().join() === before.toSorted().join();
    return isSame ? [] : { role, permissions, before, version: known?.version ?? null };
  });
}

/** Everything that a file can hold of these: the administrator's role is each server's own. */
export function fileOf(roles: readonly AdminRole[]): RolesFile {
  const own = roles.filter(({ name }) => name !== ADMINISTRATOR);
  return {
    format: 'bianmin-roles/1',
    roles: own.map(({ name, permissions }) => ({ name, permissions: permissions.toSorted() })),
  };
}
