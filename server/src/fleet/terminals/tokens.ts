import { createSecretKey, randomUUID, type KeyObject } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import { JWTExpired } from 'jose/errors';
import { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import { parseJson } from '@bianmin/card/json-text';
import type { TokenResponse } from '@bianmin/purchase/api/terminal';
import { KeyRing, type KeySource } from '../../kernel/key-ring.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { Terminal } from '../store/terminals.ts';
import { openJws } from './jws.ts';
import { importedKey } from './keys.ts';
import type { MarkedIn, ReplayGuard } from './replay.ts';

/** Life of an access token. */
export const TOKEN_TTL_S = 600;
/** The longest life an assertion may give itself, and how far its `iat` may lie from our clock. */
const ASSERTION_S = 60;
const AUDIENCE = 'bianmin';
/** Tokens that were found good lately and need not be verified again. */
const KNOWN_MAX = 10_000;

const assertionClaims = z.object({
  iss: z.string(),
  sub: z.string(),
  aud: z.literal(AUDIENCE),
  jti: z.string().min(8).max(128),
  iat: z.number(),
  exp: z.number(),
});
const tokenClaims = z.object({
  ...{ sub: z.string(), exp: z.number(), iat: z.number() },
  cnf: z.object({ jkt: z.string() }),
});

/**
 * By a token's type, where the proofs made with it are remembered: each proof names its token, so that it is asked about in one place,
 * by whatever process, before, during and after an absence of Redis.
 */
const TYPES = { redis: 'at+jwt', 'stand-in': 'at-standin+jwt' } as const satisfies Record<MarkedIn, string>;

/** Whose a token is. `jkt`: of the key that it is bound to. */
interface VerifiedToken {
  readonly terminalId: string;
  readonly jkt: string;
  /** Seconds. */
  readonly exp: number;
  readonly iat: number;
  readonly marked: MarkedIn;
}

export interface TerminalTokensInit {
  readonly secret: KeySource;
  readonly find: (terminalId: string) => Promise<Terminal | null>;
  readonly replay: Pick<ReplayGuard, 'first' | 'place' | 'hasRedis' | 'forgottenUntil'>;
  readonly clock: Clock;
}

/** Short-lived access tokens, each bound to its terminal's key (RFC 9449 `cnf.jkt`). */
export class TerminalTokens {
  readonly #init: TerminalTokensInit;
  readonly #ring: KeyRing;
  /** By version; as objects: bytes would be imported anew for every call. */
  readonly #secrets: ReadonlyMap<number, KeyObject>;
  /** By the whole token, signature and all; `exp` in seconds. */
  readonly #known = new Map<string, VerifiedToken>();

  constructor(init: TerminalTokensInit) {
    this.#init = init;
    const ring = KeyRing.of(init.secret);
    this.#ring = ring;
    this.#secrets = new Map(ring.versions.map((version) => [version, createSecretKey(ring.secret(version))]));
  }

  /** An RFC 7523 assertion for a token. The assertion is good for one use. */
  async issue(assertion: string): Promise<TokenResponse> {
    const terminal = await this.#terminalOf(assertion);
    const { verify, jkt } = await importedKey(terminal.signKey);
    const claims = this.#verified(assertion, terminal, verify);
    assertAccepted(terminal);
    if (!(await this.#init.replay.first(`assert:${jkt}`, claims.jti, 3 * ASSERTION_S))) {
      throw badAssertion('It has been used before.');
    }
    const nowS = Math.floor(this.#init.clock.now() / 1000);
    const version = this.#ring.sealing;
    const accessToken = await new SignJWT({ cnf: { jkt } })
      .setProtectedHeader({ alg: 'HS256', typ: TYPES[this.#init.replay.place], kid: String(version) })
      .setIssuer(AUDIENCE)
      .setSubject(terminal._id)
      .setJti(randomUUID())
      .setIssuedAt(nowS)
      .setExpirationTime(nowS + TOKEN_TTL_S)
      .sign(this.#secretOf(version));
    return { accessToken, tokenType: 'DPoP', expiresIn: TOKEN_TTL_S };
  }

  /** Whose token it is, to which key it is bound, and where its proofs are remembered. */
  async verify(accessToken: string): Promise<VerifiedToken> {
    const known = this.#known.get(accessToken);
    const isGood = known !== undefined && known.exp > Math.floor(this.#init.clock.now() / 1000);
    if (known !== undefined && !isGood) this.#known.delete(accessToken);
    const token = known !== undefined && isGood ? known : await this.#opened(accessToken);
    // Its proofs can be asked about nowhere now, or those of before may be forgotten: they are good with no token any more.
    const { hasRedis, forgottenUntil } = this.#init.replay;
    if (token.marked === 'redis' && (!hasRedis || token.iat < Math.floor(forgottenUntil / 1000))) {
      throw new ProblemError({
        code: 'auth.expired',
        message: 'Used proofs are remembered elsewhere now. Get a new access token.',
      });
    }
    return token;
  }

  async #opened(accessToken: string): Promise<VerifiedToken> {
    try {
      const { payload, protectedHeader } = await jwtVerify(
        accessToken,
        ({ kid = '1' }) => this.#secretOf(Number(kid)),
        {
          algorithms: ['HS256'],
          issuer: AUDIENCE,
          requiredClaims: ['exp'],
          currentDate: new Date(this.#init.clock.now()),
        },
      );
      const marked = markedIn(protectedHeader.typ);
      const { sub, cnf, exp, iat } = tokenClaims.parse(payload);
      const good = { terminalId: sub, jkt: cnf.jkt, exp, iat, marked };
      if (this.#known.size >= KNOWN_MAX) this.#known.clear();
      this.#known.set(accessToken, good);
      return good;
    } catch (error) {
      const expired = error instanceof JWTExpired;
      throw new ProblemError({
        code: expired ? 'auth.expired' : 'auth.required',
        message: expired ? 'The access token has expired. Get a new one.' : 'The access token is not valid.',
        cause: error,
      });
    }
  }

  #secretOf(version: number): KeyObject {
    const secret = this.#secrets.get(version);
    if (secret !== undefined) return secret;
    throw new Error('It is signed under a version that this process was not given.');
  }

  async #terminalOf(assertion: string): Promise<Terminal> {
    let id: string | undefined;
    try {
      id = decodeJwt(assertion).iss;
    } catch (error) {
      throw badAssertion('It cannot be read.', error);
    }
    const terminal = id === undefined ? null : await this.#init.find(id);
    if (terminal === null) throw badAssertion('Its terminal is not known: enrol first.');
    return terminal;
  }

  #verified(assertion: string, terminal: Terminal, key: KeyObject): z.infer<typeof assertionClaims> {
    const nowMs = this.#init.clock.now();
    try {
      if (decodeProtectedHeader(assertion).typ !== 'client-authentication+jwt') {
        throw badAssertion('Its header is not that of an assertion.');
      }
      const clear = openJws(assertion, key);
      if (clear === undefined) throw badAssertion('Its signature is wrong.');
      const claims = assertionClaims.parse(parseJson(clear.toString('utf8')));
      if (claims.iss !== terminal._id || claims.sub !== terminal._id) {
        throw badAssertion('It belongs to another terminal.');
      }
      if (claims.exp <= nowMs / 1000 - ASSERTION_S) throw badAssertion('It has expired.');
      if (claims.exp > claims.iat + ASSERTION_S) throw badAssertion('It is good for more than a minute.');
      if (Math.abs(claims.iat - nowMs / 1000) > ASSERTION_S) {
        throw badAssertion('It is stale: set the terminal’s clock.');
      }
      return claims;
    } catch (error) {
      if (error instanceof ProblemError) throw error;
      throw badAssertion('Its signature or its claims are wrong.', error);
    }
  }
}

function markedIn(typ: string | undefined): MarkedIn {
  if (typ === TYPES.redis) return 'redis';
  if (typ === TYPES['stand-in']) return 'stand-in';
  throw new Error('It is a token of another kind.');
}

/** Throws the problem of a terminal that may not act. */
export function assertAccepted({ status }: Pick<Terminal, 'status'>): void {
  switch (status) {
    case 'accepted':
      return;
    case 'pending':
      throw new ProblemError({
        code: 'terminal.pending',
        message: 'An administrator has not accepted this terminal yet. Try again later.',
        retryAfterS: 10,
      });
    case 'rejected':
      throw new ProblemError({
        code: 'terminal.rejected',
        message: 'An administrator has rejected this terminal. Ask them why.',
      });
    case 'suspended':
      throw new ProblemError({
        code: 'terminal.suspended',
        message: 'An administrator has suspended this terminal. Ask them to let it back in.',
      });
    case 'retired':
      throw new ProblemError({
        code: 'terminal.retired',
        message: 'This terminal was retired for good. To use it again, enrol it with new keys.',
      });
  }
}

function badAssertion(why: string, cause?: unknown): ProblemError {
  return new ProblemError({
    code: 'terminal.bad-proof',
    message: `The assertion is not valid. ${why}`,
    cause,
  });
}
