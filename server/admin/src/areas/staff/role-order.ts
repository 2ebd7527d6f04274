import type { AdminRole } from '@bianmin/purchase/api/admin-users';
import { READY_ROLES } from '@bianmin/purchase/api/ready-roles';
import { ADMINISTRATOR } from '../../parts/administrator.ts';

/** Roles as pages list them: ready-made ones first, then what people made, the administrator's last. */
export function inOrder<R extends Pick<AdminRole, 'name'>>(roles: readonly R[]): R[] {
  const place = ({ name }: R): number => {
    const at = READY_ROLES.findIndex((each) => each.name === name);
    if (at >= 0) return at;
    return name === ADMINISTRATOR ? READY_ROLES.length + 1 : READY_ROLES.length;
  };
  return roles.toSorted((a, b) => place(a) - place(b));
}
