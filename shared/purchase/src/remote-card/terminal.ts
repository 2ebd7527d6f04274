import { askedNow, type AskedAt } from '@bianmin/card/meter-card/lease';
import type { Clock } from '@bianmin/card/clock';
import { codeOf } from '@bianmin/card/errors';
import type { Journal } from '@bianmin/card/meter-card/journal';
import { Stop } from '@bianmin/card/stop';
import type { Recognise } from '@bianmin/card/meter-card/layout';
import type { CardSessionEnd, TerminalCardSession, TerminalEnd } from '../api/card-session.ts';
import { JoinedSession } from './joined.ts';
import type { RemoteCardApi, Seal, SlotLender } from './ports.ts';
import type { RemoteCardCommand, RemoteCardView } from './view.ts';

/** How often a terminal without a session asks for one, and one in a session for its next step. */
export const IDLE_POLL_MS = 10_000;
export const WORK_POLL_MS = 1_000;
/** How long an ending stays on the screen of a person who has gone; looked at once an idle poll. */
export const ENDING_SHOWN_MS = 30_000;
/** The server has no such session any more. */
const GONE: ReadonlySet<string> = new Set(['request.not-found', 'card-session.closed']);

export interface RemoteCardTerminalInit {
  readonly api: RemoteCardApi;
  readonly lender: SlotLender;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly recognise: Recognise;
  readonly unseal: (jwe: string) => Promise<string>;
  readonly seal: Seal;
  readonly onView: (view: RemoteCardView) => void;
  /** For the log; the terminal has dealt with it. */
  readonly onFault?: (where: string, error: unknown) => void;
}

/**
 * A terminal's side of remote card sessions: asks for one, lets the person say yes, carries out its steps in their
 * order, each once, and answers. A lost connection is asked again and goes on at the same number; a card that leaves,
 * or a terminal that was restarted, ends the session.
 */
export class RemoteCardTerminal {
  readonly #init: RemoteCardTerminalInit;
  readonly #stop = new Stop();
  #wake = new Stop();
  #running: Promise<void> | undefined;
  #offered: TerminalCardSession | undefined;
  #joined: JoinedSession | undefined;
  /** Sessions that this terminal has to do with no more, with what the server is to be told. */
  readonly #leaving = new Map<string, TerminalEnd>();
  #view: RemoteCardView = { state: 'none' };
  /** On the monotonic clock. */
  #shownAt = 0;

  constructor(init: RemoteCardTerminalInit) {
    this.#init = init;
  }

  get view(): RemoteCardView {
    return this.#view;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Ends after the step in progress. */
  async stop(): Promise<void> {
    this.#stop.stop();
    this.#wake.stop();
    await this.#running;
    await this.#leave();
  }

  /** Asks the server now. */
  kick(): void {
    this.#wake.stop();
  }

  /** What the person at the terminal did; without effect where it does not fit what is shown. */
  async command(command: RemoteCardCommand): Promise<void> {
    switch (command) {
      case 'yes':
        await this.#join();
        break;
      case 'no':
        if (this.#view.state !== 'asked' || this.#offered === undefined) return;
        this.#leaving.set(this.#offered.id, 'declined');
        this.#offered = undefined;
        this.#show({ state: 'none' });
        break;
      case 'stop':
        if (this.#joined === undefined) return;
        this.#joined.leave('declined');
        break;
      case 'seen':
        if (this.#view.state === 'ended') this.#show({ state: 'none' });
    }
    this.kick();
  }

  async #run(): Promise<void> {
    while (!this.#stop.stopped) {
      this.#wake = new Stop();
      let again = false;
      try {
        again = await this.#turn();
      } catch (error) {
        this.#fault('card-session', error);
      }
      if (again) continue;
      const wait = this.#view.state === 'none' || this.#view.state === 'ended' ? IDLE_POLL_MS : WORK_POLL_MS;
      await this.#init.clock.sleep(wait, this.#wake.signal).catch(() => undefined);
    }
  }

  /** Whether there may be more to do at once. */
  async #turn(): Promise<boolean> {
    const joined = this.#joined;
    if (joined?.leaving !== undefined) await this.#ended(joined.leaving, joined.leaving);
    for (const [id, end] of this.#leaving) {
      await this.#unlessGone(this.#init.api.endCardSession(id, end));
      this.#leaving.delete(id);
    }
    const askedAt = askedNow(this.#init.clock);
    if (this.#view.state === 'ended' && askedAt.monotonic - this.#shownAt >= ENDING_SHOWN_MS)
      this.#show({ state: 'none' });
    if (this.#joined !== undefined && askedAt.monotonic >= this.#joined.expiresAt)
      await this.#ended(null, 'expired');
    const session = await this.#ask();
    if (this.#joined !== undefined && session?.state === 'closed') {
      await this.#ended(null, session.end ?? 'expired', session.failure ?? null);
      return true;
    }
    if (session === null || session.state === 'closed') {
      this.#offered = undefined;
      if (this.#view.state === 'asked') this.#show({ state: 'none' });
      return false;
    }
    if (session.state === 'open') {
      this.#offer(session);
      return false;
    }
    if (this.#joined === undefined) {
      // It was not allowed here since this program started, or it was left meanwhile.
      this.#leaving.set(session.id, 'restarted');
      return true;
    }
    return this.#step(this.#joined, session, askedAt);
  }

  async #ask(): Promise<TerminalCardSession | null> {
    const { api } = this.#init;
    const id = this.#joined?.id;
    try {
      return await api.cardSession(id);
    } catch (error) {
      if (id === undefined || !GONE.has(codeOf(error) ?? '')) throw error;
      await this.#ended(null, 'failed');
      return api.cardSession();
    }
  }

  #offer(session: TerminalCardSession): void {
    if (this.#joined !== undefined) return;
    this.#offered = session;
    const busy = this.#view.state === 'asked' && this.#view.busy;
    this.#show({
      state: 'asked',
      kind: session.kind,
      askedBy: session.askedBy,
      reason: session.reason,
      busy,
    });
  }

  async #join(): Promise<void> {
    const offered = this.#offered;
    if (offered === undefined || this.#view.state !== 'asked' || this.#joined !== undefined) return;
    const { lender, journal, clock, recognise, unseal, seal, api } = this.#init;
    if (!lender.lend()) {
      this.#show({ ...this.#view, busy: true });
      return;
    }
    const { kind, serial, subject, askedBy, reason, id, expiresInMs } = offered;
    this.#joined = new JoinedSession({
      id,
      expiresAt: clock.monotonic() + expiresInMs,
      terms: { kind, serial, subject },
      slots: lender.slots(),
      journal,
      clock,
      recognise,
      unseal,
      seal,
      onProgress: (phase, fraction) => {
        this.#working({ progress: { phase, fraction } });
      },
      onSlot: () => {
        this.kick();
      },
    });
    this.#offered = undefined;
    this.#show({
      state: 'working',
      kind,
      askedBy,
      reason,
      card: 'none',
      doing: null,
      progress: null,
      done: 0,
    });
    try {
      await api.consent(id, true);
    } catch (error) {
      // Not known to have been taken: the next answer of the server says whether the session goes on.
      this.#fault('consent', error);
      await this.#ended('failed', 'failed');
    }
  }

  async #step(joined: JoinedSession, session: TerminalCardSession, askedAt: AskedAt): Promise<boolean> {
    const { step } = session;
    if (step === null) return false;
    const answer = await joined.answer({ session, step, askedAt }, (verb) => {
      this.#working({ card: joined.holds ? 'held' : 'none', doing: { n: step.n, verb } });
    });
    if (answer === 'no-card') {
      this.#working({ card: 'wanted' });
      return false;
    }
    if (answer === 'unreadable') return true;
    await this.#unlessGone(this.#init.api.stepResult(joined.id, answer));
    this.#working({ card: joined.holds ? 'held' : 'none', doing: null, progress: null, done: step.n });
    return joined.delivered(step.n);
  }

  /** `tell`: what the server is to hear; null where it knows. */
  async #ended(
    tell: TerminalEnd | null,
    shown: CardSessionEnd,
    failure: string | null = null,
  ): Promise<void> {
    const joined = this.#joined;
    if (joined === undefined) return;
    this.#joined = undefined;
    if (tell !== null) this.#leaving.set(joined.id, tell);
    await joined.close();
    this.#init.lender.giveBack();
    this.#show({ state: 'ended', end: shown, ...(failure === null ? {} : { failure }) });
  }

  async #leave(): Promise<void> {
    const joined = this.#joined;
    if (joined === undefined) return;
    await this.#ended(null, 'restarted');
    await this.#init.api.endCardSession(joined.id, 'restarted').catch((error: unknown) => {
      this.#fault('card-session', error);
    });
  }

  async #unlessGone(call: Promise<unknown>): Promise<void> {
    try {
      await call;
    } catch (error) {
      if (!GONE.has(codeOf(error) ?? '')) throw error;
    }
  }

  #working(change: Partial<Extract<RemoteCardView, { state: 'working' }>>): void {
    if (this.#view.state === 'working') this.#show({ ...this.#view, ...change });
  }

  #show(view: RemoteCardView): void {
    if (JSON.stringify(view) === JSON.stringify(this.#view)) return;
    this.#view = view;
    this.#shownAt = this.#init.clock.monotonic();
    this.#init.onView(view);
  }

  readonly #fault = (where: string, error: unknown): void => {
    this.#init.onFault?.(where, error);
  };
}
