import type { RolesFile } from '@bianmin/purchase/api/admin-users';
import { canonicalJson, sha256Hex } from '../kernel/canonical.ts';
import { ProblemError } from '../kernel/problem.ts';
import type { Approval } from './store/approvals.ts';
import type { Approvals, Where } from './approvals.ts';
import { refuseTaken } from './role-names.ts';
import { permissionList, type RoleChange, type Roles } from './roles.ts';
import type { AdminPrincipal } from './sessions.ts';

/** What was read of the roles that a file changes; null: there was no such role. */
type RolesSeen = readonly { readonly name: string; readonly version: number | null }[];

/**
 * Roles from a file: one approval for all that it changes, and the digest by which the file in a person's hand is told to be that
 * one. Roles that it does not name stay as they are.
 */
export class RolesFromFile {
  readonly #roles: Pick<Roles, 'changeOf' | 'list'>;
  readonly #approvals: Pick<Approvals, 'request'>;

  constructor(init: { roles: Pick<Roles, 'changeOf' | 'list'>; approvals: Pick<Approvals, 'request'> }) {
    this.#roles = init.roles;
    this.#approvals = init.approvals;
  }

  /** Throws `request.malformed` for an unknown permission and where nothing is to be changed, and as `Roles.change` does. */
  async request(
    { file, seen }: { file: RolesFile; seen: RolesSeen },
    maker: AdminPrincipal,
    where: Where,
  ): Promise<Approval> {
    refuseUnknown(file);
    for (const [at, { name }] of file.roles.entries()) {
      refuseTaken(name, namesOf(file.roles.slice(0, at)));
      if (namesOf(file.roles.slice(0, at)).includes(name))
        throw malformed(`/body/file/roles/${at}/name`, 'is there twice');
    }
    const there = new Map((await this.#roles.list()).map((role) => [role.name, role]));
    const changes: RoleChange[] = [];
    for (const { name: role, permissions } of file.roles) {
      if (isSame(permissions, there.get(role)?.permissions)) continue;
      const version = seen.find(({ name }) => name === role)?.version ?? null;
      changes.push(await this.#roles.changeOf({ role, permissions, seen: version }, maker));
    }
    if (changes.length === 0) throw malformed('/body/file/roles', 'changes nothing');
    const content = { digest: sha256Hex(canonicalJson(file)), changes };
    return this.#approvals.request({ kind: 'role.file', content, maker, where });
  }
}

const namesOf = (roles: RolesFile['roles']): string[] => roles.map(({ name }) => name);

function isSame(asked: readonly string[], there: readonly string[] | undefined): boolean {
  return there !== undefined && [...new Set(asked)].toSorted().join() === there.toSorted().join();
}

function refuseUnknown(file: RolesFile): void {
  for (const [at, { permissions }] of file.roles.entries()) {
    const found = permissionList.safeParse(permissions);
    if (!found.success) {
      const [bad] = found.error.issues[0]?.path ?? [];
      throw malformed(`/body/file/roles/${at}/permissions/${String(bad ?? 0)}`, 'is no permission here');
    }
  }
}

function malformed(pointer: string, detail: string): ProblemError {
  return new ProblemError({
    code: 'request.malformed',
    message: `The file cannot be taken. Correct ${pointer}: it ${detail}.`,
    errors: [{ pointer, detail }],
  });
}
