import type { Clock } from '@bianmin/card/clock';
import type { AuditTrail } from '../../access/audit.ts';
import { RefusedTries } from '../../access/refused-tries.ts';
import type { CommandBatch } from '../store/command-batches.ts';
import type { TerminalCommand } from '../store/terminal-commands.ts';

const LONGEST = 128;

/**
 * What stands in the database and is not what a person gave, in the trail: the alert `command.forged` is made of it. Its fields may
 * hold anything.
 */
export class CommandRefusals {
  readonly #tries: RefusedTries;

  constructor(init: { audit: Pick<AuditTrail, 'record'>; clock: Clock }) {
    this.#tries = new RefusedTries(init);
  }

  command(command: TerminalCommand): Promise<void> {
    return this.#record(command.terminalId, command);
  }

  batch(batch: CommandBatch): Promise<void> {
    return this.#record(batch._id, batch);
  }

  #record(target: unknown, found: TerminalCommand | CommandBatch): Promise<void> {
    return this.#tries.record({
      ...{ who: { kind: 'system', id: 'commands' }, action: 'command.refuse', target: shown(target) },
      where: { ip: '', traceId: '' },
      data: {
        ...{ command: shown(found._id), kind: shown(found.kind), issuedBy: shown(found.issuedBy) },
        why: found.jws === undefined ? 'unsigned' : 'differs',
      },
    });
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' && value !== '' ? value.slice(0, LONGEST) : 'malformed';
}
