import type { Logger } from 'pino';
import type { Clock } from '@bianmin/card/clock';
import { COMMANDS_AT_ONCE } from '@bianmin/purchase/api/heartbeat';
import {
  KINDS_OF,
  type CommandKind,
  type CommandResult,
  type SendCommand,
} from '@bianmin/purchase/api/command';
import type { Where } from '../../access/approvals.ts';
import { byAdmin, type AuditTrail } from '../../access/audit.ts';
import type { Scope } from '../../kernel/scope.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import { ProblemError } from '../../kernel/problem.ts';
import {
  withoutBodies,
  type Brought,
  type TerminalCommand,
  type TerminalCommandStore,
} from '../store/terminal-commands.ts';
import type { Terminal, TerminalStore } from '../store/terminals.ts';
import type { CommandHints } from './command-hints.ts';
import type { CommandRefusals } from './command-refusals.ts';
import type { CommandSigner } from './command-signer.ts';
import type { WatchedTerminals } from './watched.ts';

const LISTED = 30;
/** Commands that wait for one terminal and are looked at with one beat: what nobody gave must not hide the others. */
const LOOKED_AT = 8 * COMMANDS_AT_ONCE;

export interface CommandsInit {
  readonly store: TerminalCommandStore;
  readonly hints: CommandHints;
  readonly watched: Pick<WatchedTerminals, 'look'>;
  readonly terminals: TerminalStore;
  /** Absent where no key was configured: then no terminal is told anything. */
  readonly signer: CommandSigner | undefined;
  readonly refusals: CommandRefusals;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'warn'>;
}

/** What terminals are told to do: given by people, handed out with the answers to beats, answered by the terminal. */
export class Commands {
  readonly #init: CommandsInit;

  constructor(init: CommandsInit) {
    this.#init = init;
  }

  /** Throws `request.not-found`, `command.not-possible`, `order.idempotency-mismatch`. */
  async send(
    terminalId: string,
    { key, kind, reason, ttlS }: SendCommand,
    by: AdminPrincipal,
    where: Where,
  ): Promise<TerminalCommand & Brought> {
    const { store, hints, audit, clock, log } = this.#init;
    const terminal = await this.#terminal(terminalId, by.scope);
    const known = await store.get(key);
    if (known !== null) return same(known, { terminalId, kind });
    const signer = this.signerFor(terminal, kind);
    const now = clock.now();
    const given = {
      ...{ _id: key, terminalId, kind },
      ...{ issuedAt: new Date(now), expiresAt: new Date(now + ttlS * 1000) },
    };
    const made: TerminalCommand = {
      ...{ ...given, reason, issuedBy: by.userId, state: 'queued', jws: signer.sign(given) },
    };
    await audit.record(
      byAdmin(by, {
        action: 'command.send',
        target: terminalId,
        where,
        data: { command: key, kind, reason, ttlS },
      }),
    );
    if ((await store.insert(made)) === 'exists') {
      const other = await store.get(key);
      if (other !== null) return same(other, { terminalId, kind });
    }
    // Without it, the worker hints within minutes.
    await hints.add([terminalId]).catch((error: unknown) => {
      log.warn({ err: error, terminalId }, 'a command could not be hinted at and comes later');
    });
    await this.#look(terminal);
    return withoutBodies(made);
  }

  /** Throws `command.not-possible`: no key, a terminal that is not accepted, or one that takes no such command. */
  signerFor(terminal?: Pick<Terminal, 'kind' | 'status'>, kind?: CommandKind): CommandSigner {
    const { signer } = this.#init;
    if (signer === undefined) throw notPossible('This server signs no commands. Set COMMAND_SIGN_KEY.');
    if (terminal === undefined) return signer;
    if (terminal.status !== 'accepted') throw notPossible('The terminal is not accepted.');
    if (kind !== undefined && !KINDS_OF[terminal.kind].includes(kind)) {
      throw notPossible('A home box does not do that.');
    }
    return signer;
  }

  /** A user who reads them watches the terminal, which beats more often for a while. Throws `request.not-found`. */
  async of(terminalId: string, scope: Scope): Promise<(TerminalCommand & Brought)[]> {
    await this.#look(await this.#terminal(terminalId, scope));
    return this.#init.store.of(terminalId, LISTED);
  }

  /** With what it brought. Throws `request.not-found`. */
  async getWithin(id: string, scope: Scope): Promise<TerminalCommand> {
    const command = await this.#init.store.get(id);
    if (command === null) throw noCommand();
    // A user who may not see the terminal may not see what it was told.
    if ((await this.#init.terminals.getWithin(command.terminalId, scope)) === null) throw noCommand();
    return command;
  }

  /** What was handed out already stays as it is. Throws `request.not-found`. */
  async cancel(id: string, by: AdminPrincipal, where: Where): Promise<TerminalCommand> {
    const { store, audit } = this.#init;
    const { terminalId, kind } = await this.getWithin(id, by.scope);
    await audit.record(
      byAdmin(by, {
        action: 'command.cancel',
        target: terminalId,
        where,
        data: { command: id, kind },
      }),
    );
    await store.cancel(id);
    return this.getWithin(id, by.scope);
  }

  /**
   * What a terminal is to be told with its beat, as it was signed when it was given. Never fails: a beat is taken in any case, and
   * what could not be handed out is hinted at again.
   */
  async handOut(terminalId: string): Promise<string[]> {
    const { store, hints, signer, clock, log } = this.#init;
    if (signer === undefined) return [];
    try {
      const now = new Date(clock.now());
      const waiting = await store.waiting(terminalId, now, LOOKED_AT);
      const [given, forged]: [{ _id: string; jws: string }[], TerminalCommand[]] = [[], []];
      for (const command of waiting) {
        const jws = signer.signedFormOf(command);
        if (jws === undefined) forged.push(command);
        else given.push({ _id: command._id, jws });
      }
      const delivered: string[] = [];
      for (const { _id, jws } of given.slice(0, COMMANDS_AT_ONCE)) {
        if ((await store.deliver(_id, now)) !== null) delivered.push(jws);
      }
      const refused = await this.#refuse(forged);
      // There may be more than one answer carries, and what was changed meanwhile may still wait.
      if (delivered.length < given.length || !refused || waiting.length === LOOKED_AT) {
        await hints.add([terminalId]);
      }
      return delivered;
    } catch (error) {
      log.warn({ err: error, terminalId }, 'commands could not be handed out and wait for a later beat');
      await hints.add([terminalId]).catch(() => undefined);
      return [];
    }
  }

  /** The terminal's word on its command; said twice, the first counts. Throws `request.not-found`. */
  async answer(id: string, terminalId: string, result: CommandResult): Promise<void> {
    const { store, clock } = this.#init;
    if (await store.answer(id, terminalId, result, new Date(clock.now()))) return;
    throw noCommand();
  }

  /** What waits and was given by nobody; false where it waits still. The trail has it first. Never fails. */
  async #refuse(forged: readonly TerminalCommand[]): Promise<boolean> {
    const { store, refusals, log } = this.#init;
    try {
      for (const command of forged) {
        await refusals.command(command);
        await store.refuse(command);
      }
      return true;
    } catch (error) {
      log.warn({ err: error }, 'commands that nobody gave could not be refused; they are not handed out');
      return false;
    }
  }

  /** Of kiosks: a home box is woken when its system likes. Never fails: without it, a command takes a usual beat. */
  async #look({ _id: terminalId, kind, status }: Terminal): Promise<void> {
    const { watched, log } = this.#init;
    if (kind !== 'kiosk' || status !== 'accepted') return;
    await watched.look(terminalId).catch((error: unknown) => {
      log.warn({ err: error, terminalId }, 'a terminal is not watched and beats as usual');
    });
  }

  async #terminal(id: string, scope: Scope): Promise<Terminal> {
    const terminal = await this.#init.terminals.getWithin(id, scope);
    if (terminal !== null) return terminal;
    throw new ProblemError({ code: 'request.not-found', message: 'There is no such terminal.' });
  }
}

function same(
  known: TerminalCommand,
  asked: Pick<TerminalCommand, 'terminalId' | 'kind'>,
): TerminalCommand & Brought {
  if (known.terminalId === asked.terminalId && known.kind === asked.kind) return withoutBodies(known);
  throw usedOtherwise();
}

export function usedOtherwise(): ProblemError {
  return new ProblemError({
    code: 'order.idempotency-mismatch',
    message: 'This key was used for something else. Choose another.',
  });
}

function notPossible(message: string): ProblemError {
  return new ProblemError({ code: 'command.not-possible', message });
}

function noCommand(): ProblemError {
  return new ProblemError({ code: 'request.not-found', message: 'There is no such command.' });
}
