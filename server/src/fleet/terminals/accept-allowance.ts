import { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import { allowanceRequest, type AllowanceRequest } from '@bianmin/purchase/api/admin-terminals';
import type { Approvals, Where } from '../../access/approvals.ts';
import { chinaDay } from '../../kernel/china-time.ts';
import type { AdminPrincipal } from '../../kernel/principal.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { Orgs } from '../../people/orgs/orgs.ts';
import type { AcceptAllowanceStore, AllowanceOf } from '../store/accept-allowances.ts';

/** How long a day's number is kept after the day. */
const KEPT_MS = 48 * 3_600_000;
const content = allowanceRequest.extend({ userId: z.string(), userName: z.string() });

export interface AcceptAllowanceInit {
  readonly store: AcceptAllowanceStore;
  readonly orgs: Pick<Orgs, 'getWithin'>;
  readonly approvals: Approvals;
  readonly clock: Clock;
  /** Terminals that one person lets in on a day without anybody else. */
  readonly alone: number;
}

/** One person lets a few terminals in on a day, by accepting or by codes; for more a second person allows how many. */
export class AcceptAllowance {
  readonly #init: AcceptAllowanceInit;

  constructor(init: AcceptAllowanceInit) {
    this.#init = init;
    init.approvals.register('terminal.accept-many', {
      permission: 'terminal:accept',
      run: async (approval) => {
        const { userId, more } = content.parse(approval.content);
        await init.store.add(this.#of(userId), { id: approval._id, count: more });
      },
    });
  }

  /** One more; throws `terminal.needs-second`. */
  async take({ userId }: AdminPrincipal): Promise<void> {
    if (await this.#init.store.take(this.#of(userId))) return;
    throw new ProblemError({
      code: 'terminal.needs-second',
      message: `One person may add ${this.#init.alone} terminals a day. Ask a second person to approve more.`,
    });
  }

  /** Asks for more of them, for the day on which it is allowed. */
  async request(
    request: AllowanceRequest,
    maker: AdminPrincipal,
    where: Where,
  ): ReturnType<Approvals['request']> {
    const { path: orgPath } = await this.#init.orgs.getWithin(maker.scope, maker.scope);
    const of = { userId: maker.userId, userName: maker.name };
    return this.#init.approvals.request({
      ...{ kind: 'terminal.accept-many', content: { ...of, ...request } },
      ...{ orgPath, maker, where },
    });
  }

  #of(userId: string): AllowanceOf {
    const now = this.#init.clock.now();
    const day = chinaDay(new Date(now));
    return { userId, day, alone: this.#init.alone, expiresAt: new Date(now + KEPT_MS) };
  }
}
