import { randomBytes } from 'node:crypto';
import type { OrgNames, OrgView } from '@bianmin/purchase/api/org';
import type { Where } from '../../access/approvals.ts';
import type { Checkers } from '../../access/checkers.ts';
import { byAdmin, type AuditTrail } from '../../access/audit.ts';
import { covers, scopeOf, type Scope } from '../../kernel/scope.ts';
import { COMMUNITY_PREFIX } from '../../kernel/org-path.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import { changedMeanwhile } from '../../route/precondition.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { Org, OrgStore } from '../../access/store/orgs.ts';
import type { UserStore } from '../../access/store/users.ts';

/** What stands in organisations. */
interface TerminalsOfOrgs {
  /** How many stand in each organisation within a scope, by its id. */
  countsWithin(scope: Scope): Promise<ReadonlyMap<string, number>>;
  /** Null where there is no such terminal. */
  place(id: string, org: { readonly _id: string; readonly path: readonly string[] }): Promise<object | null>;
  /** Without a community, where it was this one's. */
  displace(id: string, org: string): Promise<void>;
  /** An organisation has another path by now. */
  moved(org: string, path: readonly string[]): Promise<void>;
}

export interface OrgsInit {
  readonly store: OrgStore;
  readonly terminals: TerminalsOfOrgs;
  readonly users: Pick<UserStore, 'anyOfScope' | 'moved'>;
  readonly checkers: Pick<Checkers, 'refuseMove'>;
  readonly audit: AuditTrail;
}

/**
 * The organisations: prefectures are given, communities are made, named, moved and removed by users who have what
 * lies above them in their scope. An order keeps the path that it was made under: what is moved takes its terminals
 * along, and what they sold stays where it was sold.
 */
export class Orgs {
  readonly #init: OrgsInit;

  constructor(init: OrgsInit) {
    this.#init = init;
  }

  /** What lies within a scope, parents before children. */
  async tree(scope: Scope): Promise<OrgView[]> {
    const { store, terminals } = this.#init;
    const [orgs, counts] = await Promise.all([store.within(scope), terminals.countsWithin(scope)]);
    return orgs.map((org) => viewOf(org, counts.get(org._id) ?? 0));
  }

  /** One of them; throws `request.not-found`. */
  async view(id: string, scope: Scope): Promise<OrgView> {
    return this.#viewOf(await this.getWithin(id, scope));
  }

  /** Throws `request.not-found`, also where it is outside of the scope. */
  async getWithin(id: string, scope: Scope): Promise<Org> {
    const org = await this.#init.store.get(id);
    if (org !== null && covers(scope, org.path)) return org;
    throw new ProblemError({ code: 'request.not-found', message: 'There is no such organisation.' });
  }

  async create(
    init: { parent: string; names: OrgNames },
    by: AdminPrincipal,
    where: Where,
  ): Promise<OrgView> {
    const parent = await this.#parent(init.parent, by.scope);
    const id = COMMUNITY_PREFIX + randomBytes(8).toString('hex');
    const org: Org = {
      ...{ _id: id, kind: 'community', names: init.names, parent: parent._id },
      path: [...parent.path, id],
      version: 1,
    };
    await this.#init.audit.record(
      byAdmin(by, { action: 'org.create', target: org._id, where, data: { after: init } }),
    );
    await this.#init.store.insert(org);
    return viewOf(org, 0);
  }

  /** Throws `request.changed-meanwhile` where it is not the version that was seen. */
  async rename(
    id: string,
    init: { names: OrgNames; version: number },
    by: AdminPrincipal,
    where: Where,
  ): Promise<OrgView> {
    const org = await this.#below(id, by.scope);
    const data = { before: { names: org.names }, after: { names: init.names } };
    await this.#init.audit.record(byAdmin(by, { action: 'org.rename', target: id, where, data }));
    const renamed = await this.#init.store.change(id, init.version, { names: init.names });
    return this.#viewOf(renamed ?? (await this.#stale(id, by.scope)));
  }

  /**
   * A community goes below another parent, with its terminals and people. Repeating it finishes what a crash cut off. Throws
   * `request.changed-meanwhile`, `user.last-checker`.
   */
  async move(
    id: string,
    init: { parent: string; version: number },
    by: AdminPrincipal,
    where: Where,
  ): Promise<OrgView> {
    const org = await this.#below(id, by.scope);
    if (org.kind !== 'community') throw notMovable();
    const parent = await this.#parent(init.parent, by.scope);
    const path = [...parent.path, id];
    await this.#init.checkers.refuseMove(org.path, path, by.userId);
    const data = { before: { parent: org.parent }, after: { parent: parent._id } };
    await this.#init.audit.record(byAdmin(by, { action: 'org.move', target: id, where, data }));
    const set = { parent: parent._id, path };
    const moved = org.parent === parent._id ? org : await this.#init.store.change(id, init.version, set);
    const view = await this.#viewOf(moved ?? (await this.#stale(id, by.scope)));
    await this.#init.terminals.moved(id, path);
    await this.#init.users.moved(id, path);
    return view;
  }

  /** Throws `org.not-empty` while terminals or users are of it, `request.changed-meanwhile`. */
  async remove(id: string, version: number, by: AdminPrincipal, where: Where): Promise<void> {
    const org = await this.#below(id, by.scope);
    if (org.kind !== 'community') throw notMovable();
    const { store, users } = this.#init;
    if ((await this.#terminalsOf(id)) > 0 || (await users.anyOfScope(id))) {
      throw new ProblemError({
        code: 'org.not-empty',
        message: 'This organisation still has terminals or users. Move them first.',
      });
    }
    await this.#init.audit.record(
      byAdmin(by, { action: 'org.remove', target: id, where, data: { before: { names: org.names } } }),
    );
    if (!(await store.remove(id, version))) await this.#stale(id, by.scope);
  }

  /**
   * Puts a terminal into an organisation, where there is such a terminal. Where the organisation moves or goes
   * meanwhile it is looked at again, so that no terminal keeps a path of no organisation.
   */
  async place(terminalId: string, id: string, scope: Scope): Promise<void> {
    let org = await this.getWithin(id, scope);
    for (;;) {
      const placed = await this.#init.terminals.place(terminalId, org);
      const now = await this.#init.store.get(id);
      if (placed === null || now?.version === org.version) return;
      if (now === null) {
        await this.#init.terminals.displace(terminalId, id);
        return;
      }
      org = now;
    }
  }

  /** What may be a community's parent. */
  async #parent(id: string, scope: Scope): Promise<Org> {
    const parent = await this.getWithin(id, scope);
    if (parent.kind !== 'community') return parent;
    throw new ProblemError({
      code: 'request.malformed',
      message: 'A community cannot have another below it. Choose a prefecture.',
      errors: [{ pointer: '/body/parent', detail: 'is a community' }],
    });
  }

  /** One that may be changed: strictly below the scope, so that no user changes what bounds them. */
  async #below(id: string, scope: Scope): Promise<Org> {
    const org = await this.getWithin(id, scope);
    if (org._id !== scope) return org;
    throw new ProblemError({
      code: 'auth.out-of-scope',
      message: 'Only a user whose scope is above an organisation may change it. Ask one.',
    });
  }

  /** Another user was faster: tells what is there now. */
  async #stale(id: string, scope: Scope): Promise<never> {
    throw changedMeanwhile(await this.view(id, scope));
  }

  async #viewOf(org: Org): Promise<OrgView> {
    return viewOf(org, await this.#terminalsOf(org._id));
  }

  async #terminalsOf(id: string): Promise<number> {
    return (await this.#init.terminals.countsWithin(scopeOf(id))).get(id) ?? 0;
  }
}

function viewOf(org: Org, terminals: number): OrgView {
  const { _id, kind, names, parent, path, cell, version } = org;
  const [column, row] = cell ?? [];
  return {
    ...{ id: _id, kind, names: { ...names }, parent, path: [...path], version, terminals },
    cell: column === undefined || row === undefined ? null : [column, row],
  };
}

function notMovable(): ProblemError {
  return new ProblemError({
    code: 'request.malformed',
    message: 'Only communities can be moved or removed, not the province or its prefectures.',
  });
}
