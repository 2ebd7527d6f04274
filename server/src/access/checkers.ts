import type { Permission } from '../kernel/permissions.ts';
import { PROVINCE_PATH } from '../kernel/org-path.ts';
import { covers, scopeOf } from '../kernel/scope.ts';
import { ProblemError } from '../kernel/problem.ts';
import type { Role, User, UserStore } from './store/users.ts';
import type { Settling } from './settling.ts';

/** What allows by itself; everything else needs `approval:decide` beside it. */
const BY_ITSELF: ReadonlySet<Permission> = new Set(['refund:approve']);

export interface CheckersInit {
  readonly users: Pick<UserStore, 'active' | 'roles'>;
  readonly settling: Settling;
  /** The permissions by which something that another person asks for is allowed. */
  readonly needed: () => ReadonlySet<Permission>;
}

/** Users who may allow what others ask for: of whom one person must not be able to leave none. */
export class Checkers {
  readonly #init: CheckersInit;

  constructor(init: CheckersInit) {
    this.#init = init;
  }

  /** Whether without this user nobody but `by` would be left who may allow something that they may. */
  async isLast(user: User, by: string): Promise<boolean> {
    if (user.status !== 'active') return false;
    const path = user.orgPath ?? PROVINCE_PATH;
    return this.#loses({
      by,
      before: (each) => each._id === user._id,
      after: (each) => sees(each, path) && each._id !== user._id,
    });
  }

  /** Throws `user.last-checker` where what stands at `from` would have nobody but `by` left who may allow something there. */
  async refuseMove(from: readonly string[], to: readonly string[], by: string): Promise<void> {
    if (!(await this.#loses({ by, before: (each) => sees(each, from), after: (each) => sees(each, to) })))
      return;
    throw new ProblemError({
      code: 'user.last-checker',
      message:
        'There, nobody but you could allow what others ask for. Make another user who may allow it there first.',
    });
  }

  /** Whether some permission is held by one of `before`, and by none of `after`. */
  async #loses(of: {
    by: string;
    before: (user: User) => boolean;
    after: (user: User) => boolean;
  }): Promise<boolean> {
    const { users } = this.#init;
    const [all, roles] = await Promise.all([users.active(), users.roles()]);
    const others = all.filter(({ _id }) => _id !== of.by);
    const held = async (those: readonly User[], settled: boolean): Promise<Set<Permission>> => {
      const each = await Promise.all(those.map((user) => this.#allowsBy(user, roles, settled)));
      return new Set(each.flat());
    };
    const before = await held(others.filter(of.before), false);
    const after = await held(others.filter(of.after), true);
    return [...before].some((permission) => !after.has(permission));
  }

  async #allowsBy(user: User, roles: readonly Role[], settled: boolean): Promise<Permission[]> {
    const fresh = settled ? await this.#init.settling.newlyGiven(user, roles) : new Map();
    const mine = roles
      .filter(({ _id }) => user.roles.includes(_id))
      .flatMap(({ permissions }) => permissions);
    const held = new Set(mine.filter((each) => !fresh.has(each)));
    const decides = held.has('approval:decide');
    return [...this.#init.needed()].filter((each) => held.has(each) && (decides || BY_ITSELF.has(each)));
  }
}

const sees = (user: User, path: readonly string[]): boolean => covers(scopeOf(user.scope), path);
