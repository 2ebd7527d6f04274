import { codeOf } from '../errors.ts';
import type { PurchaseApi } from '../purchase/ports.ts';
import type { LinkState } from './link-state.ts';

/** Codes that tell of a server that could not be asked, whatever it would have said. */
const AWAY = 'server.unavailable';
/** Codes after which the terminal's enrolment must be looked at again. */
const NOT_ENROLLED: ReadonlySet<string> = new Set([
  'auth.required',
  'auth.forbidden',
  'auth.bad-credentials',
  'terminal.pending',
  'terminal.rejected',
]);

/** The same API, telling of each call what it shows of the link. */
export function watchLink(
  api: PurchaseApi,
  on: { readonly state: (state: LinkState) => void; readonly notEnrolled: () => void },
): PurchaseApi {
  const linked = async <T>(call: Promise<T>): Promise<T> => {
    try {
      const answer = await call;
      on.state('online');
      return answer;
    } catch (error) {
      on.state(codeOf(error) === AWAY ? 'away' : 'online');
      throw error;
    }
  };
  const watched = async <T>(call: Promise<T>): Promise<T> => {
    try {
      return await linked(call);
    } catch (error) {
      if (NOT_ENROLLED.has(codeOf(error) ?? '')) on.notEnrolled();
      throw error;
    }
  };
  return {
    identify: (request) => watched(api.identify(request)),
    createOrder: (request) => watched(api.createOrder(request)),
    describeRemote: (request) => watched(api.describeRemote(request)),
    createRemoteOrder: (request) => watched(api.createRemoteOrder(request)),
    choose: (orderNo, request) => watched(api.choose(orderNo, request)),
    order: (orderNo) => watched(api.order(orderNo)),
    createPayment: (orderNo, request) => watched(api.createPayment(orderNo, request)),
    quote: (orderNo) => watched(api.quote(orderNo)),
    // What is forbidden here is forbidden to the person with the PIN, not to the terminal.
    offerCash: (orderNo, request) => linked(api.offerCash(orderNo, request)),
    takeCash: (orderNo, request) => linked(api.takeCash(orderNo, request)),
    cashReceipt: (orderNo) => watched(api.cashReceipt(orderNo)),
    cancel: (orderNo) => watched(api.cancel(orderNo)),
    release: (orderNo, request) => watched(api.release(orderNo, request)),
    authorise: (orderNo, request) => watched(api.authorise(orderNo, request)),
    claim: (orderNo, request) => watched(api.claim(orderNo, request)),
  };
}
