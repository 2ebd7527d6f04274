import { z } from 'zod';
import { parseJson } from '@bianmin/card/json-text';
import { sealedPlan } from '@bianmin/purchase/api/order';
import { remoteResult, type RemoteResult } from '@bianmin/purchase/remote-card/messages';
import type { Ephemeral } from '../../adapters/redis/ephemeral.ts';
import { SessionKeys } from './session-keys.ts';
import type { KeySource } from '../../kernel/key-ring.ts';
import type { RemoteSession } from './session.ts';

/** `at`: when it was released, ms. `given`: its terminal had it once. */
const releaseSchema = z.object({ release: sealedPlan, at: z.number(), given: z.literal(true).optional() });
export type KeptRelease = z.infer<typeof releaseSchema>;

/**
 * What passes through a session and is never stored: answers with bytes of the card, and plans on their way, which are
 * sealed to the terminal already. In Redis until the session would expire, under the session's own key.
 */
export class KeptPayloads {
  readonly #ephemeral: Ephemeral;
  readonly #keys: KeySource;

  constructor(ephemeral: Ephemeral, keys: KeySource) {
    this.#ephemeral = ephemeral;
    this.#keys = keys;
  }

  /** Undefined once the session closed. */
  keys(session: RemoteSession): SessionKeys | undefined {
    return session.salt === undefined ? undefined : new SessionKeys(this.#keys, session.salt);
  }

  putAnswer(session: RemoteSession, n: number, result: RemoteResult): Promise<void> {
    return this.#put(session, `${n}:answer`, result);
  }

  async answer(session: RemoteSession, n: number): Promise<RemoteResult | undefined> {
    const found = await this.#get(session, `${n}:answer`);
    return found === undefined ? undefined : remoteResult.parse(found);
  }

  putRelease(session: RemoteSession, n: number, kept: KeptRelease): Promise<void> {
    return this.#put(session, `${n}:release`, kept);
  }

  async release(session: RemoteSession, n: number): Promise<KeptRelease | undefined> {
    const found = await this.#get(session, `${n}:release`);
    return found === undefined ? undefined : releaseSchema.parse(found);
  }

  async #put(session: RemoteSession, name: string, value: unknown): Promise<void> {
    const keys = this.keys(session);
    if (keys === undefined) return;
    const lifeMs = session.expiresAt.getTime() - session.createdAt.getTime();
    await this.#ephemeral.put(keyOf(session, name), keys.wrap(JSON.stringify(value)), lifeMs);
  }

  async #get(session: RemoteSession, name: string): Promise<unknown> {
    const keys = this.keys(session);
    if (keys === undefined) return undefined;
    const wrapped = await this.#ephemeral.get(keyOf(session, name));
    return wrapped === null ? undefined : parseJson(keys.unwrap(wrapped));
  }
}

function keyOf(session: RemoteSession, name: string): string {
  return `remote-card:${session._id}:${name}`;
}
