import { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import type { InvitationLink, InvitationView } from '@bianmin/purchase/api/admin-users';
import { PROVINCE, type OrgNames } from '@bianmin/purchase/api/org';
import { changedMeanwhile } from '../route/precondition.ts';
import { ProblemError } from '../kernel/problem.ts';
import type { Approval } from './store/approvals.ts';
import type { Invitation, InvitationStore } from './store/invitations.ts';
import type { OrgStore } from './store/orgs.ts';
import type { SessionStore } from './store/sessions.ts';
import type { User, UserStore } from './store/users.ts';
import type { Approvals, Where } from './approvals.ts';
import { byAdmin, whoIs, type AuditTrail } from './audit.ts';
import { refuseBeyond } from './beyond-own.ts';
import { invitationWindows } from './guess-limits.ts';
import type { Guess, GuessLimiter } from './guesses.ts';
import { invitationHash, newInvitation } from './invitation-link.ts';
import { hashPassword } from './password.ts';
import { refuseWeak } from './password-strength.ts';
import type { Persons } from './persons.ts';
import { recordDone } from './record-done.ts';
import type { AdminPrincipal } from './sessions.ts';
import { forbidOwn, mayAllowUser } from './user-rules.ts';
import type { Users } from './users.ts';

const ofLink = z.object({ userId: z.string(), invite: z.string() });

export interface InvitationsInit {
  readonly store: InvitationStore;
  readonly users: Users;
  readonly userStore: UserStore;
  readonly orgs: Pick<OrgStore, 'get'>;
  readonly sessions: Pick<SessionStore, 'removeOfUser'>;
  readonly approvals: Approvals;
  readonly persons: Pick<Persons, 'isSecondToCome'>;
  readonly guesses: GuessLimiter;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  /** Tests hand in a cheap one. */
  readonly hash?: (password: string) => Promise<string>;
}

/**
 * One-time links by which users choose their password. Whoever has the link is the user, so that it opens nothing before a second
 * person has allowed it, or the one who made it could come in as somebody else.
 */
export class Invitations {
  readonly #init: InvitationsInit;

  constructor(init: InvitationsInit) {
    this.#init = init;
    const { approvals, users, store, audit } = init;
    approvals.register('user.invite', {
      permission: 'user:manage',
      mayAllow: mayAllowUser(users),
      run: async (approval) => {
        const { userId, invite } = ofLink.parse(approval.content);
        await recordDone(audit, approval, { action: 'user.invite', target: userId, data: {} });
        if (!(await store.allow(userId, invite))) throw changedMeanwhile();
      },
    });
  }

  /**
   * Another link for a user, in place of the one before: who was not let in yet is proposed anew, who was is asked for; the second
   * person ever, who has not come yet, gets it from the first alone. Throws `auth.beyond-own`, `request.not-found`, `request.changed-meanwhile` where they are shut out.
   */
  async again(
    id: string,
    maker: AdminPrincipal,
    where: Where,
  ): Promise<{ approval: Approval | null; invitation: InvitationLink }> {
    const { users, userStore, store, approvals, persons, audit, clock } = this.#init;
    forbidOwn(id, maker);
    const user = await users.getWithin(id, maker.scope);
    if (user.status === 'disabled') throw changedMeanwhile(await users.view(user));
    refuseBeyond(maker, await userStore.permissionsOf(user.roles));
    const alone = user.status === 'active' && (await persons.isSecondToCome(user));
    const { kept, link } = newInvitation({ userId: id, waits: !alone, nowMs: clock.now() });
    if (alone) await audit.record(byAdmin(maker, { action: 'user.invite', target: id, where }));
    await store.put(kept);
    if (alone) return { approval: null, invitation: link };
    const approval =
      user.status === 'proposed'
        ? await users.propose(user, { invite: kept.invite, maker, where })
        : await approvals.request({
            kind: 'user.invite',
            content: { userId: id, userName: user.name, invite: kept.invite },
            ...(user.orgPath === undefined ? {} : { orgPath: user.orgPath }),
            ...{ maker, where },
          });
    return { approval, invitation: link };
  }

  /** It opens nothing any more. One person suffices, it only takes away. Throws `request.not-found`. */
  async revoke(id: string, by: AdminPrincipal, where: Where): Promise<void> {
    const { users, store, audit } = this.#init;
    await users.getWithin(id, by.scope);
    await audit.record(byAdmin(by, { action: 'user.uninvite', target: id, where }));
    await store.remove(id);
  }

  /** What its bearer is shown first. Throws `invitation.spent`, `request.rate-limited`. */
  async look(token: string, where: Where): Promise<InvitationView> {
    const { user, invitation } = await this.#find(token, where);
    return {
      ...{ name: user.name, org: await this.#placeOf(user), roles: [...user.roles] },
      takesCash: (await this.#init.userStore.permissionsOf(user.roles)).has('float:use'),
      waits: waits(user, invitation),
      expiresAt: invitation.expiresAt.toISOString(),
    };
  }

  /**
   * Its bearer chooses the password, and every login of before ends. Gives what they log in as. Throws `invitation.spent`,
   * `invitation.waits`, `user.weak-password`, `request.rate-limited`.
   */
  async accept(given: { token: string; password: string }, where: Where): Promise<string> {
    const { store, userStore, sessions, audit } = this.#init;
    const { user, invitation } = await this.#find(given.token, where);
    if (waits(user, invitation)) {
      throw new ProblemError({
        code: 'invitation.waits',
        message: 'A second person has not allowed this invitation yet. Open the link again later.',
      });
    }
    // Before the link is spent: another password may be chosen.
    refuseWeak(given.password, user.name);
    const passwordHash = await (this.#init.hash ?? hashPassword)(given.password);
    const { _id: target } = user;
    await audit.record({ who: whoIs({ userId: target }), action: 'user.accept', target, where });
    if ((await store.take(invitation.hash, this.#now())) === null) throw spent();
    await userStore.setPassword(target, passwordHash, this.#now());
    await sessions.removeOfUser(target);
    return user.name;
  }

  async #find(token: string, where: Where): Promise<{ user: User; invitation: Invitation }> {
    const { store, userStore, guesses } = this.#init;
    const trail = { who: { kind: 'system', id: 'invitation' }, target: 'invitation', where } as const;
    const guess: Guess = { factor: 'invitation', windows: invitationWindows(where.ip), trail };
    const found = await guesses.test(guess, async () => {
      const invitation = await store.find(invitationHash(token), this.#now());
      const user = invitation === null ? null : await userStore.get(invitation._id);
      if (invitation === null || user === null || user.status === 'disabled') return null;
      return { user, invitation };
    });
    if (found === null) throw spent();
    return found;
  }

  async #placeOf({ scope = PROVINCE }: User): Promise<OrgNames> {
    return (await this.#init.orgs.get(scope))?.names ?? { 'zh-CN': scope, en: scope };
  }

  #now(): Date {
    return new Date(this.#init.clock.now());
  }
}

const waits = (user: User, invitation: Invitation): boolean => invitation.waits || user.status !== 'active';

function spent(): ProblemError {
  return new ProblemError({
    code: 'invitation.spent',
    message:
      'This link has been used, is too old, was revoked, or is not the newest. Ask the colleague who invited you for another.',
  });
}
