import { createHmac, createSecretKey, randomUUID, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import { parseJson } from '@bianmin/card/json-text';
import type { BeatKeyResponse } from '@bianmin/purchase/api/beat-key';
import type { EcPublicJwk } from '@bianmin/purchase/api/terminal';
import { KeyRing, named, versionOf, type KeySource } from '../../kernel/key-ring.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { sealText } from '../../kernel/seal-text.ts';

/** After it the next is asked for: where a terminal stands is as old as its key. */
export const BEAT_KEY_NEXT_S = 1800;
/** Life of a beat's token and of its key: whoever was without power or server for a night comes back by it. */
export const BEAT_KEY_TTL_S = 86_400;

/** A province has 120,000 terminals; some 600 bytes each. */
const KNOWN_MAX = 200_000;

interface Beat {
  readonly key: Buffer;
  readonly said: Beater & { readonly exp: number };
}

const claims = z.object({
  sub: z.string(),
  kind: z.enum(['kiosk', 'box']),
  org: z.array(z.string()),
  exp: z.number(),
});

/** Whose beats a token is for, and where it stood when it was given. */
export interface Beater {
  readonly terminalId: string;
  readonly kind: 'kiosk' | 'box';
  /** Organisations from the province down. */
  readonly orgPath: readonly string[];
}

/**
 * Keys for beats. Nothing is stored: the token says what a beat needs to know, and the key is derived from the whole token
 * and a secret of ours, so that every web process knows it and it ends with the token. A token needs no signature of its own:
 * for one that we did not give no sender has a key. The key leaves us sealed to the terminal alone.
 */
export class BeatKeys {
  readonly #ring: KeyRing;
  /** By version; as objects: bytes would be imported anew for every call. */
  readonly #secrets: ReadonlyMap<number, KeyObject>;
  readonly #clock: Clock;
  /** Of tokens that something was proven by: each is used for half an hour, and deriving its key costs a third of a beat's proof. */
  readonly #known = new Map<string, Beat>();

  constructor({ secret, clock }: { secret: KeySource; clock: Clock }) {
    const ring = KeyRing.of(secret);
    this.#ring = ring;
    this.#secrets = new Map(
      ring.versions.map((version) => [version, createSecretKey(ring.key(version, 'bianmin beat keys'))]),
    );
    this.#clock = clock;
  }

  /** For a terminal that has just proven its signing key. */
  async grant(beater: Beater, sealKey: EcPublicJwk): Promise<BeatKeyResponse> {
    const { token, key } = this.make(beater);
    return {
      token,
      sealedKey: await sealText(key.toString('base64url'), sealKey),
      expiresIn: BEAT_KEY_NEXT_S,
      takenFor: BEAT_KEY_TTL_S,
    };
  }

  /** Both in clear: for `grant`, and for who stands in for a whole fleet. */
  make({ terminalId, kind, orgPath }: Beater): { token: string; key: Buffer } {
    const exp = Math.floor(this.#clock.now() / 1000) + BEAT_KEY_TTL_S;
    const said = { sub: terminalId, kind, org: orgPath, jti: randomUUID(), exp };
    const text = Buffer.from(JSON.stringify(said), 'utf8').toString('base64url');
    const token = named(this.#ring.sealing, text);
    return { token, key: this.keyOf(token) };
  }

  /**
   * Whose token it is, once `prove` has not thrown at its key: before that it is not known to be one of ours. Throws
   * where it is none. The same object for the same token, while it is remembered.
   */
  proven(token: string, prove: (key: Buffer) => void): Beater & { readonly exp: number } {
    const known = this.#known.get(token);
    const key = known?.key ?? this.keyOf(token);
    prove(key);
    if (known !== undefined) return known.said;
    const said = beaterOf(token);
    // Those of every terminal there is, and of some that were renewed; begun anew when it is full.
    if (this.#known.size >= KNOWN_MAX) this.#known.clear();
    // Not what was cut out of a header, which would keep all of that.
    this.#known.set(Buffer.from(token, 'latin1').toString('latin1'), { key, said });
    return said;
  }

  /** Of the token's spelling as it came: one that means the same and is spelt otherwise has another key. */
  keyOf(token: string): Buffer {
    const secret = this.#secrets.get(versionOf(token).version);
    if (secret !== undefined) return createHmac('sha256', secret).update(token).digest();
    throw new ProblemError({
      code: 'auth.required',
      message: 'The token for beats is not one of ours. Get a new one.',
    });
  }
}

/** What a token says. */
function beaterOf(token: string): Beater & { readonly exp: number } {
  const { sub, kind, org, exp } = claims.parse(
    parseJson(Buffer.from(versionOf(token).bare, 'base64url').toString('utf8')),
  );
  return { terminalId: sub, kind, orgPath: org, exp };
}
