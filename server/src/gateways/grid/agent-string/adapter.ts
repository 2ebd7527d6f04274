import { toHex } from '@bianmin/shared/bytes/hex';
import { toCardImageMessage } from '@bianmin/shared/meter-card/wire';
import { checkedAnswer } from '../answers.ts';
import { GridCalls, type GridCallsInit } from '../calls.ts';
import type { GridGateway } from '../contract.ts';
import { timed, type CryptoTime } from '../crypto-time.ts';
import { GridError } from '../error.ts';
import { unverifiable } from '../failures.ts';
import { gridKeyOf } from '../grid-key.ts';
import type { TlsIdentity } from '../tls.ts';
import type { AnswerOf, Operation, RequestOf } from '../wire/operations.ts';
import { WireError } from '../wire/error.ts';
import { sm2Private } from '../wire/sm2.ts';
import { StringClient } from './client.ts';
import { meaningOf } from './constants.ts';
import { decodeReply, type Reply } from './replies.ts';
import { encodeRequest, encodeWriteRequest, type Offered } from './requests.ts';
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
  /** For `tls://…`: a client certificate, an authority of its own. */
  readonly tls?: TlsIdentity;
  /** ms by which the two clocks may differ. */
  readonly windowMs?: number;
  /** Only for tests; otherwise TCP or TLS to `url`. */
  readonly transport?: FrameTransport;
}

/**
 * The grid over the fixed-width string profile of docs/protocol/grid-agent-string.md. It quotes nothing, credits
 * nothing from afar, replaces no cards, drives none and has no bill to fetch: those are refused here, without a frame.
 */
export function createAgentString(init: AgentStringInit): GridGateway {
  const own = sm2Private(init.signKey);
  const grid = gridKeyOf(init);
  const client = new StringClient({
    agent: init.agent,
    terminal: init.terminal ?? 'SERVER',
    own,
    grid,
    transport: init.transport ?? tcpTransport(init.url, init.tls),
    clock: init.clock,
    timeoutMs: init.timeoutMs,
    windowMs: init.windowMs ?? 120_000,
  });
  const calls = new GridCalls(init);

  const answer = <O extends Offered>(operation: O, body: RequestOf<O>, reply: Reply, spent: CryptoTime) =>
    checkedAnswer(
      operation,
      body,
      timed(spent, () => decoded(() => decodeReply(operation, reply, own))),
    );
  // Encoded before the call begins: what cannot leave is no sign that the grid lives.
  const call = async <O extends Exclude<Offered, 'writePlan'>>(
    operation: O,
    body: RequestOf<O>,
  ): Promise<AnswerOf<O>> => {
    const sealing: CryptoTime = { ms: 0 };
    const ask = timed(sealing, () => encoded(() => encodeRequest[operation](body, grid)));
    return calls.run(operation, async (spent) => {
      spent.ms += sealing.ms;
      return answer(operation, body, await client.call(ask, spent), spent);
    });
  };

  /** The grid's serial of a sale whose write data went out before: asking for it again is a rewrite, and names it. */
  const writtenAs = async (orderNo: string, spent: CryptoTime): Promise<string | undefined> => {
    const body = { orderNo };
    const reply = await client.call(encodeRequest.queryOriginal(body, grid), spent);
    // 14 is sold and still awaiting its write; anything that is no sale the write request itself is told.
    if (reply.response === '14' || meaningOf(reply.response ?? '') !== 'done') return undefined;
    const found = answer('queryOriginal', body, reply, spent);
    return found.status === 'sold' ? found.sale.saleNo : undefined;
  };

  return {
    grid: 'agent-string',
    bills: false,
    identify: (image) => call('identify', { image: toCardImageMessage(image) }),
    identifyCustomer: (customerNo) => call('identifyCustomer', { customerNo }),
    sell: (request) => call('sell', { ...request }),
    queryOriginal: (orderNo) => call('queryOriginal', { orderNo }),
    async returnData(orderNo, regions) {
      await call('returnData', {
        orderNo,
        regions: regions.map(({ zone, offset, data }) => ({ zone, offset, data: toHex(data) })),
      });
    },
    async writePlan(orderNo, image) {
      const body = { orderNo, image: toCardImageMessage(image) };
      const sealing: CryptoTime = { ms: 0 };
      const write = timed(sealing, () => encoded(() => encodeWriteRequest(body, grid)));
      return calls.run('writePlan', async (spent) => {
        spent.ms += sealing.ms;
        const ask = write(await asked(() => writtenAs(orderNo, spent)));
        return answer('writePlan', body, await client.call(ask, spent), spent);
      });
    },
    authorise: (request) => call('authorise', { ...request, gathered: { ...request.gathered } }),
    async confirmWrite(orderNo, imageDigest) {
      await call('confirmWrite', { orderNo, imageDigest });
    },
    async reverse(orderNo, reason) {
      const { status, reason: why } = await call('reverse', { orderNo, reason });
      return { status, ...(why === undefined ? {} : { reason: why }) };
    },
    queryReversal: (orderNo) => call('queryReversal', { orderNo }),
    quote: () => notOffered('quote', 'This grid does not say beforehand what an amount buys.'),
    remoteCredit: () => notOffered('remoteCredit', 'This grid credits no meter from afar. Write the card.'),
    queryCredit: () => notOffered('queryCredit', 'This grid credits no meter from afar. Write the card.'),
    replaceCard: () => notOffered('replaceCard', 'This grid replaces cards at its own counter only.'),
    dailyBill: () => notOffered('dailyBill', 'This grid sends its bill as a file, not by this line.'),
    cardTasks: () => notOffered('cardTasks', NO_TASKS),
    cardStep: () => notOffered('cardStep', NO_TASKS),
    endCardTask: () => notOffered('endCardTask', NO_TASKS),
  };
}

const NO_TASKS = 'This grid drives no cards by this line.';

/** Refused without a frame: nothing happened, and nothing will. */
async function notOffered(operation: Operation, message: string): Promise<never> {
  throw new GridError({ code: 'grid.refused', refusal: 'other', message, context: { operation } });
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
