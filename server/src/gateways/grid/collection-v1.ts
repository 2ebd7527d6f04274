import { toHex } from '@bianmin/card/bytes/hex';
import { toCardImageMessage } from '@bianmin/card/meter-card/wire';
import { checkedAnswer } from './answers.ts';
import { billOfPages } from './bill-pages.ts';
import { GridCalls, type GridCallsInit } from './calls.ts';
import type { BindingCodes } from './binding-codes.ts';
import type { GridGateway } from './contract.ts';
import type { CryptoTime } from './crypto-time.ts';
import { GridError } from './error.ts';
import { gridKeyOf } from './grid-key.ts';
import type { TlsIdentity } from './tls.ts';
import { httpTransport, type GridTransport } from './transport.ts';
import { WireClient } from './wire/client.ts';
import type { AnswerOf, Operation, RequestOf } from './wire/operations.ts';
import { sm2Private } from './wire/sm2.ts';

export type { GridCall } from './calls.ts';

export interface CollectionV1Init extends GridCallsInit {
  /** Where `session` and `message` are, e.g. `https://grid.example/collect`. */
  readonly url: string;
  readonly agent: string;
  /** Our SM2 key, 32 bytes hex. */
  readonly signKey: string;
  /** The grid's, 65 bytes hex. */
  readonly gridPublicKey: string;
  /** Its next one, good beside it while the grid changes keys. */
  readonly nextGridPublicKey?: string;
  /** ms by which the two clocks may differ. */
  readonly windowMs?: number;
  /** For `https://…`: a client certificate, an authority of its own. */
  readonly tls?: TlsIdentity;
  /** Only for tests; otherwise HTTP(S) to `url`. */
  readonly transport?: GridTransport;
}

/** Sends one operation and checks its answer; a refusal is a GridError. */
function callOf(init: CollectionV1Init) {
  const { clock, timeoutMs } = init;
  const client = new WireClient({
    agent: init.agent,
    signer: sm2Private(init.signKey),
    grid: gridKeyOf(init),
    transport: init.transport ?? httpTransport(init.url, init.tls),
    clock,
    timeoutMs,
    windowMs: init.windowMs ?? 120_000,
  });
  const calls = new GridCalls(init);
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
    return checkedAnswer(operation, body, answer.data);
  };
  return <O extends Operation>(operation: O, body: RequestOf<O>): Promise<AnswerOf<O>> =>
    calls.run(operation, (spent) => send(operation, body, spent));
}

/** The grid over the wire profile of docs/protocol/grid-collection-v1.md. */
export function createCollectionV1(init: CollectionV1Init): GridGateway & BindingCodes {
  const call = callOf(init);

  return {
    grid: 'collection-v1',
    bills: true,
    cancelsWritten: init.cancelsWritten === true,
    identify: (image) => call('identify', { image: toCardImageMessage(image) }),
    identifyCustomer: (customerNo) => call('identifyCustomer', { customerNo }),
    readMeter: async ({ customerNo, meterNo }) =>
      init.asksMeters === true ? (await call('readMeter', { customerNo, meterNo })).reading : null,
    quote: (request) => call('quote', { ...request }),
    sell: (request) => call('sell', { ...request }),
    payAccount: (request) => call('payAccount', { ...request }),
    vendorCredit: async () =>
      init.asksVendorCredit === true ? (await call('vendorCredit', {})).credit : null,
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
    reverse: async (orderNo, reason) => ended(await call('reverse', { orderNo, reason })),
    cancelPlan: (orderNo, image) => call('cancelPlan', { orderNo, image: toCardImageMessage(image) }),
    confirmCancel: async (orderNo, imageDigest) =>
      ended(await call('confirmCancel', { orderNo, imageDigest })),
    queryReversal: (orderNo) => call('queryReversal', { orderNo }),
    remoteCredit: (orderNo) => call('remoteCredit', { orderNo }),
    queryCredit: (orderNo) => call('queryCredit', { orderNo }),
    replaceCard: (request) => call('replaceCard', { ...request, image: toCardImageMessage(request.image) }),
    dailyBill: (day) => billOfPages(day, (fromLine) => call('dailyBill', { day, fromLine })),
    async cardTasks(terminals) {
      return (await call('cardTasks', { terminals: [...terminals] })).tasks;
    },
    cardStep: (report) => call('cardStep', report),
    async endCardTask(end) {
      await call('endCardTask', end);
    },
    async sendCode(request) {
      await call('sendCode', { ...request });
    },
  };
}

function ended({ status, reason }: AnswerOf<'reverse'>): Awaited<ReturnType<GridGateway['reverse']>> {
  return { status, ...(reason === undefined ? {} : { reason }) };
}
