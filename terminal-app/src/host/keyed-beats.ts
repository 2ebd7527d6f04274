import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '@bianmin/card/clock';
import {
  BEAT_PATH,
  BEAT_SCHEME,
  beatKeyResponse,
  beatSignatureBase,
  beatSignatureParams,
} from '@bianmin/purchase/api/beat-key';
import type { ApiClient } from '@bianmin/purchase/api/client';
import { ApiError, errorOfAnswer, jsonOf, unreachable } from '@bianmin/purchase/api/client-error';
import { heartbeatAnswer, type Heartbeat, type HeartbeatAnswer } from '@bianmin/purchase/api/heartbeat';
import type { HttpCall } from '@bianmin/purchase/api/http-call';

const TIMEOUT_MS = 20_000;
/** Of a key's life, after which the next is asked for. */
const RENEW_AFTER = 0.9;
/** After these the next beat is made with another key: the server's words about the key, not about the terminal. */
const KEY_SPENT: ReadonlySet<string> = new Set(['auth.required', 'auth.expired', 'terminal.bad-proof']);

interface BeatKey {
  readonly token: string;
  readonly key: Buffer;
  /** On the monotonic clock. */
  readonly renewAt: number;
}

export interface KeyedBeatsInit {
  /** For the key, and for a beat that a key did not prove. */
  readonly client: Pick<ApiClient, 'post'>;
  /** The same that `client` calls by. */
  readonly http: HttpCall;
  readonly baseUrl: string;
  readonly unseal: (jwe: string) => Promise<string>;
  /** The server's wall clock as far as it is known, ms. */
  readonly serverNow: () => number;
  readonly clock: Pick<Clock, 'monotonic'>;
}

/**
 * Beats signed by a key for beats, which costs the server a fraction of a proof by the terminal's own. A beat whose key
 * is not taken, or for which there is none, goes as every other call does.
 */
export class KeyedBeats {
  readonly #init: KeyedBeatsInit;
  #key: BeatKey | undefined;

  constructor(init: KeyedBeatsInit) {
    this.#init = init;
  }

  /** Fails with an `ApiError`. */
  readonly send = async (beat: Heartbeat): Promise<HeartbeatAnswer> => {
    const key = await this.#current();
    if (key === undefined) return this.#plain(beat);
    try {
      return await this.#signed(key, JSON.stringify(beat));
    } catch (error) {
      if (!(error instanceof ApiError) || !KEY_SPENT.has(error.code)) throw error;
      this.#key = undefined;
      return this.#plain(beat);
    }
  };

  #plain(beat: Heartbeat): Promise<HeartbeatAnswer> {
    return this.#init.client.post(BEAT_PATH, heartbeatAnswer, beat);
  }

  /** Undefined: this server gives none. */
  async #current(): Promise<BeatKey | undefined> {
    const { client, clock, unseal } = this.#init;
    const now = clock.monotonic();
    if (this.#key !== undefined && this.#key.renewAt > now) return this.#key;
    try {
      const { token, sealedKey, expiresIn } = await client.post(
        '/v1/terminal/beat-key',
        beatKeyResponse,
        undefined,
      );
      const key = Buffer.from(await unseal(sealedKey), 'base64url');
      this.#key = { token, key, renewAt: now + RENEW_AFTER * expiresIn * 1000 };
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 'request.not-found')) throw error;
      this.#key = undefined;
    }
    return this.#key;
  }

  async #signed({ token, key }: BeatKey, body: string): Promise<HeartbeatAnswer> {
    const { http, baseUrl, serverNow } = this.#init;
    const created = Math.floor(serverNow() / 1000);
    const proof = { created, nonce: randomBytes(16).toString('base64url') };
    const contentDigest = `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
    const base = beatSignatureBase({ ...proof, path: BEAT_PATH, contentDigest });
    const answer = await http({
      method: 'POST',
      url: baseUrl + BEAT_PATH,
      headers: {
        Accept: 'application/json',
        'Content-Type': 'application/json',
        Authorization: `${BEAT_SCHEME} ${token}`,
        'Content-Digest': contentDigest,
        'Signature-Input': `beat=${beatSignatureParams(proof)}`,
        Signature: `beat=:${createHmac('sha256', key).update(base).digest('base64')}:`,
      },
      body,
      timeoutMs: TIMEOUT_MS,
    }).catch((error: unknown) => {
      throw unreachable(error);
    });
    const said = jsonOf(answer.body);
    if (answer.status < 200 || answer.status > 299) throw errorOfAnswer(answer, said);
    return heartbeatAnswer.parse(said);
  }
}
