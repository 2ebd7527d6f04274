import type { z } from 'zod';
import {
  cashOffer,
  cashReceipt,
  type CashOffer,
  type CashOfferRequest,
  type CashReceipt,
  type TakeCashRequest,
} from './float.ts';
import {
  history,
  homeList,
  homeView,
  type History,
  type HistoryRequest,
  type HomeOrderRequest,
  type HomeView,
} from './home.ts';
import { identifyResponse, type IdentifyRequest, type IdentifyResponse } from './card.ts';
import {
  terminalCardSession,
  terminalCardSessionResponse,
  type TerminalCardSession,
  type TerminalEnd,
} from './card-session.ts';
import {
  heldLease,
  orderView,
  sealedPlan,
  type AuthoriseRequest,
  type ClaimRequest,
  type CreateOrderRequest,
  type CreatePaymentRequest,
  type OrderView,
  type ReleaseRequest,
  type SealedPlan,
} from './order.ts';
import {
  joinedPortalSession,
  openedPhoneVisit,
  syncedPortalSession,
  type JoinedPortalSession,
  type OpenedPhoneVisit,
  type SyncedPortalSession,
  type SyncPortalSession,
} from './portal.ts';
import type { MeterShownRequest } from './meter-shown.ts';
import { orderQuote, type OrderQuote } from './quote.ts';
import {
  remoteCustomer,
  type ConsentDescribeRequest,
  type ConsentOrderRequest,
  type ChooseRequest,
  type CreateRemoteOrderRequest,
  type RemoteCustomer,
  type RemoteDescribeRequest,
} from './remote.ts';
import { enrolResponse, streamTicketResponse, type EnrolRequest, type EnrolResponse } from './terminal.ts';
import { TerminalCalls } from './terminal-calls.ts';
import type { ApiClientInit } from './terminal-calls.ts';

/**
 * The server as a terminal sees it: one typed method an endpoint. Every answer is parsed by its schema; every
 * failure is an `ApiError`. Nothing is repeated here but what the server provably did not take: a call that was
 * refused for its token or for the terminal's wrong clock.
 */
export class ApiClient {
  readonly #calls: TerminalCalls;

  constructor(init: ApiClientInit) {
    this.#calls = new TerminalCalls(init);
  }

  /**
   * `sign` makes the enrolment's JWS for a time; called again where our clock was wrong. Needs no token. `wants`: what else the answer
   * is to bring.
   */
  enrol(
    sign: (at: number) => Promise<string>,
    wants: Pick<EnrolRequest, 'beatKey'> = {},
  ): Promise<EnrolResponse> {
    return this.#calls.withRightClock(async () => {
      const body: EnrolRequest = { jws: await sign(this.#calls.now()), ...wants };
      return this.#calls.send({ method: 'POST', path: '/v1/terminal/enrol', body }, enrolResponse);
    });
  }

  identify(request: IdentifyRequest): Promise<IdentifyResponse> {
    return this.#calls.call('POST', '/v1/terminal/cards/identify', identifyResponse, request);
  }

  createOrder(request: CreateOrderRequest): Promise<OrderView> {
    return this.#calls.call('POST', '/v1/terminal/orders', orderView, request);
  }

  /** Joins the visit whose token started the app; a token is good once. */
  joinPortal(token: string): Promise<JoinedPortalSession> {
    return this.#calls.call('POST', '/v1/terminal/portal', joinedPortalSession, { token });
  }

  /** A visit for the phone that scans its code; met like a portal's page. */
  openPhoneVisit(): Promise<OpenedPhoneVisit> {
    return this.#calls.call('POST', '/v1/terminal/phone-visits', openedPhoneVisit);
  }

  /** Shows what is on the app's screen to the portal's page, and takes what was chosen there. May be repeated. */
  syncPortal(id: string, request: SyncPortalSession): Promise<SyncedPortalSession> {
    return this.#calls.call('POST', `/v1/terminal/portal/${id}`, syncedPortalSession, request);
  }

  describeRemote(request: RemoteDescribeRequest | ConsentDescribeRequest): Promise<RemoteCustomer> {
    return this.#calls.call('POST', '/v1/terminal/remote/describe', remoteCustomer, request);
  }

  createRemoteOrder(request: CreateRemoteOrderRequest | ConsentOrderRequest): Promise<OrderView> {
    return this.#calls.call('POST', '/v1/terminal/remote/orders', orderView, request);
  }

  /** The households that this box keeps. */
  async homes(): Promise<HomeView[]> {
    return (await this.#calls.call('GET', '/v1/terminal/homes', homeList)).homes;
  }

  /** Keeps the household of a purchase that was just paid on this box. */
  rememberHome(orderNo: string): Promise<HomeView> {
    return this.#calls.call('POST', '/v1/terminal/homes', homeView, { orderNo });
  }

  /** Gives those that are left. */
  async forgetHome(homeId: string): Promise<HomeView[]> {
    return (await this.#calls.call('POST', `${homePath(homeId)}/forget`, homeList)).homes;
  }

  describeHome(homeId: string): Promise<RemoteCustomer> {
    return this.#calls.call('GET', homePath(homeId), remoteCustomer);
  }

  createHomeOrder(homeId: string, request: HomeOrderRequest): Promise<OrderView> {
    return this.#calls.call('POST', `${homePath(homeId)}/orders`, orderView, request);
  }

  /** What a household has bought: that of the card that was just read here, or one that this box keeps. */
  history(request: HistoryRequest): Promise<History> {
    return this.#calls.call('POST', '/v1/terminal/history', history, request);
  }

  choose(orderNo: string, request: ChooseRequest): Promise<OrderView> {
    return this.#calls.call('POST', `${pathOf(orderNo)}/choose`, orderView, request);
  }

  order(orderNo: string): Promise<OrderView> {
    return this.#calls.call('GET', pathOf(orderNo), orderView);
  }

  createPayment(orderNo: string, request: CreatePaymentRequest): Promise<OrderView> {
    return this.#calls.call('POST', `${pathOf(orderNo)}/payments`, orderView, request);
  }

  quote(orderNo: string): Promise<OrderQuote> {
    return this.#calls.call('GET', `${pathOf(orderNo)}/quote`, orderQuote);
  }

  /** What the household says that its meter showed of a card that is written; staff see it. */
  tellMeterShown(orderNo: string, request: MeterShownRequest): Promise<OrderView> {
    return this.#calls.call('POST', `${pathOf(orderNo)}/meter-shown`, orderView, request);
  }

  /** At a staffed terminal: who will take the cash says who they are, and hears what the float still covers. */
  offerCash(orderNo: string, request: CashOfferRequest): Promise<CashOffer> {
    return this.#calls.call('POST', `${pathOf(orderNo)}/cash-offer`, cashOffer, request);
  }

  /** At a staffed terminal: who took the cash says so. Repeating it changes nothing. */
  takeCash(orderNo: string, request: TakeCashRequest): Promise<OrderView> {
    return this.#calls.call('POST', `${pathOf(orderNo)}/cash`, orderView, request);
  }

  /** For what one kind of terminal alone reads: no other carries its schema. */
  read<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return this.#calls.call('GET', path, schema);
  }

  /** The same, for what it alone asks with a body. */
  post<T>(path: string, schema: z.ZodType<T>, body: unknown): Promise<T> {
    return this.#calls.call('POST', path, schema, body);
  }

  cashReceipt(orderNo: string): Promise<CashReceipt> {
    return this.#calls.call('GET', `${pathOf(orderNo)}/cash`, cashReceipt);
  }

  cancel(orderNo: string): Promise<OrderView> {
    return this.#calls.call('POST', `${pathOf(orderNo)}/cancel`, orderView);
  }

  release(orderNo: string, request: ReleaseRequest): Promise<SealedPlan> {
    return this.#calls.call('POST', `${pathOf(orderNo)}/release`, sealedPlan, request);
  }

  authorise(orderNo: string, request: AuthoriseRequest): Promise<SealedPlan> {
    return this.#calls.call('POST', `${pathOf(orderNo)}/authorise`, sealedPlan, request);
  }

  /** Throws `order.lease-stale` where it is over. */
  async holdsLease(orderNo: string, lease: number): Promise<void> {
    await this.#calls.call('GET', `${pathOf(orderNo)}/leases/${lease}`, heldLease);
  }

  claim(orderNo: string, request: ClaimRequest): Promise<OrderView> {
    return this.#calls.call('POST', `${pathOf(orderNo)}/claim`, orderView, request);
  }

  /** The remote session of this terminal; with `id` that very one, also once it is closed. */
  async cardSession(id?: string): Promise<TerminalCardSession | null> {
    const path = `/v1/terminal/card-session${id === undefined ? '' : `?id=${encodeURIComponent(id)}`}`;
    return (await this.#calls.call('GET', path, terminalCardSessionResponse)).session;
  }

  consent(id: string, yes: boolean): Promise<TerminalCardSession> {
    return this.#calls.call('POST', cardSessionPath(id, 'consent'), terminalCardSession, { yes });
  }

  stepResult(id: string, result: { n: number; sealed: string }): Promise<TerminalCardSession> {
    return this.#calls.call('POST', cardSessionPath(id, 'results'), terminalCardSession, result);
  }

  endCardSession(id: string, end: TerminalEnd): Promise<TerminalCardSession> {
    return this.#calls.call('POST', cardSessionPath(id, 'end'), terminalCardSession, { end });
  }

  /** The address of one connection to the stream of orders: good once, for thirty seconds. */
  async streamUrl(lastEventId?: string): Promise<string> {
    const { ticket } = await this.#calls.call('POST', '/v1/terminal/stream-ticket', streamTicketResponse);
    const resume = lastEventId === undefined ? '' : `&lastEventId=${encodeURIComponent(lastEventId)}`;
    return `${this.#calls.baseUrl}/v1/terminal/stream?ticket=${encodeURIComponent(ticket)}${resume}`;
  }

  /** The terminal has other keys: a token is bound to those that it was asked for with. */
  forgetToken(): void {
    this.#calls.forgetToken();
  }
}

function pathOf(orderNo: string): string {
  return `/v1/terminal/orders/${encodeURIComponent(orderNo)}`;
}

function homePath(homeId: string): string {
  return `/v1/terminal/homes/${encodeURIComponent(homeId)}`;
}

function cardSessionPath(id: string, verb: 'consent' | 'results' | 'end'): string {
  return `/v1/terminal/card-session/${encodeURIComponent(id)}/${verb}`;
}
