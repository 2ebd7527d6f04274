import type { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import { ApiError, errorOfAnswer, jsonOf, unreachable } from './client-error.ts';
import { CLIENT_LIMITS_MS } from './client-limits.ts';
import type { HttpAnswer, HttpCall } from './http-call.ts';
import { tokenResponse } from './terminal.ts';

/** What a terminal proves itself with; its keys stay where they are. `at`: seconds since the epoch, server's time. */
export interface TerminalIdentity {
  readonly terminalId: string;
  /** RFC 7523 client assertion as `tokenRequest` describes it. */
  signAssertion(at: number): Promise<string>;
  /** RFC 9449 proof for one request. */
  proof(init: { method: string; url: string; accessToken: string; at: number }): Promise<string>;
}

export interface ApiClientInit {
  /** Origin and, if there is one, the path before `/v1`; no trailing slash. */
  readonly baseUrl: string;
  readonly identity: TerminalIdentity;
  readonly clock: Clock;
  /** Default `CLIENT_LIMITS_MS.terminal`: longer than the server allows itself. */
  readonly timeoutMs?: number;
  /** `axiosCall()` where the terminal has sockets of its own; the box's goes through its shell. */
  readonly http: HttpCall;
}

/** A token is renewed when it has less than this left. */
const RENEW_BEFORE_MS = 60_000;
/** A smaller difference between the clocks is not what made a proof stale. */
const SKEW_NOTICED_MS = 5000;
/** Clocks of the server by which a refused proof is made again, one after the other. */
const CLOCKS_TRIED = 3;

interface Token {
  readonly value: string;
  /** On the monotonic clock. */
  readonly renewAt: number;
}

/**
 * Calls of a terminal to the server, with its token and a proof of each. Every answer is parsed by its schema; every failure
 * is an `ApiError`.
 */
export class TerminalCalls {
  readonly #http: HttpCall;
  readonly #timeoutMs: number;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly #identity: TerminalIdentity;
  readonly #clock: Clock;
  #token: Promise<Token> | undefined;
  /** Server's clock less ours, learned from an answer's `Date` when a proof was found stale. */
  #skewMs = 0;

  constructor(init: ApiClientInit) {
    this.baseUrl = init.baseUrl.replace(/\/+$/, '');
    this.#identity = init.identity;
    this.#clock = init.clock;
    this.#http = init.http;
    this.#timeoutMs = init.timeoutMs ?? CLIENT_LIMITS_MS.terminal;
  }

  /** The terminal has other keys: a token is bound to those that it was asked for with. */
  forgetToken(): void {
    this.#token = undefined;
  }

  /** Proves who asks; asks again only where the server provably did not take the call. */
  async call<T>(method: 'GET' | 'POST', path: string, schema: z.ZodType<T>, body?: unknown): Promise<T> {
    const attempt = (): Promise<T> =>
      this.withRightClock(async () => {
        const accessToken = await this.#accessToken();
        const url = this.baseUrl + path;
        const proof = await this.#identity.proof({ method, url, accessToken, at: this.now() });
        const headers = { Authorization: `DPoP ${accessToken}`, DPoP: proof };
        return this.send({ method, path, body, headers }, schema);
      });
    try {
      return await attempt();
    } catch (error) {
      // Refused for its token, the call has not been taken: once more with a new one.
      if (!(error instanceof ApiError && (error.code === 'auth.expired' || error.code === 'auth.required'))) {
        throw error;
      }
      this.#token = undefined;
      return attempt();
    }
  }

  async #accessToken(): Promise<string> {
    const current = this.#token;
    if (current !== undefined) {
      const token = await current;
      if (token.renewAt > this.#clock.monotonic()) return token.value;
      if (this.#token === current) this.#token = undefined;
    }
    // One request for a token, however many calls wait for it; a failed one is forgotten.
    const renewing = (this.#token ??= this.#newToken());
    try {
      return (await renewing).value;
    } catch (error) {
      if (this.#token === renewing) this.#token = undefined;
      throw error;
    }
  }

  async #newToken(): Promise<Token> {
    const asked = this.#clock.monotonic();
    const answer = await this.withRightClock(async () => {
      const body = { assertion: await this.#identity.signAssertion(this.now()) };
      return this.send({ method: 'POST', path: '/v1/terminal/token', body }, tokenResponse);
    });
    return { value: answer.accessToken, renewAt: asked + answer.expiresIn * 1000 - RENEW_BEFORE_MS };
  }

  /**
   * A proof refused while our clock is off is made again by the server's; the refused call did nothing. More than once, since the server's
   * clock may be set right in between, or another node with another clock answer.
   */
  async withRightClock<T>(run: () => Promise<T>): Promise<T> {
    for (let again = CLOCKS_TRIED; ; again -= 1) {
      // Another call that is under way may learn the clock before this one is refused.
      const usedMs = this.#skewMs;
      try {
        return await run();
      } catch (error) {
        if (again === 0 || !this.#learnsClock(error, usedMs)) throw error;
      }
    }
  }

  /** Whether a proof was refused by a clock that is not the one it was made by; the next goes by that one. */
  #learnsClock(error: unknown, usedMs: number): boolean {
    if (!(error instanceof ApiError) || error.code !== 'terminal.bad-proof') return false;
    if (error.serverTime === undefined) return false;
    const skewMs = error.serverTime - this.#clock.now();
    if (Math.abs(skewMs - usedMs) < SKEW_NOTICED_MS) return false;
    this.#skewMs = skewMs;
    return true;
  }

  /** Without a token. */
  async send<T>(
    request: { method: 'GET' | 'POST'; path: string; body?: unknown; headers?: Record<string, string> },
    schema: z.ZodType<T>,
  ): Promise<T> {
    let answer: HttpAnswer;
    try {
      answer = await this.#http({
        method: request.method,
        url: this.baseUrl + request.path,
        headers: {
          Accept: 'application/json',
          ...(request.body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...request.headers,
        },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        timeoutMs: this.#timeoutMs,
      });
    } catch (error) {
      throw unreachable(error);
    }
    return parsed(answer, schema);
  }

  /** By the server’s clock as far as it is known, s. */
  now(): number {
    return Math.floor((this.#clock.now() + this.#skewMs) / 1000);
  }
}

function parsed<T>(answer: HttpAnswer, schema: z.ZodType<T>): T {
  const body = jsonOf(answer.body);
  if (answer.status < 200 || answer.status > 299) throw errorOfAnswer(answer, body);
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new ApiError({
    code: 'server.internal',
    message: 'The server’s answer is not as described. Terminal and server may be of different versions.',
    status: answer.status,
    context: { faults: result.error.issues.map((issue) => issue.path.join('.')).join(', ') },
  });
}
