import { parseJson } from '@bianmin/card/json-text';
import type { AskedAt } from '@bianmin/card/meter-card/lease';
import type { CardSlot } from '@bianmin/card/reader/slot';
import type { TerminalCardSession, TerminalEnd } from '../api/card-session.ts';
import { RemoteCard, type RemoteCardInit } from './card.ts';
import { stepMessage, type AnswerMessage, type StepMessage } from './messages.ts';
import type { RemoteVerb } from './permitted.ts';
import type { Seal } from './ports.ts';

export interface JoinedSessionInit extends RemoteCardInit {
  readonly id: string;
  /** On the monotonic clock: the card is let go then, whether or not the server can be asked. */
  readonly expiresAt: number;
  readonly slots: readonly CardSlot[];
  readonly seal: Seal;
  /** A card came or left. */
  readonly onSlot: () => void;
}

export interface SealedAnswer {
  readonly n: number;
  readonly sealed: string;
}

export interface DueStep {
  readonly session: TerminalCardSession;
  readonly step: SealedAnswer;
  /** When it was asked for, on the monotonic clock. */
  readonly askedAt: AskedAt;
}

/** The session that the person here said yes to, with its card and its newest answer. */
export class JoinedSession {
  readonly id: string;
  readonly expiresAt: number;
  readonly #init: JoinedSessionInit;
  readonly #card: RemoteCard;
  readonly #offs: readonly (() => void)[];
  /** Sealed once, and sent again as it is until the server has it: a step is never carried out twice. */
  #answer: SealedAnswer | undefined;
  #delivered = 0;
  #slot: CardSlot | undefined;
  #leaving: TerminalEnd | undefined;

  constructor(init: JoinedSessionInit) {
    this.id = init.id;
    this.expiresAt = init.expiresAt;
    this.#init = init;
    this.#card = new RemoteCard(init);
    this.#offs = init.slots.map((slot) =>
      slot.onChange((present) => {
        if (!present && this.#slot === slot && this.#card.holds) this.leave('removed');
        init.onSlot();
      }),
    );
  }

  /** Whether a card was identified and is powered. */
  get holds(): boolean {
    return this.#card.holds;
  }

  /** Why the session is to end from here; undefined: it goes on. */
  get leaving(): TerminalEnd | undefined {
    return this.#leaving;
  }

  /** The first reason counts. */
  leave(end: TerminalEnd): void {
    this.#leaving ??= end;
  }

  /**
   * The answer to the step that is due, carried out now unless it was already. `no-card`: the step waits for one card;
   * `unreadable`: it is no step that is due here, and the session ends.
   */
  async answer(
    due: DueStep,
    onDoing: (verb: RemoteVerb) => void,
  ): Promise<SealedAnswer | 'no-card' | 'unreadable'> {
    const { n } = due.step;
    if (this.#answer?.n === n) return this.#answer;
    const { serverKey } = due.session;
    const message = await this.#open(due.step);
    if (message === undefined || serverKey === null) {
      this.leave('failed');
      return 'unreadable';
    }
    const slot = this.#card.holds ? this.#slot : await this.#slotWithCard();
    if (slot === undefined) return 'no-card';
    this.#slot = slot;
    onDoing(message.command.do);
    const { outcome, removed, exchanges, more } = await this.#card.run(message.command, slot, due.askedAt);
    if (removed) this.leave('removed');
    const answer: AnswerMessage = { session: this.id, n, outcome, exchanges, more };
    this.#answer = { n, sealed: await this.#init.seal(JSON.stringify(answer), serverKey) };
    return this.#answer;
  }

  /** The server has the answer; true the first time. */
  delivered(n: number): boolean {
    const first = this.#delivered < n;
    this.#delivered = n;
    return first;
  }

  /** Powers the card down. Never throws. */
  async close(): Promise<void> {
    for (const off of this.#offs) off();
    await this.#card.close();
  }

  /** The step, if it is this session's and the one that is due. */
  async #open({ n, sealed }: SealedAnswer): Promise<StepMessage | undefined> {
    try {
      const message = stepMessage.parse(parseJson(await this.#init.unseal(sealed)));
      const due = (this.#answer?.n ?? 0) + 1;
      return message.session === this.id && message.n === n && n === due ? message : undefined;
    } catch {
      return undefined;
    }
  }

  async #slotWithCard(): Promise<CardSlot | undefined> {
    const held: CardSlot[] = [];
    for (const slot of this.#init.slots) if (await slot.present()) held.push(slot);
    // Of two cards it cannot be said which one is meant.
    return held.length === 1 ? held[0] : undefined;
  }
}
