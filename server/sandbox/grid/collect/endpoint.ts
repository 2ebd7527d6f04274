import type { IncomingMessage, ServerResponse } from 'node:http';
import { readJson } from '@bianmin/purchase/node/body';
import {
  envelopeSchema,
  openEnvelope,
  sealEnvelope,
  signRefusal,
} from '../../../src/gateways/grid/wire/envelope.ts';
import type { Envelope } from '../../../src/gateways/grid/wire/envelope.ts';
import { WireError } from '../../../src/gateways/grid/wire/error.ts';
import {
  OPERATIONS,
  OPERATION_NAMES,
  type AnswerBody,
  type Operation,
} from '../../../src/gateways/grid/wire/operations.ts';
import { sessionRequestSchema, type SessionKeys } from '../../../src/gateways/grid/wire/session.ts';
import { Unanswered } from '../platform/refusal.ts';
import type { GridFaults } from './faults.ts';
import { MAX_REQUEST_BYTES, reply } from './json.ts';
import { wrongAmount } from './wrong-amount.ts';
import type { Sessions } from './sessions.ts';

export interface CollectInit {
  readonly sessions: Sessions;
  readonly faults: GridFaults;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** The grid's business: one operation, its checked request, its answer. */
  readonly operate: (operation: Operation, request: never) => AnswerBody;
  /** Told of each message that is genuine and new, before anything else happens with it. */
  readonly heard: (operation: Operation, request: unknown) => void;
  /** Told of one that was heard and is never worked on. */
  readonly lost: (operation: Operation, request: unknown) => void;
  /** For the fault of that name. */
  readonly cutDay: () => void;
}

/** `/collect/session` and `/collect/message`: the grid's end of the wire, and the place where its faults happen. */
export class CollectEndpoint {
  readonly #init: CollectInit;

  constructor(init: CollectInit) {
    this.#init = init;
  }

  async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    if (request.method !== 'POST') return reply(response, 405, { error: 'POST only' });
    const body = await readJson(request, MAX_REQUEST_BYTES);
    if (path === 'session') return this.#session(body, response);
    if (path === 'message') return this.#message(body, response);
    return reply(response, 404, { error: 'session or message' });
  }

  #session(body: unknown, response: ServerResponse): void {
    const parsed = sessionRequestSchema.safeParse(body);
    if (!parsed.success) return reply(response, 400, { error: 'wire.malformed' });
    try {
      reply(response, 200, this.#init.sessions.open(parsed.data));
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      reply(response, 401, { error: error.code });
    }
  }

  async #message(body: unknown, response: ServerResponse): Promise<void> {
    const parsed = envelopeSchema.safeParse(body);
    if (!parsed.success) return reply(response, 400, { error: 'wire.malformed' });
    const envelope = parsed.data;
    const { faults, sessions } = this.#init;
    try {
      const operation = OPERATION_NAMES.find((name) => name === envelope.op);
      if (operation === undefined)
        throw new WireError({ code: 'wire.malformed', message: 'No such operation.' });
      const armed = faults.take(operation);
      if (armed?.fault === 'forget-session') sessions.forget();
      const { request, keys } = this.#accept(envelope);
      this.#init.heard(operation, request);
      if (armed?.fault === 'before') {
        this.#init.lost(operation, request);
        return void response.destroy();
      }
      if (armed?.fault === 'late')
        await (armed.ms === undefined ? faults.hold() : this.#init.sleep(armed.ms));
      if (armed?.fault === 'day-cut') this.#init.cutDay();
      if (armed?.fault === 'duplicate') this.#operate(operation, request);
      let answer = this.#operate(operation, request);
      if (armed?.fault === 'wrong-amount') answer = wrongAmount(answer);
      if (armed?.fault === 'after') return void response.destroy();
      if (armed?.fault === 'http-500') return reply(response, 500, { error: 'internal' });
      if (armed?.fault === 'delay') {
        faults.onSilence();
        await this.#init.sleep(armed.ms ?? 0);
      }
      const sealed = this.#seal({ to: envelope, keys, body: answer, otherId: armed?.fault === 'other-id' });
      reply(
        response,
        200,
        armed?.fault === 'garbage-signature' ? { ...sealed, signature: 'a5'.repeat(64) } : sealed,
      );
    } catch (error) {
      // As a proxy before a slow platform says it: the caller may conclude nothing from it.
      if (error instanceof Unanswered) return reply(response, 504, { error: 'no answer in time' });
      if (!(error instanceof WireError)) throw error;
      const refusal = { v: 1 as const, fault: error.code, id: envelope.id, nonce: envelope.nonce };
      reply(response, 401, signRefusal({ ...refusal, time: this.#init.now() }, sessions.signer));
    }
  }

  /** MAC and signature before the nonce: only a true message may use one up. */
  #accept(envelope: Envelope): { request: unknown; keys: SessionKeys } {
    const { sessions } = this.#init;
    const verifier = sessions.agent(envelope.agent);
    sessions.checkTime(envelope.time);
    const keys = sessions.keysOf(envelope.agent, envelope.keyId);
    const request = openEnvelope({ direction: 'request', envelope, keys, verifier });
    sessions.useNonce(envelope.agent, envelope.nonce);
    return { request, keys };
  }

  #operate(operation: Operation, request: unknown): AnswerBody {
    const parsed = OPERATIONS[operation].request.safeParse(request);
    if (parsed.success) return this.#init.operate(operation, parsed.data as never);
    const field = parsed.error.issues[0]?.path.join('.') ?? '';
    return { result: 'refused', refusal: 'other', message: `The request is not well formed at ${field}.` };
  }

  /**
   * Under the keys that the message came under: what was worked on is answered so though they were forgotten meanwhile, and
   * never refused as if nothing had happened.
   */
  #seal(answer: { to: Envelope; keys: SessionKeys; body: AnswerBody; otherId: boolean }): Envelope {
    const { to, keys, body, otherId } = answer;
    const { keyId, agent, op, nonce } = to;
    const id = otherId ? '0'.repeat(32) : to.id;
    return sealEnvelope({
      direction: 'answer',
      header: { v: 1, keyId, agent, op, id, time: this.#init.now(), nonce },
      body,
      keys,
      signer: this.#init.sessions.signer,
    });
  }
}
