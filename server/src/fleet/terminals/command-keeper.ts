import type { Clock } from '@bianmin/card/clock';
import type { CommandBatch, CommandBatchStore } from '../store/command-batches.ts';
import type { TerminalCommand, TerminalCommandStore } from '../store/terminal-commands.ts';
import type { CommandHints } from './command-hints.ts';
import type { CommandRefusals } from './command-refusals.ts';
import type { CommandSigner } from './command-signer.ts';
import type { Targets } from './targets.ts';

export interface CommandKeeperInit {
  readonly store: TerminalCommandStore;
  readonly batches: CommandBatchStore;
  readonly hints: CommandHints;
  readonly targets: Targets;
  /** Absent where no key was configured: then no batch is made. */
  readonly signer: CommandSigner | undefined;
  readonly refusals: CommandRefusals;
  readonly clock: Clock;
}

/** The worker's part: makes batches, ends what was not answered in time, and keeps the hints whole. */
export class CommandKeeper {
  readonly #init: CommandKeeperInit;

  constructor(init: CommandKeeperInit) {
    this.#init = init;
  }

  /** One piece of the oldest batch that is not made to its end, as it was given; gives 1 where there was one. */
  async make(): Promise<number> {
    const { store, batches, hints, targets, signer, refusals, clock } = this.#init;
    if (signer === undefined) return 0;
    const batch = await batches.unmade();
    if (batch === null) return 0;
    if (!signer.hasSigned(batch)) {
      await refusals.batch(batch);
      await batches.refuse(batch);
      return 1;
    }
    const { ids, cursor, last } = await targets.piece(batch.target, batch.cursor);
    // No terminal needs to be told what is over.
    const over = batch.expiresAt.getTime() <= clock.now();
    const told = over ? [] : ids;
    await store.insertAll(told.map((terminalId) => commandOf(batch, terminalId, signer)));
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

function commandOf(batch: CommandBatch, terminalId: string, signer: CommandSigner): TerminalCommand {
  const { kind, reason, issuedBy, issuedAt, expiresAt } = batch;
  const given = { _id: `${batch._id}.${terminalId}`, terminalId, kind, issuedAt, expiresAt };
  return { ...given, reason, batch: batch._id, issuedBy, state: 'queued', jws: signer.sign(given) };
}
