import type { Clock } from '@bianmin/card/clock';
import type { CommandBatch, CommandBatchStore } from '../store/command-batches.ts';
import type { TerminalCommand, TerminalCommandStore } from '../store/terminal-commands.ts';
import type { CommandHints } from './command-hints.ts';
import type { Targets } from './targets.ts';

export interface CommandKeeperInit {
  readonly store: TerminalCommandStore;
  readonly batches: CommandBatchStore;
  readonly hints: CommandHints;
  readonly targets: Targets;
  readonly clock: Clock;
}

/** The worker's part: makes batches, ends what was not answered in time, and keeps the hints whole. */
export class CommandKeeper {
  readonly #init: CommandKeeperInit;

  constructor(init: CommandKeeperInit) {
    this.#init = init;
  }

  /** One piece of the oldest batch that is not made to its end; gives 1 where there was one. */
  async make(): Promise<number> {
    const { store, batches, hints, targets, clock } = this.#init;
    const batch = await batches.unmade();
    if (batch === null) return 0;
    const { ids, cursor, last } = await targets.piece(batch.target, batch.cursor);
    // No terminal needs to be told what is over.
    const over = batch.expiresAt.getTime() <= clock.now();
    const told = over ? [] : ids;
    await store.insertAll(told.map((terminalId) => commandOf(batch, terminalId)));
    await hints.add(told);
    const advanced = await batches.advance(batch, { cursor, told: told.length, last: last || over });
    // Cancelled while this piece was made: so is the piece.
    if (!advanced && (await batches.get(batch._id))?.state === 'cancelled')
      await store.cancelBatch(batch._id);
    return 1;
  }

  async tidy(): Promise<number> {
    const { store, hints, clock } = this.#init;
    const now = new Date(clock.now());
    await store.expire(now);
    await hints.mend(() => store.terminalsWaiting(now));
    return 0;
  }
}

function commandOf(batch: CommandBatch, terminalId: string): TerminalCommand {
  const { _id, kind, reason, issuedBy, issuedAt, expiresAt } = batch;
  return {
    _id: `${_id}.${terminalId}`,
    ...{ terminalId, kind, reason, batch: _id, issuedBy, issuedAt, expiresAt, state: 'queued' },
  };
}
