import { loginList, type AdminLogin } from '@bianmin/purchase/api/admin-login';
import {
  adminRole,
  adminUser,
  createdUser,
  disabledUser,
  invitedUser,
  userPage,
  type AdminRole,
  type AdminUser,
  type CreatedUser,
  type InvitedUser,
  type RolesFile,
} from '@bianmin/purchase/api/admin-users';
import { adminApproval, type AdminApproval } from '@bianmin/purchase/api/approvals';
import { z } from 'zod';
import { call, IF_NEW, ifMatch } from '../../api/call.ts';

const USERS = '/v1/admin/users';
const ROLES = '/v1/admin/roles';

export interface UserFilter {
  readonly org?: string | undefined;
  readonly status?: AdminUser['status'] | undefined;
  readonly after?: string | undefined;
}

export interface NewUser {
  readonly name: string;
  readonly roles: readonly string[];
  readonly org: string;
}

/** Asked for by one person, allowed by another. */
export type UserRequest = 'enable' | 'totp-reset';

export const usersApi = {
  list: (filter: UserFilter, signal: AbortSignal): Promise<z.infer<typeof userPage>> =>
    call({ path: USERS, query: { ...filter, limit: 50 }, response: userPage, signal }),
  get: (id: string, signal: AbortSignal): Promise<AdminUser> =>
    call({ path: `${USERS}/${id}`, response: adminUser, signal }),
  /** The link of the answer is shown this once. */
  make: (body: NewUser): Promise<CreatedUser> =>
    call({ path: USERS, method: 'POST', body, response: createdUser }),
  invite: (id: string): Promise<InvitedUser> =>
    call({ path: `${USERS}/${id}/invitation`, method: 'POST', response: invitedUser }),
  uninvite: (id: string): Promise<undefined> => call({ path: `${USERS}/${id}/invitation`, method: 'DELETE' }),
  edit: (
    { id, version }: Pick<AdminUser, 'id' | 'version'>,
    change: { roles: readonly string[] } | { org: string },
  ): Promise<AdminApproval> =>
    call({
      ...{ path: `${USERS}/${id}/${'roles' in change ? 'roles' : 'org'}`, method: 'PUT', body: change },
      ...{ headers: ifMatch(version), response: adminApproval },
    }),
  unlock: (id: string): Promise<AdminUser> =>
    call({ path: `${USERS}/${id}/unlock`, method: 'POST', response: adminUser }),
  /** True where the user stays until a second person allows it. */
  disable: async (id: string): Promise<boolean> =>
    (await call({ path: `${USERS}/${id}/disable`, method: 'POST', response: disabledUser })).approval !==
    null,
  ask: (id: string, what: UserRequest): Promise<AdminApproval> =>
    call({ path: `${USERS}/${id}/${what}`, method: 'POST', response: adminApproval }),
  sessions: async (id: string, signal: AbortSignal): Promise<AdminLogin[]> =>
    (await call({ path: `${USERS}/${id}/sessions`, response: loginList, signal })).sessions,
  endSessions: (id: string): Promise<void> => call({ path: `${USERS}/${id}/sessions`, method: 'DELETE' }),
};

/** A role that is being edited: `version` null where it is new. */
export type RoleSeen = Omit<AdminRole, 'version'> & { readonly version: number | null };

export const rolesApi = {
  list: async (signal: AbortSignal): Promise<AdminRole[]> =>
    (await call({ path: ROLES, response: z.object({ roles: z.array(adminRole) }), signal })).roles,
  edit: (
    { name, version }: Pick<RoleSeen, 'name' | 'version'>,
    permissions: readonly string[],
  ): Promise<AdminApproval> =>
    call({
      ...{ path: `${ROLES}/${encodeURIComponent(name)}`, method: 'PUT', body: { permissions } },
      ...{ headers: version === null ? IF_NEW : ifMatch(version), response: adminApproval },
    }),
  remove: ({ name, version }: AdminRole): Promise<AdminApproval> =>
    call({
      ...{ path: `${ROLES}/${encodeURIComponent(name)}`, method: 'DELETE' },
      ...{ headers: ifMatch(version), response: adminApproval },
    }),
  /** `seen`: the roles of the file as they were when it was compared. */
  takeFile: (file: RolesFile, seen: readonly Pick<RoleSeen, 'name' | 'version'>[]): Promise<AdminApproval> =>
    call({ path: '/v1/admin/role-files', method: 'POST', body: { file, seen }, response: adminApproval }),
};
