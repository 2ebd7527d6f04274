import { randomUUID } from 'node:crypto';
import type { Clock } from '@bianmin/card/clock';
import type { CardSessionEnd, OpenCardSessionRequest } from '@bianmin/purchase/api/card-session';
import { covers, type Scope } from '../../kernel/scope.ts';
import type { TerminalStore } from '../../fleet/store/terminals.ts';
import { busy, malformed, noSession, notPermitted, over } from './problems.ts';
import type { KeySource } from '../../kernel/key-ring.ts';
import { SessionKeys } from './session-keys.ts';
import type { RemoteSessionStore } from './session-store.ts';
import { closed, type Asker, type GridTask, type RemoteSession } from './session.ts';
import type { RemoteWriters } from './writers.ts';

/** Sessions of the grid's that are looked at in one round; the others come when these are over. */
const MAX_UNTOLD = 200;
/** More lost races than this on one session are a fault, not a race. */
const MAX_RACES = 10;

export interface RemoteSessionsInit {
  readonly store: RemoteSessionStore;
  readonly terminals: Pick<TerminalStore, 'get'>;
  readonly writers: RemoteWriters;
  /** Of which each session's own are made. */
  readonly keys: KeySource;
  readonly clock: Clock;
}

/**
 * Remote card sessions as they open, change and close. Time closes a session whenever it is looked at: its
 * terminal looks every few seconds.
 */
export class RemoteSessions {
  readonly #init: RemoteSessionsInit;

  constructor(init: RemoteSessionsInit) {
    this.#init = init;
  }

  now(): Date {
    return new Date(this.#init.clock.now());
  }

  /**
   * Throws `card-session.busy` while the terminal has another, and what the kind's writer throws. `origin`: the grid's
   * task, whose session has one id and is opened once.
   */
  async open(
    request: OpenCardSessionRequest,
    asker: Asker,
    scope: Scope,
    origin?: { readonly id: string; readonly gridTask: GridTask },
  ): Promise<RemoteSession> {
    const { terminalId, kind, reason, minutes } = request;
    const terminal = await this.#init.terminals.get(terminalId);
    if (terminal?.status !== 'accepted' || !covers(scope, terminal.orgPath)) {
      throw malformed('/body/terminalId', 'is no accepted terminal');
    }
    const about = await this.#about(request, scope);
    const createdAt = this.now();
    const session: RemoteSession = {
      _id: origin?.id ?? randomUUID(),
      version: 1,
      kind,
      state: 'open',
      terminalId,
      ...(terminal.orgPath === undefined ? {} : { orgPath: terminal.orgPath }),
      busyTerminal: terminalId,
      asker,
      reason,
      ...about,
      createdAt,
      expiresAt: new Date(createdAt.getTime() + minutes * 60_000),
      salt: SessionKeys.newSalt(this.#init.keys),
      steps: [],
      ...(origin === undefined ? {} : { gridTask: origin.gridTask, untold: true }),
    };
    if ((await this.#init.store.insert(session)) === 'inserted') return session;
    // One whose time is over only seems to be there.
    if ((await this.current(terminalId)) !== null) throw busy();
    if ((await this.#init.store.insert(session)) === 'inserted') return session;
    throw busy();
  }

  /** As it is now; expired ones are closed first. Throws `request.not-found`. */
  async get(id: string): Promise<RemoteSession> {
    const session = await this.#init.store.get(id);
    if (session === null) throw noSession();
    return this.#alive(session);
  }

  /** For a person: throws `request.not-found` also where it is outside of their scope. */
  async getWithin(id: string, scope: Scope): Promise<RemoteSession> {
    const session = await this.get(id);
    if (covers(scope, session.orgPath)) return session;
    throw noSession();
  }

  /** The terminal's session that is not closed. */
  async current(terminalId: string): Promise<RemoteSession | null> {
    const session = await this.#init.store.ofTerminal(terminalId);
    if (session === null) return null;
    const alive = await this.#alive(session);
    return alive.state === 'closed' ? null : alive;
  }

  async list(terminalId: string | undefined, scope: Scope): Promise<RemoteSession[]> {
    const sessions = await this.#init.store.list(terminalId, 50, scope);
    return Promise.all(sessions.map((session) => this.#alive(session)));
  }

  /** As `get`, and null where there is none. */
  async find(id: string): Promise<RemoteSession | null> {
    const session = await this.#init.store.get(id);
    return session === null ? null : this.#alive(session);
  }

  /** Those that the grid asked for and was not told the end of; expired ones are closed first. */
  async untold(): Promise<RemoteSession[]> {
    const sessions = await this.#init.store.untold(MAX_UNTOLD);
    return Promise.all(sessions.map((session) => this.#alive(session)));
  }

  /** The grid has heard how it ended; a closed session changes in nothing else. */
  async told(session: RemoteSession): Promise<void> {
    const { untold: _, ...rest } = session;
    await this.#init.store.replace(session, { ...rest, version: session.version + 1 });
  }

  /** The person at the terminal said yes. Repeating it changes nothing. */
  consent(id: string): Promise<RemoteSession> {
    return this.change(id, (session) =>
      session.state === 'working'
        ? undefined
        : { ...session, version: session.version + 1, state: 'working', consentedAt: this.now() },
    );
  }

  /** Closing one that is closed changes nothing. */
  async close(id: string, how: CardSessionEnd, failure?: string): Promise<RemoteSession> {
    const session = await this.get(id);
    if (session.state === 'closed') return session;
    return this.change(id, (current) =>
      closed(current, { how, at: this.now(), ...(failure === undefined ? {} : { failure }) }),
    ).catch(async (error: unknown) => {
      const now = await this.get(id);
      if (now.state === 'closed') return now;
      throw error;
    });
  }

  /**
   * The one way in which a session changes: decided on as read, compare-and-set, else read and decided again. `decide`
   * gives the next version, or undefined where there is nothing to do. Throws `card-session.closed`.
   */
  async change(
    id: string,
    decide: (session: RemoteSession) => RemoteSession | undefined,
  ): Promise<RemoteSession> {
    for (let race = 0; race < MAX_RACES; race += 1) {
      const session = await this.get(id);
      if (session.state === 'closed') throw over();
      const next = decide(session);
      if (next === undefined) return session;
      if (await this.#init.store.replace(session, next)) return next;
    }
    throw new Error(`Session ${id} was changed by others ${MAX_RACES} times in a row.`);
  }

  async #about(
    request: OpenCardSessionRequest,
    scope: Scope,
  ): Promise<Pick<RemoteSession, 'serial' | 'subject'>> {
    const { kind, orderNo, requestNo, serial } = request;
    if (kind === 'inspect') {
      if (orderNo !== undefined || requestNo !== undefined) throw malformed('/body/kind', 'writes nothing');
      return { serial: serial ?? null, subject: null };
    }
    if (serial !== undefined) throw malformed('/body/serial', 'is told by what is to be written');
    const subject = kind === 'replace' ? requestNo : orderNo;
    if (subject === undefined) throw malformed('/body/kind', 'needs what is to be written');
    const writer = this.#init.writers[kind];
    if (writer === undefined) throw notPermitted('This server writes no such cards.');
    return { ...(await writer.begin(subject, scope)), subject };
  }

  async #alive(session: RemoteSession): Promise<RemoteSession> {
    if (session.state === 'closed' || session.expiresAt.getTime() > this.#init.clock.now()) return session;
    const ended = closed(session, { how: 'expired', at: this.now() });
    if (await this.#init.store.replace(session, ended)) return ended;
    return (await this.#init.store.get(session._id)) ?? ended;
  }
}
