import type { Clock } from '@bianmin/card/clock';
import { parseJson } from '@bianmin/card/json-text';
import type { z } from 'zod';
import { timed, type CryptoTime } from '../crypto-time.ts';
import { noSession, notProcessed, unverifiable } from '../failures.ts';
import type { GridTransport } from '../transport.ts';
import {
  envelopeSchema,
  freshId,
  openEnvelope,
  refusalSchema,
  sealEnvelope,
  verifyRefusal,
} from './envelope.ts';
import type { WireErrorCode } from './error.ts';
import { answerBody, type AnswerBody, type Operation } from './operations.ts';
import { finishSession, sessionAnswerSchema, startSession, type SessionKeys } from './session.ts';
import type { Sm2Private, Sm2Public } from './sm2.ts';

export interface WireClientInit {
  readonly agent: string;
  readonly signer: Sm2Private;
  readonly grid: Sm2Public;
  readonly transport: GridTransport;
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** ms by which the grid's clock may differ from ours. */
  readonly windowMs: number;
}

interface Session {
  readonly keyId: string;
  readonly keys: SessionKeys;
  readonly renewAt: number;
}

/** The client's end of collection v1: sessions, envelopes, and what their failures mean. */
export class WireClient {
  readonly #init: WireClientInit;
  #session: Session | undefined;
  #opening: Promise<Session> | undefined;

  constructor(init: WireClientInit) {
    this.#init = init;
  }

  /**
   * Sends one message and gives its verified body. A message that the grid says, under its signature, it did not
   * process may be sent again: that happens once, where the session was unknown (a restart, a rotation).
   */
  async call(operation: Operation, body: unknown, spent: CryptoTime): Promise<AnswerBody> {
    const first = await this.#attempt(operation, body, spent);
    if (first.processed) return first.body;
    if (first.fault !== 'wire.session') throw notProcessed(first.fault);
    const second = await this.#attempt(operation, body, spent);
    if (second.processed) return second.body;
    throw notProcessed(second.fault);
  }

  async #attempt(
    operation: Operation,
    body: unknown,
    spent: CryptoTime,
  ): Promise<{ processed: true; body: AnswerBody } | { processed: false; fault: WireErrorCode }> {
    const { agent, clock, signer, transport, grid, windowMs } = this.#init;
    const session = await this.#open(spent);
    const header = {
      v: 1 as const,
      keyId: session.keyId,
      agent,
      op: operation,
      id: freshId(),
      time: clock.now(),
      nonce: freshId(),
    };
    const envelope = timed(spent, () =>
      sealEnvelope({ direction: 'request', header, body, keys: session.keys, signer }),
    );
    const response = await transport.post('message', JSON.stringify(envelope), this.#init.timeoutMs);
    if (response.status === 200) {
      const answer = parse(envelopeSchema, response.text);
      if (answer?.id !== header.id || answer.nonce !== header.nonce || answer.op !== operation) {
        throw unverifiable('The answer is not to this message.');
      }
      if (answer.keyId !== session.keyId || Math.abs(answer.time - clock.now()) > windowMs) {
        throw unverifiable('The answer is of another session or time.');
      }
      const opened = timed(spent, () => {
        try {
          return openEnvelope({ direction: 'answer', envelope: answer, keys: session.keys, verifier: grid });
        } catch (cause) {
          throw unverifiable('The answer does not verify.', cause);
        }
      });
      const parsed = answerBody.safeParse(opened);
      if (!parsed.success) throw unverifiable('The answer has no result.');
      return { processed: true, body: parsed.data };
    }
    const refusal = parse(refusalSchema, response.text);
    if (refusal?.id === header.id && refusal.nonce === header.nonce) {
      if (timed(spent, () => verifyRefusal(refusal, grid))) {
        if (refusal.fault === 'wire.session' && this.#session === session) this.#session = undefined;
        return { processed: false, fault: refusal.fault };
      }
    }
    throw unverifiable(`The grid answered with status ${response.status}.`);
  }

  /** The session of now; renewed before it ends, by one handshake however many callers wait. */
  async #open(spent: CryptoTime): Promise<Session> {
    const current = this.#session;
    if (current !== undefined && this.#init.clock.now() < current.renewAt) return current;
    this.#opening ??= this.#handshake(spent).finally(() => {
      this.#opening = undefined;
    });
    return await this.#opening;
  }

  /** A handshake moves nothing: whatever goes wrong in it, the message that waits for it was never sent. */
  async #handshake(spent: CryptoTime): Promise<Session> {
    const { agent, clock, signer, grid, transport } = this.#init;
    const now = clock.now();
    const { request, secret } = timed(spent, () => startSession({ agent, now, signer, grid }));
    try {
      const response = await transport.post('session', JSON.stringify(request), this.#init.timeoutMs);
      const answer = response.status === 200 ? parse(sessionAnswerSchema, response.text) : undefined;
      if (answer === undefined) throw unverifiable(`The handshake got status ${response.status}.`);
      const keys = timed(spent, () => finishSession({ request, answer, secret, grid }));
      // Four fifths of the life: the old keys still serve what is on its way.
      const session = { keyId: request.keyId, keys, renewAt: now + (answer.expiresAt - answer.time) * 0.8 };
      this.#session = session;
      return session;
    } catch (cause) {
      throw noSession(cause);
    }
  }
}

function parse<S extends z.ZodType>(schema: S, text: string): z.output<S> | undefined {
  try {
    return schema.safeParse(parseJson(text)).data;
  } catch {
    return undefined; // not JSON
  }
}
