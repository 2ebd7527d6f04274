import type { Clock } from '@bianmin/shared/clock';
import { toHex } from '@bianmin/shared/bytes/hex';
import type { WritePlan } from '@bianmin/shared/meter-card/plan';
import { toCardImageMessage } from '@bianmin/shared/meter-card/wire';
import { Breaker, type BreakerLimits } from './breaker.ts';
import type { GridGateway, GridSale } from './contract.ts';
import { GridError } from './error.ts';
import { Gate, type GateLimits } from './gate.ts';
import { httpTransport, type GridTransport } from './transport.ts';
import { WireClient, type CryptoTime } from './wire/client.ts';
import {
  OPERATIONS,
  OPERATION_NAMES,
  type AnswerOf,
  type Operation,
  type RequestOf,
} from './wire/operations.ts';
import { sm2Private, sm2Public } from './wire/sm2.ts';

/** One finished call, for metrics. */
export interface GridCall {
  readonly operation: Operation;
  readonly outcome: 'ok' | 'refused' | 'unavailable' | 'unknown';
  /** Waiting included. */
  readonly ms: number;
  /** Of which in SM2, SM3 and SM4. */
  readonly cryptoMs: number;
}

export interface CollectionV1Init {
  /** Where `session` and `message` are, e.g. `https://grid.example/collect`. */
  readonly url: string;
  readonly agent: string;
  /** Our SM2 key, 32 bytes hex. */
  readonly signKey: string;
  /** The grid's, 65 bytes hex. */
  readonly gridPublicKey: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** ms by which the two clocks may differ. */
  readonly windowMs?: number;
  readonly limits?: Partial<Record<Operation, GateLimits>>;
  readonly breaker?: BreakerLimits;
  readonly onCall?: (call: GridCall) => void;
  /** Only for tests; otherwise HTTP(S) to `url`. */
  readonly transport?: GridTransport;
}

/** Sales and writes go first: a run on `identify` may not hold them up. */
const DEFAULT_LIMITS: GateLimits = { concurrency: 32, queue: 256 };
const DEFAULT_BREAKER: BreakerLimits = { failures: 10, coolMs: 3_000 };

/** The grid over the wire profile of docs/protocol/grid-collection-v1.md. */
export function createCollectionV1(init: CollectionV1Init): GridGateway {
  const { clock, timeoutMs } = init;
  const client = new WireClient({
    agent: init.agent,
    signer: sm2Private(init.signKey),
    grid: sm2Public(init.gridPublicKey),
    transport: init.transport ?? httpTransport(init.url),
    clock,
    timeoutMs,
    windowMs: init.windowMs ?? 120_000,
  });
  const breaker = new Breaker(init.breaker ?? DEFAULT_BREAKER, clock);
  const gates = new Map(
    OPERATION_NAMES.map((name) => [name, new Gate(init.limits?.[name] ?? DEFAULT_LIMITS, clock)] as const),
  );

  const send = async <O extends Operation>(
    operation: O,
    body: RequestOf<O>,
    spent: CryptoTime,
  ): Promise<AnswerOf<O>> => {
    const answer = await client.call(operation, body, spent);
    if (answer.result === 'refused') {
      const { refusal, message } = answer;
      throw new GridError({ code: 'grid.refused', message, refusal, context: { operation, refusal } });
    }
    const parsed = OPERATIONS[operation].answer.safeParse(answer.data);
    if (parsed.success && answersTo(operation, body, parsed.data)) return parsed.data as AnswerOf<O>;
    throw new GridError({
      code: 'grid.unknown',
      message: 'The answer is not what it must be. Ask what became of the request.',
      context: { operation, field: parsed.error?.issues[0]?.path.join('.') },
    });
  };

  const call = async <O extends Operation>(operation: O, body: RequestOf<O>): Promise<AnswerOf<O>> => {
    const start = clock.monotonic();
    const spent: CryptoTime = { ms: 0 };
    const report = (outcome: GridCall['outcome']): void =>
      init.onCall?.({ operation, outcome, ms: clock.monotonic() - start, cryptoMs: spent.ms });
    try {
      const gate = gates.get(operation) as Gate;
      const answer = await gate.run(() => breaker.run(() => send(operation, body, spent)), timeoutMs);
      report('ok');
      return answer;
    } catch (cause) {
      const error = typed(operation, cause);
      report(
        error.code === 'grid.refused' ? 'refused' : error.code === 'grid.unknown' ? 'unknown' : 'unavailable',
      );
      throw error;
    }
  };

  return {
    grid: 'collection-v1',
    identify: (image) => call('identify', { image: toCardImageMessage(image) }),
    identifyCustomer: (customerNo) => call('identifyCustomer', { customerNo }),
    quote: (request) => call('quote', { ...request }),
    sell: (request) => call('sell', { ...request }),
    queryOriginal: (orderNo) => call('queryOriginal', { orderNo }),
    async returnData(orderNo, regions) {
      await call('returnData', {
        orderNo,
        regions: regions.map(({ zone, offset, data }) => ({ zone, offset, data: toHex(data) })),
      });
    },
    writePlan: (orderNo, image) => call('writePlan', { orderNo, image: toCardImageMessage(image) }),
    authorise: (request) => call('authorise', { ...request, gathered: { ...request.gathered } }),
    async confirmWrite(orderNo, imageDigest) {
      await call('confirmWrite', { orderNo, imageDigest });
    },
    async reverse(orderNo, reason) {
      const answer = await call('reverse', { orderNo, reason });
      return { status: answer.status, ...(answer.reason === undefined ? {} : { reason: answer.reason }) };
    },
    queryReversal: (orderNo) => call('queryReversal', { orderNo }),
    remoteCredit: (orderNo) => call('remoteCredit', { orderNo }),
    queryCredit: (orderNo) => call('queryCredit', { orderNo }),
    replaceCard: (request) => call('replaceCard', { ...request, image: toCardImageMessage(request.image) }),
    dailyBill: (day) => call('dailyBill', { day }),
  };
}

/** An operation without effect cannot have happened: its silence is `grid.unavailable`. */
function typed(operation: Operation, cause: unknown): GridError {
  const error =
    cause instanceof GridError
      ? cause
      : new GridError({
          code: 'grid.unknown',
          message: 'The call to the grid failed in a way nobody foresaw. Ask what became of the request.',
          cause,
          context: { operation },
        });
  if (error.code !== 'grid.unknown' || OPERATIONS[operation].effect) return error;
  return new GridError({
    code: 'grid.unavailable',
    message: 'The grid did not answer a question; nothing can have changed. Try again shortly.',
    cause: error,
    context: { ...error.context, operation },
  });
}

/** Whether sums add up, and whether order and card are the ones that were asked about. */
function answersTo(operation: Operation, body: object, answer: object): boolean {
  const asked = body as Partial<RequestOf<'sell'>>;
  if ('sale' in answer) return saleAnswers(asked, answer.sale as GridSale);
  if (operation === 'sell') return saleAnswers(asked, answer as GridSale);
  if (operation !== 'writePlan' && operation !== 'authorise') return true;
  return (answer as WritePlan).orderNo === asked.orderNo;
}

function saleAnswers(asked: Partial<RequestOf<'sell'>>, sale: GridSale): boolean {
  return (
    sale.orderNo === asked.orderNo &&
    sale.creditFen + sale.arrearsFen + sale.feeFen === sale.faceFen &&
    (asked.faceFen === undefined || sale.faceFen === asked.faceFen) &&
    (asked.count === undefined || sale.count === asked.count)
  );
}
