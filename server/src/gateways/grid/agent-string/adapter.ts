import { toHex } from '@bianmin/card/bytes/hex';
import { toCardImageMessage } from '@bianmin/card/meter-card/wire';
import type { GridGateway } from '../contract.ts';
import { GridError } from '../error.ts';
import type { AnswerOf, Operation } from '../wire/operations.ts';
import { AgentStringCalls, type AgentStringInit } from './calls.ts';

/**
 * The grid over the fixed-width string profile of docs/protocol/grid-agent-string.md. It quotes nothing, credits
 * nothing from afar, replaces no cards, drives none and has no bill to fetch: those are refused here, without a frame.
 */
export function createAgentString(init: AgentStringInit): GridGateway {
  const calls = new AgentStringCalls(init);

  return {
    grid: 'agent-string',
    bills: false,
    cancelsWritten: init.cancelsWritten === true,
    identify: (image) => calls.call('identify', { image: toCardImageMessage(image) }),
    identifyCustomer: (customerNo) => calls.call('identifyCustomer', { customerNo }),
    readMeter: async ({ customerNo, meterNo }) =>
      init.asksMeters === true ? (await calls.call('readMeter', { customerNo, meterNo })).reading : null,
    sell: (request) => calls.call('sell', { ...request }),
    payAccount: (request) =>
      init.asksAccounts === true
        ? calls.call('payAccount', { ...request })
        : notOffered('payAccount', 'This grid takes no money for accounts by this line.'),
    vendorCredit: async () =>
      init.asksVendorCredit === true ? (await calls.call('vendorCredit', {})).credit : null,
    queryOriginal: (orderNo) => calls.call('queryOriginal', { orderNo }),
    async returnData(orderNo, regions) {
      await calls.call('returnData', {
        orderNo,
        regions: regions.map(({ zone, offset, data }) => ({ zone, offset, data: toHex(data) })),
      });
    },
    writePlan: (orderNo, image) => calls.writePlan({ orderNo, image: toCardImageMessage(image) }),
    authorise: (request) => calls.call('authorise', { ...request, gathered: { ...request.gathered } }),
    async confirmWrite(orderNo, imageDigest) {
      await calls.call('confirmWrite', { orderNo, imageDigest });
    },
    reverse: async (orderNo, reason) => ended(await calls.call('reverse', { orderNo, reason })),
    cancelPlan: (orderNo, image) => calls.call('cancelPlan', { orderNo, image: toCardImageMessage(image) }),
    confirmCancel: async (orderNo, imageDigest) =>
      ended(await calls.call('confirmCancel', { orderNo, imageDigest })),
    queryReversal: (orderNo) => calls.call('queryReversal', { orderNo }),
    ...NOT_OFFERED,
  };
}

function ended({ status, reason }: AnswerOf<'reverse'>): Awaited<ReturnType<GridGateway['reverse']>> {
  return { status, ...(reason === undefined ? {} : { reason }) };
}

const NO_TASKS = 'This grid drives no cards by this line.';

const NOT_OFFERED = {
  quote: () => notOffered('quote', 'This grid does not say beforehand what an amount buys.'),
  remoteCredit: () => notOffered('remoteCredit', 'This grid cannot credit a meter remotely. Write the card.'),
  queryCredit: () => notOffered('queryCredit', 'This grid cannot credit a meter remotely. Write the card.'),
  replaceCard: () => notOffered('replaceCard', 'This grid replaces cards at its own counter only.'),
  dailyBill: () => notOffered('dailyBill', 'This grid sends its bill as a file, not by this line.'),
  cardTasks: () => notOffered('cardTasks', NO_TASKS),
  cardStep: () => notOffered('cardStep', NO_TASKS),
  endCardTask: () => notOffered('endCardTask', NO_TASKS),
} satisfies Partial<GridGateway>;

/** Refused without a frame: nothing happened, and nothing will. */
async function notOffered(operation: Operation, message: string): Promise<never> {
  throw new GridError({ code: 'grid.refused', refusal: 'other', message, context: { operation } });
}
