import type { PurchaseApi } from '@bianmin/purchase/purchase/ports';
import { BLOCKED_CODE } from '../../ipc/stop.ts';
import { HostError } from '../error.ts';

/**
 * The server as a purchase sees it, which begins nothing new while this terminal is blocked. A payer keeps their
 * right: an order that is open goes on, and a card with one that is paid is offered its write.
 */
export function unlessBlocked(api: PurchaseApi, blocked: () => boolean): PurchaseApi {
  const begin = async <T>(ask: () => Promise<T>): Promise<T> => {
    if (blocked()) throw refusal();
    return ask();
  };
  return {
    identify: async (request) => {
      const answer = await api.identify(request);
      if (blocked() && answer.unfinished === null) throw refusal();
      return answer;
    },
    createOrder: (request) => begin(() => api.createOrder(request)),
    describeRemote: (request) => begin(() => api.describeRemote(request)),
    createRemoteOrder: (request) => begin(() => api.createRemoteOrder(request)),
    describeHome: (homeId) => begin(() => api.describeHome(homeId)),
    createHomeOrder: (homeId, request) => begin(() => api.createHomeOrder(homeId, request)),
    choose: (orderNo, request) => api.choose(orderNo, request),
    order: (orderNo) => api.order(orderNo),
    createPayment: (orderNo, request) => api.createPayment(orderNo, request),
    quote: (orderNo) => api.quote(orderNo),
    takeCash: (orderNo, request) => api.takeCash(orderNo, request),
    cashReceipt: (orderNo) => api.cashReceipt(orderNo),
    tellMeterShown: (orderNo, request) => api.tellMeterShown(orderNo, request),
    cancel: (orderNo) => api.cancel(orderNo),
    release: (orderNo, request) => api.release(orderNo, request),
    authorise: (orderNo, request) => api.authorise(orderNo, request),
    holdsLease: (orderNo, lease) => api.holdsLease(orderNo, lease),
    claim: (orderNo, request) => api.claim(orderNo, request),
  };
}

function refusal(): HostError {
  return new HostError({
    code: BLOCKED_CODE,
    message: 'This terminal was blocked at the console and begins nothing new. Unblock it there.',
  });
}
