import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import { changedMeanwhile } from '../route/precondition.ts';
import type { Approval } from './store/approvals.ts';
import type { PasskeyStore } from './store/passkeys.ts';
import type { SessionStore } from './store/sessions.ts';
import type { User, UserStore } from './store/users.ts';
import type { Approvals, Where } from './approvals.ts';
import type { AuditTrail } from './audit.ts';
import { refuseBeyond } from './beyond-own.ts';
import { hashPassword } from './password.ts';
import { refuseWeak } from './password-strength.ts';
import { recordDone } from './record-done.ts';
import type { AdminPrincipal } from './sessions.ts';
import { forbidOwn, mayAllowUser } from './user-rules.ts';
import type { Users } from './users.ts';

const passwordReset = z.object({ userId: z.string(), reset: z.string() });
const factorReset = z.object({ userId: z.string() });

export interface UserResetsInit {
  readonly users: Users;
  readonly store: UserStore;
  readonly sessions: Pick<SessionStore, 'removeOfUser'>;
  readonly passkeys: Pick<PasskeyStore, 'any' | 'removeOfUser'>;
  readonly approvals: Approvals;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  /** Tests hand in a cheap one. */
  readonly hash?: (password: string) => Promise<string>;
}

/**
 * What another person does for a user who lost password or authenticator. That person could log in as them, so it
 * takes two, and no person does it for a user who may do more than they themselves.
 */
export class UserResets {
  readonly #init: UserResetsInit;

  constructor(init: UserResetsInit) {
    this.#init = init;
    const { approvals, store, sessions, passkeys, audit, clock } = init;
    const now = (): Date => new Date(clock.now());
    const kind = { permission: 'user:manage', mayAllow: mayAllowUser(init.users) } as const;
    approvals.register('user.password', {
      ...kind,
      run: async (approval) => {
        const { userId, reset } = passwordReset.parse(approval.content);
        if ((await store.get(userId))?.change !== reset) {
          await recordDone(audit, approval, { action: 'user.password', target: userId, data: {} });
          if (!(await store.takeProposed(userId, reset, now()))) throw changedMeanwhile();
        }
        await sessions.removeOfUser(userId);
      },
    });
    approvals.register('user.totp-reset', {
      ...kind,
      run: async (approval) => {
        const { userId } = factorReset.parse(approval.content);
        const data = { before: { totp: true }, after: { totp: false } };
        await recordDone(audit, approval, { action: 'user.totp-off', target: userId, data });
        await passkeys.removeOfUser(userId);
        await store.turnTotpOff(userId, now());
        await sessions.removeOfUser(userId);
      },
    });
  }

  /** Asks for a password that its owner must change at the next login. Throws `auth.beyond-own`, `user.weak-password`, `request.not-found`. */
  async password(id: string, password: string, maker: AdminPrincipal, where: Where): Promise<Approval> {
    const user = await this.#of(id, maker);
    refuseWeak(password, user.name);
    const reset = randomUUID();
    const passwordHash = await (this.#init.hash ?? hashPassword)(password);
    await this.#init.store.proposePassword(id, { reset, passwordHash });
    return this.#request('user.password', user, { maker, where, content: { reset } });
  }

  /** Asks for a user's second factor to be taken away. Throws `auth.beyond-own`, `request.not-found`. */
  async secondFactor(id: string, maker: AdminPrincipal, where: Where): Promise<Approval> {
    const user = await this.#of(id, maker);
    const none = user.totp === undefined && !(await this.#init.passkeys.any(id));
    if (none) throw changedMeanwhile(await this.#init.users.view(user));
    return this.#request('user.totp-reset', user, { maker, where, content: {} });
  }

  async #of(id: string, maker: AdminPrincipal): Promise<User> {
    forbidOwn(id, maker);
    const user = await this.#init.users.getWithin(id, maker.scope);
    refuseBeyond(maker, await this.#init.store.permissionsOf(user.roles));
    return user;
  }

  #request(
    kind: string,
    user: User,
    init: { maker: AdminPrincipal; where: Where; content: Record<string, unknown> },
  ): Promise<Approval> {
    const { maker, where } = init;
    const content = { userId: user._id, userName: user.name, ...init.content };
    return this.#init.approvals.request({ kind, content, ...ofPath(user), maker, where });
  }
}

/** Whose second persons decide about a user. */
function ofPath({ orgPath }: User): { orgPath?: readonly string[] } {
  return orgPath === undefined ? {} : { orgPath };
}
