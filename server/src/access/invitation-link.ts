import { randomBytes, randomUUID } from 'node:crypto';
import type { InvitationLink } from '@bianmin/purchase/api/admin-users';
import { sha256Hex } from '../kernel/canonical.ts';
import type { Invitation } from './store/invitations.ts';

/** How long an invited person may take, a weekend included. */
export const INVITATION_LIFE_MS = 72 * 3_600_000;

/** What is kept of a new link, and the link itself, which is shown once and kept nowhere. */
interface NewInvitation {
  readonly kept: Invitation;
  readonly link: InvitationLink;
}

/** A link of 256 random bits. The token is in the fragment, which browsers send nowhere: it is in no log of a proxy. */
export function newInvitation(of: { userId: string; waits: boolean; nowMs: number }): NewInvitation {
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(of.nowMs + INVITATION_LIFE_MS);
  return {
    kept: { _id: of.userId, invite: randomUUID(), hash: invitationHash(token), expiresAt, waits: of.waits },
    link: { path: `/admin/invitation#${token}`, expiresAt: expiresAt.toISOString() },
  };
}

export function invitationHash(token: string): string {
  return sha256Hex(`invitation:${token}`);
}
