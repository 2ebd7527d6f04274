import { BUILT_IN_LAYOUTS } from '@bianmin/card/meter-card/built-in-layouts';
import type { CardLayouts } from '@bianmin/card/meter-card/layout';
import { checkedAnswer } from '../answers.ts';
import { GridCalls, type GridCallsInit } from '../calls.ts';
import { timed, type CryptoTime } from '../crypto-time.ts';
import { GridError } from '../error.ts';
import { unverifiable } from '../failures.ts';
import { gridKeyOf } from '../grid-key.ts';
import type { TlsIdentity } from '../tls.ts';
import type { AnswerOf, RequestOf } from '../wire/operations.ts';
import { WireError } from '../wire/error.ts';
import { sm2Private, type Sm2Private } from '../wire/sm2.ts';
import { StringClient } from './client.ts';
import { meaningOf } from './constants.ts';
import { decodeReply, type Reply } from './replies.ts';
import {
  askingAccount,
  encodeRequest,
  encodeWriteRequest,
  type CardReceiver,
  type Offered,
} from './requests.ts';
import { tcpTransport, type FrameTransport } from './tcp.ts';

export interface AgentStringInit extends GridCallsInit {
  /** `tcp://host:port`, or `tls://host:port`. */
  readonly url: string;
  readonly agent: string;
  /** Our SM2 key, 32 bytes hex: signs the sign-on, opens what is sealed to us. */
  readonly signKey: string;
  /** The grid's, 65 bytes hex. */
  readonly gridPublicKey: string;
  /** Its next one, good beside it while the grid changes keys. */
  readonly nextGridPublicKey?: string;
  readonly terminal?: string;
  /** By which terminals read cards; absent: the built-in ones. */
  readonly layouts?: CardLayouts;
  /** Whether the province's table has accounts; absent: every customer has a card. */
  readonly asksAccounts?: boolean;
  /** For `tls://…`: a client certificate, an authority of its own. */
  readonly tls?: TlsIdentity;
  /** ms by which the two clocks may differ. */
  readonly windowMs?: number;
  /** Only for tests; otherwise TCP or TLS to `url`. */
  readonly transport?: FrameTransport;
}

/** Calls of the string profile: encoded, sent in a session, and their answers checked. */
export class AgentStringCalls {
  readonly #own: Sm2Private;
  readonly #grid: CardReceiver;
  readonly #client: StringClient;
  readonly #asksAccounts: boolean;
  readonly #calls: GridCalls;

  constructor(init: AgentStringInit) {
    this.#own = sm2Private(init.signKey);
    const key = gridKeyOf(init);
    this.#grid = { key, layouts: init.layouts ?? BUILT_IN_LAYOUTS };
    this.#client = new StringClient({
      agent: init.agent,
      terminal: init.terminal ?? 'SERVER',
      own: this.#own,
      grid: key,
      transport: init.transport ?? tcpTransport(init.url, init.tls),
      clock: init.clock,
      timeoutMs: init.timeoutMs,
      windowMs: init.windowMs ?? 120_000,
    });
    this.#asksAccounts = init.asksAccounts === true;
    this.#calls = new GridCalls(init);
  }

  // Encoded before the call begins: what cannot leave is no sign that the grid lives.
  async call<O extends Exclude<Offered, 'writePlan'>>(
    operation: O,
    body: RequestOf<O>,
  ): Promise<AnswerOf<O>> {
    const sealing: CryptoTime = { ms: 0 };
    const plain = timed(sealing, () => encoded(() => encodeRequest[operation](body, this.#grid)));
    const ask = this.#asksAccounts ? askingAccount(plain) : plain;
    return this.#calls.run(operation, async (spent) => {
      spent.ms += sealing.ms;
      return this.#answer(operation, body, await this.#client.call(ask, spent), spent);
    });
  }

  async writePlan(body: RequestOf<'writePlan'>): Promise<AnswerOf<'writePlan'>> {
    const sealing: CryptoTime = { ms: 0 };
    const write = timed(sealing, () => encoded(() => encodeWriteRequest(body, this.#grid)));
    return this.#calls.run('writePlan', async (spent) => {
      spent.ms += sealing.ms;
      const ask = write(await asked(() => this.#writtenAs(body.orderNo, spent)));
      return this.#answer('writePlan', body, await this.#client.call(ask, spent), spent);
    });
  }

  #answer<O extends Offered>(operation: O, body: RequestOf<O>, reply: Reply, spent: CryptoTime): AnswerOf<O> {
    return checkedAnswer(
      operation,
      body,
      timed(spent, () => decoded(() => decodeReply(operation, reply, this.#own))),
    );
  }

  /** The grid's serial of a sale whose write data went out before: asking for it again is a rewrite, and names it. */
  async #writtenAs(orderNo: string, spent: CryptoTime): Promise<string | undefined> {
    const body = { orderNo };
    const reply = await this.#client.call(encodeRequest.queryOriginal(body, this.#grid), spent);
    // 14 is sold and still awaiting its write; anything that is no sale the write request itself is told.
    if (reply.response === '14' || meaningOf(reply.response ?? '') !== 'done') return undefined;
    const found = this.#answer('queryOriginal', body, reply, spent);
    return found.status === 'sold' ? found.sale.saleNo : undefined;
  }
}

/** What a field cannot hold never leaves: a business refusal of our own, since sending it again would not help. */
function encoded<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof WireError)) throw cause;
    throw new GridError({
      code: 'grid.refused',
      refusal: 'other',
      message: `${cause.message} Nothing was sent.`,
      cause,
      context: cause.context,
    });
  }
}

/** An answer that cannot be read proves nothing. */
function decoded(work: () => unknown): unknown {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof WireError) throw unverifiable('The answer cannot be read.', cause);
    throw cause;
  }
}

/** The question before a write moves nothing: its silence must not look like the write's. */
async function asked<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (cause) {
    if (!(cause instanceof GridError) || cause.code !== 'grid.unknown') throw cause;
    throw new GridError({
      code: 'grid.unavailable',
      message:
        'The grid did not say what became of the sale; no write data was asked for. Try again shortly.',
      cause,
      context: cause.context,
    });
  }
}
