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

export interface LinkEars {
  readonly state: (state: LinkState) => void;
  readonly notEnrolled: () => void;
}

type Watch = <T>(call: Promise<T>) => Promise<T>;

/** Tells of a call what it shows of the link; `watched` also what it shows of the terminal's enrolment. */
export function linkWatch(on: LinkEars): { readonly linked: Watch; readonly watched: Watch } {
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
  return { linked, watched };
}

/** The same API, telling of each call what it shows of the link. */
export function watchLink(api: PurchaseApi, on: LinkEars): PurchaseApi {
  const { linked, watched } = linkWatch(on);
  return {
    identify: (request) => watched(api.identify(request)),
    createOrder: (request) => watched(api.createOrder(request)),
    describeRemote: (request) => watched(api.describeRemote(request)),
    createRemoteOrder: (request) => watched(api.createRemoteOrder(request)),
    describeHome: (homeId) => watched(api.describeHome(homeId)),
    createHomeOrder: (homeId, request) => watched(api.createHomeOrder(homeId, request)),
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
