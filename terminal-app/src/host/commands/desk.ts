import type { Clock } from '@bianmin/card/clock';
import { codeOf } from '@bianmin/card/errors';
import type { CommandKind, CommandPayload, CommandResult } from '@bianmin/purchase/api/command';
import { FAULT_CODE } from '@bianmin/purchase/api/heartbeat';
import { mayDo, type CommandMoment, type CommandWhen } from '../../policy/command-moment.ts';
import type { BookEntry, CommandBook } from './book.ts';

/** How often what waits is looked at, ms. */
const LOOK_MS = 1_000;
/** A restart that has not happened by then will not, ms. */
const RESTART_WITHIN_MS = 120_000;

/** What is done for one kind. */
export interface CommandAction {
  readonly when: CommandWhen;
  /** `undefined`: the program ends by it, and the next start answers. */
  readonly act: () => Promise<CommandResult | undefined> | CommandResult | undefined;
  /** Whether the terminal sells afterwards; absent: as before. */
  readonly blocks?: boolean;
}

export interface CommandDeskInit {
  readonly book: CommandBook;
  readonly open: (jws: string) => Promise<CommandPayload>;
  readonly actions: Readonly<Record<CommandKind, CommandAction>>;
  readonly moment: () => CommandMoment;
  /** The terminal must be idle for this long where the screen goes away, ms. */
  readonly quietMs: number;
  readonly send: (id: string, result: CommandResult) => Promise<unknown>;
  readonly clock: Clock;
  /** The server's wall clock, ms. */
  readonly now: () => number;
  /** The terminal sells, or does not, from now on. */
  readonly onBlocked: (blocked: boolean) => void;
  readonly onFault: (where: string, error: unknown) => void;
}

/**
 * Does what this terminal is told: noted before it is done, once, in its own moment and within its time, and answered until the
 * server has heard. After a crash nothing is done again: what had begun is answered as it is known.
 */
export class CommandDesk {
  readonly #init: CommandDeskInit;
  readonly #stop = new AbortController();
  /** Answers with logs, pictures or what an archive is made of, which are not kept on the disk. */
  readonly #brought = new Map<string, CommandResult>();
  #work: Promise<unknown> = Promise.resolve();
  #running: Promise<void> | undefined;

  constructor(init: CommandDeskInit) {
    this.#init = init;
  }

  start(): void {
    const { book } = this.#init;
    for (const { id, kind } of book.in('acting')) {
      // That this program has started is what a restart was for; what else had begun was interrupted.
      const done = kind === 'restart';
      this.#note(id, done ? { outcome: 'done' } : { outcome: 'failed', code: 'command.interrupted' });
    }
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.#work;
  }

  /** What came with a beat's answer; and with it, what the server has not heard yet is told again. Never fails. */
  take(commands: readonly string[]): Promise<void> {
    return this.#alone(async () => {
      for (const jws of commands) await this.#take(jws);
      await this.#tell();
    });
  }

  async #run(): Promise<void> {
    const { clock } = this.#init;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      if (this.#init.book.in('taken').length > 0) await this.#alone(() => this.#look());
      await clock.sleep(LOOK_MS, signal).catch(() => undefined);
    }
  }

  async #take(jws: string): Promise<void> {
    const { book, open, now } = this.#init;
    const { jti: id, kind, exp } = await open(jws);
    const known = book.get(id);
    // Told before, and asked again: that answer got lost, or the server's memory of it.
    if (known?.phase === 'told') book.move(id, { phase: 'answered' });
    if (known === undefined) book.take({ id, kind, exp }, now() / 1000);
  }

  async #look(): Promise<void> {
    for (const entry of this.#init.book.in('taken')) await this.#do(entry);
    await this.#tell();
  }

  async #do({ id, kind, exp }: BookEntry): Promise<void> {
    const { book, actions, moment, quietMs, now, clock, onBlocked } = this.#init;
    const action = isKnown(actions, kind) ? actions[kind] : undefined;
    if (now() >= exp * 1000) {
      this.#note(id, { outcome: 'failed', code: 'command.expired' });
    } else if (action === undefined) {
      this.#note(id, { outcome: 'refused', code: 'command.unknown' });
    } else if (mayDo(action.when, moment(), quietMs)) {
      book.move(id, { phase: 'acting' });
      const result = await this.#acted(action);
      if (result === undefined) {
        await clock.sleep(RESTART_WITHIN_MS, this.#stop.signal).catch(() => undefined);
        // It ends: the next start answers.
        if (this.#stop.signal.aborted) return;
        this.#note(id, { outcome: 'failed', code: 'command.no-restart' });
      } else {
        this.#note(id, result, result.outcome === 'done' ? action.blocks : undefined);
        if (action.blocks !== undefined) onBlocked(book.blocked);
      }
    }
  }

  async #acted({ act }: CommandAction): Promise<CommandResult | undefined> {
    try {
      return await act();
    } catch (error) {
      this.#init.onFault('commands', error);
      const code = codeOf(error) ?? '';
      return { outcome: 'failed', code: FAULT_CODE.test(code) ? code : 'command.failed' };
    }
  }

  #note(id: string, result: CommandResult, blocked?: boolean): void {
    const { log, picture, support, ...answer } = result;
    if (log !== undefined || picture !== undefined || support !== undefined) {
      // Stays `acting` on the disk: what is lost with this program was interrupted.
      this.#brought.set(id, result);
      return;
    }
    this.#init.book.move(id, { phase: 'answered', answer }, blocked);
  }

  async #tell(): Promise<void> {
    const { book, send } = this.#init;
    const answered = new Map<string, CommandResult>(this.#brought);
    for (const { id, answer } of book.in('answered')) answered.set(id, answer ?? { outcome: 'done' });
    for (const [id, result] of answered) {
      try {
        await send(id, result);
      } catch (error) {
        const code = codeOf(error);
        // The server knows no such command: no answer is waited for. Anything else is tried with the next beat.
        if (code !== 'request.not-found' && code !== 'request.malformed') return;
      }
      this.#brought.delete(id);
      const { log: _log, picture: _picture, support: _support, ...answer } = result;
      book.move(id, { phase: 'told', answer });
    }
  }

  /** One piece of work at a time; each fault is told of and ends nothing. */
  #alone(work: () => Promise<void>): Promise<void> {
    const done = this.#work.then(work).catch((error: unknown) => {
      this.#init.onFault('commands', error);
    });
    this.#work = done;
    return done;
  }
}

function isKnown(actions: CommandDeskInit['actions'], kind: string): kind is CommandKind {
  return Object.hasOwn(actions, kind);
}
