import { createHmac, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import {
  BEAT_PATH,
  BEAT_SCHEME,
  beatCredentials,
  beatSignedText,
  type BeatKeyResponse,
} from '@bianmin/purchase/api/beat-key';
import type { ApiClient } from '@bianmin/purchase/api/client';
import { ApiError, errorOfAnswer, jsonOf, unreachable } from '@bianmin/purchase/api/client-error';
import { heartbeatAnswer, type Heartbeat, type HeartbeatAnswer } from '@bianmin/purchase/api/heartbeat';
import type { HttpCall } from '@bianmin/purchase/api/http-call';

const TIMEOUT_MS = 20_000;
/** Of a key's life, after which the next is asked for. */
const RENEW_AFTER = 0.9;
/** After none could be had, where the server does not say when. */
const ASK_AGAIN_MS = 120_000;
/** After these the next beat is made with another key: the server's words about the key, not about the terminal. */
const KEY_SPENT: ReadonlySet<string> = new Set(['auth.required', 'auth.expired', 'terminal.bad-proof']);

/** A key as it is kept over a restart, beside the terminal's own keys and as safe as they are. */
export const keptBeatKey = z.strictObject({
  /** Whose it is: a machine that was given new keys is another terminal. */
  terminalId: z.string(),
  token: z.string(),
  key: z.string().regex(/^[\w-]{43}$/),
  renewMs: z.number(),
  /** By this machine's wall clock: the server's is not known at start. */
  untilMs: z.number(),
});
type KeptBeatKey = z.infer<typeof keptBeatKey>;

interface BeatKey {
  readonly token: string;
  readonly key: Buffer;
  /** Taken until then, on the monotonic clock. */
  readonly overAt: number;
}

export interface KeyedBeatsInit {
  readonly terminalId: string;
  /** For a beat that a key did not prove. */
  readonly client: Pick<ApiClient, 'post'>;
  /** The same that `client` calls by. */
  readonly http: HttpCall;
  readonly baseUrl: string;
  /** Asks for a key by a proof of the terminal's own; undefined: this server gives none, or not to this terminal. */
  readonly askKey: () => Promise<BeatKeyResponse | undefined>;
  readonly unseal: (jwe: string) => Promise<string>;
  readonly kept: { read(): KeptBeatKey | undefined; write(key: KeptBeatKey): void };
  readonly onFault: (where: string, error: unknown) => void;
  /** The server's wall clock as far as it is known, ms. */
  readonly serverNow: () => number;
  readonly clock: Pick<Clock, 'monotonic' | 'now'>;
  /** 0 to 1. */
  readonly random: () => number;
}

/**
 * Beats signed by a key for beats, which costs the server a fraction of a proof by the terminal's own. A beat whose key
 * is not taken, or for which there is none, goes as every other call does. A key is kept over a restart and used until the next is
 * here: a fleet that comes back beats at once, and asks for its next keys one after the other.
 */
export class KeyedBeats {
  readonly #init: KeyedBeatsInit;
  #key: BeatKey | undefined;
  /** No key is asked for before, whether there is one or not; on the monotonic clock. */
  #askAt = Number.NEGATIVE_INFINITY;

  constructor(init: KeyedBeatsInit) {
    this.#init = init;
    const kept = init.kept.read();
    if (kept?.terminalId !== init.terminalId) return;
    const { token, renewMs, untilMs } = kept;
    const leftMs = untilMs - init.clock.now();
    if (leftMs <= 0) return;
    const now = init.clock.monotonic();
    this.#key = { token, key: Buffer.from(kept.key, 'base64url'), overAt: now + leftMs };
    this.#askAt = now + renewMs * init.random();
  }

  /** Whether the next enrolment may as well bring one. */
  get wantsKey(): boolean {
    return this.#key === undefined;
  }

  /** Fails with an `ApiError`. */
  readonly send = async (beat: Heartbeat): Promise<HeartbeatAnswer> => {
    const key = await this.#current();
    if (key === undefined) return this.#plain(beat);
    try {
      return await this.#signed(key, JSON.stringify(beat));
    } catch (error) {
      if (!(error instanceof ApiError) || !KEY_SPENT.has(error.code)) throw error;
      this.#drop();
      return this.#plain(beat);
    }
  };

  /** Takes one that came, and keeps it. */
  readonly hear = async ({ token, sealedKey, ...lasts }: BeatKeyResponse): Promise<void> => {
    const { clock, unseal, kept, onFault, terminalId } = this.#init;
    const renewMs = RENEW_AFTER * lasts.expiresIn * 1000;
    const takenMs = (lasts.takenFor ?? lasts.expiresIn) * 1000;
    try {
      const key = await unseal(sealedKey);
      const now = clock.monotonic();
      this.#key = { token, key: Buffer.from(key, 'base64url'), overAt: now + takenMs };
      this.#askAt = now + renewMs;
      // What cannot be written is good until the next start.
      kept.write({ terminalId, token, key, renewMs, untilMs: clock.now() + takenMs });
    } catch (error) {
      // One that cannot be opened is no better at the next beat.
      this.#askAt = Math.max(this.#askAt, clock.monotonic() + ASK_AGAIN_MS);
      onFault('beat-key', error);
    }
  };

  #plain(beat: Heartbeat): Promise<HeartbeatAnswer> {
    return this.#init.client.post(BEAT_PATH, heartbeatAnswer, beat);
  }

  /** The next beat asks for another. */
  #drop(): void {
    this.#key = undefined;
    this.#askAt = Number.NEGATIVE_INFINITY;
  }

  /** Undefined: there is none to be had now. */
  async #current(): Promise<BeatKey | undefined> {
    const { clock, askKey } = this.#init;
    if (this.#key !== undefined && this.#key.overAt <= clock.monotonic()) this.#drop();
    if (this.#askAt > clock.monotonic()) return this.#key;
    try {
      const answer = await askKey();
      if (answer !== undefined) await this.hear(answer);
    } catch (error) {
      if (this.#key === undefined) throw error;
      // The one that there is is good for much longer.
      const waitMs = error instanceof ApiError ? (error.retryAfterMs ?? ASK_AGAIN_MS) : ASK_AGAIN_MS;
      this.#askAt = clock.monotonic() + waitMs;
    }
    return this.#key;
  }

  async #signed({ token, key }: BeatKey, body: string): Promise<HeartbeatAnswer> {
    const { http, baseUrl, serverNow } = this.#init;
    const of = { created: Math.floor(serverNow() / 1000), nonce: randomBytes(16).toString('base64url') };
    const mac = createHmac('sha256', key).update(beatSignedText(of)).update(body).digest('base64url');
    const answer = await http({
      method: 'POST',
      url: baseUrl + BEAT_PATH,
      headers: {
        Accept: 'application/json',
        'Content-Type': 'application/json',
        Authorization: `${BEAT_SCHEME} ${beatCredentials({ ...of, token, mac })}`,
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
