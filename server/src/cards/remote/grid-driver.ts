import type { Logger } from 'pino';
import type { Clock } from '@bianmin/card/clock';
import type { AuditTrail } from '../../access/audit.ts';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { MAX_TASK_TERMINALS, type GridCardTask, type GridTaskEnd } from '../../gateways/grid/card-tasks.ts';
import type { GridGateway } from '../../gateways/grid/contract.ts';
import { GridError } from '../../gateways/grid/error.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { TerminalStore } from '../../fleet/store/terminals.ts';
import { labelOf } from './asked.ts';
import { commandOf, endOf, requestOf, sessionIdOf, stepAnswer } from './grid-task.ts';
import type { KeptPayloads } from './kept.ts';
import { endsSession } from './problems.ts';
import { outstanding, type Asker, type GridTask, type RemoteSession } from './session.ts';
import type { RemoteSessions } from './sessions.ts';
import type { RemoteSteps } from './steps.ts';
import type { TerminalPresence } from './terminal-presence.ts';

/** Between two questions for new tasks, and for the next step of a task whose grid is thinking. */
const HEAR_MS = 10_000;
const WAIT_MS = 3_000;
/** After a grid that did not answer: at first, and at most. */
const SILENT_MS = { first: 2_000, most: 300_000 };
/** How long a terminal may be silent, once it is not counted as there, until its session is ended. */
const LOST_MS = 30_000;
/** Numbers that a session has. */
const MAX_STEPS = 64;
/** A step that meets another change of its session: the next round sees what it is now. */
const MOVED_ON = new Set(['card-session.closed', 'card-session.out-of-order']);

export interface GridDriverInit {
  readonly grid: Pick<GridGateway, 'grid' | 'cardTasks' | 'cardStep' | 'endCardTask'>;
  readonly sessions: RemoteSessions;
  readonly steps: RemoteSteps;
  readonly kept: KeptPayloads;
  readonly there: Pick<TerminalPresence, 'now'>;
  readonly terminals: Pick<TerminalStore, 'get'>;
  readonly audit: Pick<AuditTrail, 'record'>;
  readonly clock: Clock;
  readonly log: Logger;
}

type GridSession = RemoteSession & { readonly gridTask: GridTask };

/**
 * The grid as the one who drives: hears which sessions it wants, puts its steps as staff put theirs, says what each
 * found, and how the session ended. What it knows is in the sessions; it may be killed anywhere and goes on from there.
 * No write is put twice: it has one number in one session, and another session begins with reading the card.
 */
export class GridDriver {
  readonly #init: GridDriverInit;
  /** All on the monotonic clock. */
  #hearAt = 0;
  #silentUntil = 0;
  #silences = 0;
  /** By session: not before. */
  readonly #waiting = new Map<string, number>();
  /** By session: since when its terminal is not there. */
  readonly #missed = new Map<string, number>();

  constructor(init: GridDriverInit) {
    this.#init = init;
  }

  /** One look at everything; gives how many sessions there are. A grid that does not answer is left alone for a while. */
  async round(): Promise<number> {
    const { sessions, there, clock, log } = this.#init;
    if (clock.monotonic() < this.#silentUntil) return 0;
    const driven = (await sessions.untold()).filter(isOfGrid);
    this.#forget(new Set(driven.map(({ _id }) => _id)));
    const present = await there.now();
    try {
      for (const session of driven) await this.#look(session, new Set(present));
      await this.#hear(present);
      this.#silences = 0;
    } catch (error) {
      if (!(error instanceof GridError)) throw error;
      const wait = Math.min(SILENT_MS.first * 2 ** this.#silences, SILENT_MS.most);
      this.#silences += 1;
      this.#silentUntil = clock.monotonic() + wait;
      log.warn({ err: error, wait }, 'the grid says nothing about its card tasks');
    }
    return driven.length;
  }

  /** Fails with the `GridError` of a grid that cannot be asked now; anything else is that session's own. */
  async #look(session: GridSession, present: ReadonlySet<string>): Promise<void> {
    const { clock, log } = this.#init;
    if (clock.monotonic() < (this.#waiting.get(session._id) ?? 0)) return;
    try {
      await this.#drive(session, present);
    } catch (error) {
      if (error instanceof GridError && error.code !== 'grid.refused') throw error;
      this.#waitFor(session);
      log.warn({ err: error, session: session._id }, 'a card task could not be gone on with');
    }
  }

  async #drive(session: GridSession, present: ReadonlySet<string>): Promise<void> {
    const { sessions, kept, grid } = this.#init;
    const { _id, gridTask } = session;
    if (session.state === 'closed') return this.#tell(session);
    if (this.#isLost(session, present)) {
      await sessions.close(_id, 'failed', 'remote-card.lost');
      return;
    }
    // The yes has not come yet, or the terminal is at it: also where a write waits for its next stage.
    if (session.state === 'open' || outstanding(session) !== undefined) return;
    if (session.steps.at(-1)?.answer?.write === 'waits') return;
    const done = session.steps.length;
    const answer = await stepAnswer(session, kept);
    const next = await grid.cardStep({ taskNo: gridTask.no, done, answer }).catch((error: unknown) => {
      if (error instanceof GridError && error.code === 'grid.refused') return 'refused' as const;
      throw error;
    });
    if (next === 'refused') await sessions.close(_id, 'failed', 'grid.refused');
    else if (next.next === 'finish') await sessions.close(_id, 'finished');
    else if (next.next === 'wait') this.#waitFor(session);
    else if (done >= MAX_STEPS) await sessions.close(_id, 'failed', 'card-session.out-of-order');
    else await this.#put(session, next);
  }

  async #put(session: GridSession, { n, command: asked }: { n: number; command: unknown }): Promise<void> {
    const { steps, sessions, terminals, audit } = this.#init;
    const { _id, gridTask, terminalId, asker } = session;
    try {
      const command = commandOf(gridTask, asked);
      const terminal = await terminals.get(terminalId);
      if (terminal?.status !== 'accepted') throw noTerminal();
      const step = labelOf(command);
      await audit.record({
        ...byGrid(gridTask.no),
        action: 'card-session.step',
        target: _id,
        data: { n, step, terminalId },
      });
      await steps.put(_id, { n, command }, { asker, terminal: { terminalId, sealKey: terminal.sealKey } });
    } catch (error) {
      if (!endsSession(error)) throw error;
      if (!MOVED_ON.has(error.code)) await sessions.close(_id, 'failed', error.code);
    }
  }

  async #tell(session: GridSession): Promise<void> {
    await this.#end({ taskNo: session.gridTask.no, ...endOf(session) });
    await this.#init.sessions.told(session);
  }

  /** A grid that refuses to hear the end wants nothing more of it. */
  async #end(end: GridTaskEnd): Promise<void> {
    try {
      await this.#init.grid.endCardTask(end);
    } catch (error) {
      if (!(error instanceof GridError) || error.code !== 'grid.refused') throw error;
      this.#init.log.warn(
        { err: error, taskNo: end.taskNo },
        'the grid does not hear the end of a card task',
      );
    }
  }

  async #hear(present: readonly string[]): Promise<void> {
    const { clock, grid } = this.#init;
    const now = clock.monotonic();
    if (present.length === 0 || now < this.#hearAt) return;
    this.#hearAt = now + HEAR_MS;
    for (let from = 0; from < present.length; from += MAX_TASK_TERMINALS) {
      const tasks = await grid.cardTasks(present.slice(from, from + MAX_TASK_TERMINALS));
      for (const task of tasks) await this.#open(task);
    }
  }

  async #open(task: GridCardTask): Promise<void> {
    const { sessions, grid, audit, log } = this.#init;
    const { taskNo, terminalId, askedBy, commands } = task;
    const id = sessionIdOf(grid.grid, taskNo);
    const known = await sessions.find(id);
    if (known !== null) {
      // Told before, and asked for again: the grid lost what it heard. Its number is used up.
      if (known.state === 'closed' && known.untold !== true) await this.#end({ taskNo, ...endOf(known) });
      return;
    }
    try {
      const request = requestOf(task);
      const { kind, reason, orderNo } = request;
      await audit.record({
        ...byGrid(taskNo),
        action: 'card-session.open',
        target: terminalId,
        data: { kind, reason, subject: orderNo ?? null, askedBy },
      });
      const asker: Asker = { kind: 'grid', id: taskNo, name: `电力公司 ${askedBy}` };
      await sessions.open(request, asker, WHOLE_PROVINCE, { id, gridTask: { no: taskNo, commands } });
    } catch (error) {
      if (!endsSession(error)) throw error;
      log.info({ err: error, taskNo, terminalId }, 'a card task opens no session');
      // The terminal has another session: the task is heard again.
      if (error.code === 'card-session.busy') return;
      await this.#end({ taskNo, end: 'refused', failure: error.code, done: 0, write: 'none' });
    }
  }

  /**
   * Whether the terminal went away. While a write is out there it is waited for until the session's own end: its answer
   * is worth more than the time.
   */
  #isLost({ _id, terminalId, steps }: GridSession, present: ReadonlySet<string>): boolean {
    const now = this.#init.clock.monotonic();
    if (present.has(terminalId)) {
      this.#missed.delete(_id);
      return false;
    }
    const since = this.#missed.get(_id) ?? now;
    this.#missed.set(_id, since);
    const last = steps.at(-1);
    const writing = last !== undefined && (last.asked.do === 'write' || last.asked.do === 'continue');
    return !(writing && last.answer?.write !== 'written') && now - since >= LOST_MS;
  }

  #waitFor({ _id }: GridSession): void {
    this.#waiting.set(_id, this.#init.clock.monotonic() + WAIT_MS);
  }

  #forget(driven: ReadonlySet<string>): void {
    for (const map of [this.#waiting, this.#missed]) {
      for (const id of map.keys()) if (!driven.has(id)) map.delete(id);
    }
  }
}

function isOfGrid(session: RemoteSession): session is GridSession {
  return session.gridTask !== undefined;
}

function byGrid(taskNo: string): Pick<Parameters<AuditTrail['record']>[0], 'who' | 'where'> {
  return { who: { kind: 'system', id: `grid ${taskNo}` }, where: { ip: '', traceId: '' } };
}

function noTerminal(): ProblemError {
  return new ProblemError({
    code: 'card-session.not-permitted',
    message: 'The terminal is no longer accepted.',
  });
}
