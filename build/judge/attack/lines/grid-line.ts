import type { Incoming } from '../../../../server/sandbox/wallet/http.ts';
import {
  openEnvelope,
  sealEnvelope,
  signRefusal,
  type Envelope,
} from '../../../../server/src/gateways/grid/wire/envelope.ts';
import type { WireErrorCode } from '../../../../server/src/gateways/grid/wire/error.ts';
import type { AnswerBody } from '../../../../server/src/gateways/grid/wire/operations.ts';
import {
  deriveKeys,
  type SessionAnswer,
  type SessionKeys,
  type SessionRequest,
} from '../../../../server/src/gateways/grid/wire/session.ts';
import {
  generateSm2Keys,
  sm2Private,
  type Sm2Private,
} from '../../../../server/src/gateways/grid/wire/sm2.ts';
import type { SiteAnswer } from '../site.ts';
import type { Between, Reply } from './between.ts';

/** A message to the grid, read on its way. */
interface Overheard {
  readonly op: string;
  readonly request: Readonly<Record<string, unknown>>;
  /** Passes it on and gives what the grid answered. */
  readonly pass: () => Promise<SiteAnswer>;
  /** An answer to it under the session's keys, signed by somebody who is not the grid. */
  readonly answer: (body: AnswerBody) => Reply;
  /** That it was not worked on, signed likewise. */
  readonly refusal: (fault: WireErrorCode) => Reply;
}

/** What is answered in place of the grid; undefined: the message is passed on. */
export type Forge = (message: Overheard) => Promise<Reply | undefined>;

const STRANGER = sm2Private(generateSm2Keys().privateKey);

/**
 * Somebody on the line to the grid who has got hold of the keys of sessions. With them they read and write every message; what
 * the grid signs with they do not have.
 */
export class GridLine {
  readonly between: Between;
  /** Opens handshakes, and signs nothing here. */
  readonly #grid: Sm2Private;
  readonly #sessions = new Map<string, SessionKeys>();
  #forge: Forge = () => Promise.resolve(undefined);

  constructor(between: Between, gridKey: string) {
    this.between = between;
    this.#grid = sm2Private(gridKey);
    between.meddle = (asked, pass) => this.#meddle(asked, pass);
  }

  async while<T>(forge: Forge, work: () => Promise<T>): Promise<T> {
    this.#forge = forge;
    try {
      return await work();
    } finally {
      this.#forge = () => Promise.resolve(undefined);
    }
  }

  async #meddle({ target, body }: Incoming, pass: () => Promise<SiteAnswer>): Promise<Reply | undefined> {
    if (target.endsWith('/session')) return this.#handshake(JSON.parse(body) as SessionRequest, await pass());
    const envelope = JSON.parse(body) as Envelope;
    const keys = this.#sessions.get(envelope.keyId);
    return keys === undefined ? undefined : this.#forge(overheard({ envelope, keys, pass }));
  }

  #handshake({ keyId, wrapped }: SessionRequest, { status, json }: SiteAnswer): Reply {
    const { gridNonce } = json as Partial<SessionAnswer>;
    if (gridNonce !== undefined)
      this.#sessions.set(keyId, deriveKeys(this.#grid.unwrap(wrapped), gridNonce, keyId));
    return { status, body: json };
  }
}

function overheard(of: {
  readonly envelope: Envelope;
  readonly keys: SessionKeys;
  readonly pass: () => Promise<SiteAnswer>;
}): Overheard {
  const { envelope, keys, pass } = of;
  const { keyId, agent, op, id, nonce } = envelope;
  const verifier = { verify: () => true, wrap: () => '' };
  const header = (): Parameters<typeof sealEnvelope>[0]['header'] => ({
    ...{ v: 1, keyId, agent, op, id, nonce },
    time: Date.now(),
  });
  return {
    ...{ op, pass },
    request: openEnvelope({ direction: 'request', envelope, keys, verifier }) as Record<string, unknown>,
    answer: (body) => ({
      status: 200,
      body: sealEnvelope({ direction: 'answer', header: header(), body, keys, signer: STRANGER }),
    }),
    refusal: (fault) => ({
      status: 401,
      body: signRefusal({ v: 1, fault, id, nonce, time: Date.now() }, STRANGER),
    }),
  };
}
