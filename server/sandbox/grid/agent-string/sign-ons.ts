import { WireError } from '../../../src/gateways/grid/wire/error.ts';
import type { Sm2Private, Sm2Public } from '../../../src/gateways/grid/wire/sm2.ts';
import type { Head } from '../../../src/gateways/grid/agent-string/frame.ts';
import { makeWorkingKey, type WorkingKey } from '../../../src/gateways/grid/agent-string/sign-on.ts';
import { fromBeijingTime } from '../../../src/gateways/grid/agent-string/times.ts';
import { gridAgents, gridSigner, type GridKeys } from '../keys.ts';

export interface SignOnLimits {
  /** ms a working key is good for. */
  readonly lifeMs: number;
  /** ms by which clocks may differ; a nonce is remembered for twice as long. */
  readonly windowMs: number;
}

/** Each process of an agent signs on for itself; beyond this the oldest go. */
const MAX_SESSIONS = 256;

/** The grid's working keys by session, and the nonces seen. In memory: after a restart everybody signs on again. */
export class SignOns {
  readonly own: Sm2Private;
  readonly #agents: ReadonlyMap<string, Sm2Public>;
  readonly #limits: SignOnLimits;
  readonly #now: () => number;
  readonly #sessions = new Map<string, WorkingKey & { readonly agent: string }>();
  /** Nonce to the time it may be forgotten, oldest first. */
  readonly #nonces = new Map<string, number>();

  constructor(keys: GridKeys, limits: SignOnLimits, now: () => number) {
    this.own = gridSigner(keys);
    this.#agents = gridAgents(keys);
    this.#limits = limits;
    this.#now = now;
  }

  agent(name: string): Sm2Public {
    const key = this.#agents.get(name);
    if (key === undefined) throw new WireError({ code: 'wire.agent', message: 'No such agent.' });
    return key;
  }

  /** The body that carries a fresh working key to the agent; its signature has been verified. */
  open(agent: string): Buffer {
    const now = this.#now();
    const { key, body } = makeWorkingKey(this.agent(agent), now + this.#limits.lifeMs);
    for (const [session, { expiresAt }] of this.#sessions) {
      if (expiresAt <= now || this.#sessions.size >= MAX_SESSIONS) this.#sessions.delete(session);
    }
    this.#sessions.set(key.session, { ...key, agent });
    return body;
  }

  keyOf({ agent, session }: Head): Uint8Array {
    const found = this.#sessions.get(session ?? '');
    if (found?.agent !== agent || found.expiresAt <= this.#now()) {
      throw new WireError({ code: 'wire.session', message: 'No such session, or it has ended.' });
    }
    return found.key;
  }

  checkTime({ time }: Head): void {
    const age = Math.abs(fromBeijingTime(time) - this.#now());
    if (!(age <= this.#limits.windowMs)) {
      throw new WireError({ code: 'wire.stale', message: 'The frame is too old, or a clock is wrong.' });
    }
  }

  /** Only for what verified, so that strangers cannot use nonces up. */
  useNonce({ agent, nonce }: Head): void {
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
