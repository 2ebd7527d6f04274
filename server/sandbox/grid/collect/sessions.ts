import { WireError } from '../../../src/gateways/grid/wire/error.ts';
import {
  answerSession,
  type SessionAnswer,
  type SessionKeys,
  type SessionRequest,
} from '../../../src/gateways/grid/wire/session.ts';
import type { Sm2Private, Sm2Public } from '../../../src/gateways/grid/wire/sm2.ts';
import { gridAgents, gridSigner, type GridKeys } from '../keys.ts';

export interface SessionLimits {
  /** ms a session's keys are good for. */
  readonly lifeMs: number;
  /** ms by which clocks may differ; a nonce is remembered for twice as long. */
  readonly windowMs: number;
}

interface Session {
  readonly agent: string;
  readonly keys: SessionKeys;
  readonly expiresAt: number;
}

/** Several processes of one agent have a session each; beyond this the oldest go. */
const MAX_SESSIONS = 256;

/**
 * The grid's end of sessions: keys by id, and the nonces seen. All in memory: after a restart old messages find
 * no keys, so they cannot be played again although their nonces are forgotten.
 */
export class Sessions {
  readonly signer: Sm2Private;
  readonly #agents: ReadonlyMap<string, Sm2Public>;
  readonly #limits: SessionLimits;
  readonly #now: () => number;
  readonly #sessions = new Map<string, Session>();
  /** Nonce to the time it may be forgotten, oldest first. */
  readonly #nonces = new Map<string, number>();

  constructor(keys: GridKeys, limits: SessionLimits, now: () => number) {
    this.signer = gridSigner(keys);
    this.#agents = gridAgents(keys);
    this.#limits = limits;
    this.#now = now;
  }

  /** Fails with `wire.agent`, `wire.stale`, `wire.replay`, `wire.signature`, `wire.malformed`. */
  open(request: SessionRequest): SessionAnswer {
    const agent = this.agent(request.agent);
    this.checkTime(request.time);
    const now = this.#now();
    const { answer, keys } = answerSession({
      request,
      now,
      lifeMs: this.#limits.lifeMs,
      signer: this.signer,
      agent,
    });
    this.useNonce(request.agent, request.nonce);
    if (this.#sessions.has(request.keyId))
      throw new WireError({ code: 'wire.replay', message: 'Key id used.' });
    for (const [keyId, session] of this.#sessions) {
      if (session.expiresAt <= now || this.#sessions.size >= MAX_SESSIONS) this.#sessions.delete(keyId);
    }
    this.#sessions.set(request.keyId, { agent: request.agent, keys, expiresAt: answer.expiresAt });
    return answer;
  }

  agent(name: string): Sm2Public {
    const key = this.#agents.get(name);
    if (key === undefined) throw new WireError({ code: 'wire.agent', message: 'No such agent.' });
    return key;
  }

  keysOf(agent: string, keyId: string): SessionKeys {
    const session = this.#sessions.get(keyId);
    if (session?.agent !== agent || session.expiresAt <= this.#now()) {
      throw new WireError({ code: 'wire.session', message: 'No such session, or it has ended.' });
    }
    return session.keys;
  }

  checkTime(time: number): void {
    if (Math.abs(time - this.#now()) > this.#limits.windowMs) {
      throw new WireError({ code: 'wire.stale', message: 'The message is too old, or a clock is wrong.' });
    }
  }

  /** Call only for what verified, so that strangers cannot use nonces up. Fails with `wire.replay`. */
  useNonce(agent: string, nonce: string): void {
    const now = this.#now();
    for (const [old, until] of this.#nonces) {
      if (until > now) break;
      this.#nonces.delete(old);
    }
    const key = `${agent}:${nonce}`;
    if (this.#nonces.has(key)) throw new WireError({ code: 'wire.replay', message: 'Seen before.' });
    this.#nonces.set(key, now + 2 * this.#limits.windowMs);
  }

  /** As a restart would. */
  forget(): void {
    this.#sessions.clear();
  }
}
