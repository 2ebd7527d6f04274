import type { Clock } from '@bianmin/card/clock';
import {
  COMMAND_STATES,
  type CommandState,
  type SendBatch,
  type TargetQuery,
} from '@bianmin/purchase/api/command';
import type { Where } from '../../access/approvals.ts';
import { byAdmin, type AuditTrail } from '../../access/audit.ts';
import { covers, type Scope } from '../../kernel/scope.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { Orgs } from '../../people/orgs/orgs.ts';
import type { CommandBatch, CommandBatchStore, Target } from '../store/command-batches.ts';
import type { TerminalCommandStore } from '../store/terminal-commands.ts';
import { usedOtherwise, type Commands } from './commands.ts';
import type { Targets } from './targets.ts';

const LISTED = 30;

export interface CommandBatchesInit {
  readonly batches: CommandBatchStore;
  readonly store: TerminalCommandStore;
  readonly commands: Pick<Commands, 'signerFor'>;
  readonly targets: Targets;
  readonly orgs: Pick<Orgs, 'getWithin'>;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** One command for many terminals. It is noted here and made by the worker, piece by piece. */
export class CommandBatches {
  readonly #init: CommandBatchesInit;

  constructor(init: CommandBatchesInit) {
    this.#init = init;
  }

  /** Throws `request.not-found`: no such organisation within the caller's. */
  async count(query: TargetQuery, by: AdminPrincipal): Promise<number> {
    const { target } = await this.#target(query, by.scope);
    return this.#init.targets.count(target);
  }

  /** Throws `request.not-found`, `command.not-possible`, `order.idempotency-mismatch`. */
  async send(asked: SendBatch, by: AdminPrincipal, where: Where): Promise<CommandBatch> {
    const { batches, commands, audit, clock } = this.#init;
    const { key, kind, reason, ttlS } = asked;
    const { target, orgPath } = await this.#target(asked.target, by.scope);
    const known = await batches.get(key);
    if (known !== null) return same(known, by);
    const signer = commands.signerFor();
    const now = clock.now();
    const given = {
      ...{ _id: key, kind, reason, target, issuedBy: by.userId },
      ...{ issuedAt: new Date(now), expiresAt: new Date(now + ttlS * 1000) },
    };
    const made: CommandBatch = {
      ...{ ...given, orgPath: [...orgPath], state: 'making', cursor: '', terminals: 0 },
      jws: signer.signBatch(given),
    };
    await audit.record(
      byAdmin(by, {
        action: 'command.batch',
        target: key,
        where,
        data: { kind, reason, ttlS, ...target },
      }),
    );
    if ((await batches.insert(made)) === 'inserted') return made;
    return same(await this.getWithin(key, by.scope), by);
  }

  list(scope: Scope): Promise<CommandBatch[]> {
    return this.#init.batches.list(scope, LISTED);
  }

  /** Throws `request.not-found`. */
  async getWithin(id: string, scope: Scope): Promise<CommandBatch> {
    const batch = await this.#init.batches.get(id);
    if (batch !== null && covers(scope, batch.orgPath)) return batch;
    throw new ProblemError({ code: 'request.not-found', message: 'There is no such batch.' });
  }

  /** How many of its commands are in each state. */
  async progress(id: string): Promise<{ state: CommandState; count: number }[]> {
    return Promise.all(
      COMMAND_STATES.map(async (state) => ({ state, count: await this.#init.store.countOf(id, state) })),
    );
  }

  /** What was handed out already stays as it is. Throws `request.not-found`. */
  async cancel(id: string, by: AdminPrincipal, where: Where): Promise<CommandBatch> {
    const { batches, store, audit } = this.#init;
    const { kind } = await this.getWithin(id, by.scope);
    await audit.record(
      byAdmin(by, {
        action: 'command.batch-cancel',
        target: id,
        where,
        data: { kind },
      }),
    );
    await batches.cancel(id);
    await store.cancelBatch(id);
    return this.getWithin(id, by.scope);
  }

  async #target(
    { org, version, presence }: TargetQuery,
    scope: Scope,
  ): Promise<{ target: Target; orgPath: readonly string[] }> {
    const { _id, path } = await this.#init.orgs.getWithin(org ?? scope, scope);
    const target = {
      org: _id,
      ...(version === undefined ? {} : { version }),
      ...(presence === undefined ? {} : { presence }),
    };
    return { target, orgPath: path };
  }
}

function same(known: CommandBatch, by: AdminPrincipal): CommandBatch {
  if (known.issuedBy === by.userId) return known;
  throw usedOtherwise();
}
