import type { z } from 'zod';
import type { Clock } from '../clock.ts';
import { ApiError, errorOfAnswer, jsonOf, unreachable } from './client-error.ts';
import {
  cashOffer,
  cashReceipt,
  type CashOffer,
  type CashOfferRequest,
  type CashReceipt,
  type TakeCashRequest,
} from './float.ts';
import type { HttpAnswer, HttpCall } from './http-call.ts';
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
import { orderQuote, type OrderQuote } from './quote.ts';
import {
  remoteCustomer,
  type ChooseRequest,
  type CreateRemoteOrderRequest,
  type RemoteCustomer,
  type RemoteDescribeRequest,
} from './remote.ts';
import { enrolResponse, streamTicketResponse, tokenResponse, type EnrolResponse } from './terminal.ts';

/** What a terminal proves itself with; its keys stay where they are. `at`: seconds since the epoch, server's time. */
export interface TerminalIdentity {
  readonly terminalId: string;
  /** RFC 7523 client assertion as `tokenRequest` describes it. */
  signAssertion(at: number): Promise<string>;
  /** RFC 9449 proof for one request. */
  proof(init: { method: string; url: string; accessToken: string; at: number }): Promise<string>;
}

export interface ApiClientInit {
  /** Origin and, if there is one, the path before `/v1`; no trailing slash. */
  readonly baseUrl: string;
  readonly identity: TerminalIdentity;
  readonly clock: Clock;
  /** Default 20 s: the server itself waits up to 10 s for the grid. */
  readonly timeoutMs?: number;
  /** `axiosCall()` where the terminal has sockets of its own; the box's goes through its shell. */
  readonly http: HttpCall;
}

const USUAL_TIMEOUT_MS = 20_000;
/** A token is renewed when it has less than this left. */
const RENEW_BEFORE_MS = 60_000;
/** A smaller difference between the clocks is not what made a proof stale. */
const SKEW_NOTICED_MS = 5000;
/** Clocks of the server by which a refused proof is made again, one after the other. */
const CLOCKS_TRIED = 3;

interface Token {
  readonly value: string;
  /** On the monotonic clock. */
  readonly renewAt: number;
}

/**
 * The server as a terminal sees it: one typed method an endpoint. Every answer is parsed by its schema; every
 * failure is an `ApiError`. Nothing is repeated here but what the server provably did not take: a call that was
 * refused for its token or for the terminal's wrong clock.
 */
export class ApiClient {
  readonly #http: HttpCall;
  readonly #timeoutMs: number;
  readonly #baseUrl: string;
  readonly #identity: TerminalIdentity;
  readonly #clock: Clock;
  #token: Promise<Token> | undefined;
  /** Server's clock less ours, learned from an answer's `Date` when a proof was found stale. */
  #skewMs = 0;

  constructor(init: ApiClientInit) {
    this.#baseUrl = init.baseUrl.replace(/\/+$/, '');
    this.#identity = init.identity;
    this.#clock = init.clock;
    this.#http = init.http;
    this.#timeoutMs = init.timeoutMs ?? USUAL_TIMEOUT_MS;
  }

  /** `sign` makes the enrolment's JWS for a time; called again where our clock was wrong. Needs no token. */
  enrol(sign: (at: number) => Promise<string>): Promise<EnrolResponse> {
    return this.#withRightClock(async () => {
      const body = { jws: await sign(this.#now()) };
      return this.#send({ method: 'POST', path: '/v1/terminal/enrol', body }, enrolResponse);
    });
  }

  identify(request: IdentifyRequest): Promise<IdentifyResponse> {
    return this.#call('POST', '/v1/terminal/cards/identify', identifyResponse, request);
  }

  createOrder(request: CreateOrderRequest): Promise<OrderView> {
    return this.#call('POST', '/v1/terminal/orders', orderView, request);
  }

  /** Joins the visit whose token started the app; a token is good once. */
  joinPortal(token: string): Promise<JoinedPortalSession> {
    return this.#call('POST', '/v1/terminal/portal', joinedPortalSession, { token });
  }

  /** A visit for the phone that scans its code; met like a portal's page. */
  openPhoneVisit(): Promise<OpenedPhoneVisit> {
    return this.#call('POST', '/v1/terminal/phone-visits', openedPhoneVisit);
  }

  /** Shows what is on the app's screen to the portal's page, and takes what was chosen there. May be repeated. */
  syncPortal(id: string, request: SyncPortalSession): Promise<SyncedPortalSession> {
    return this.#call('POST', `/v1/terminal/portal/${id}`, syncedPortalSession, request);
  }

  describeRemote(request: RemoteDescribeRequest): Promise<RemoteCustomer> {
    return this.#call('POST', '/v1/terminal/remote/describe', remoteCustomer, request);
  }

  createRemoteOrder(request: CreateRemoteOrderRequest): Promise<OrderView> {
    return this.#call('POST', '/v1/terminal/remote/orders', orderView, request);
  }

  /** The households that this box keeps. */
  async homes(): Promise<HomeView[]> {
    return (await this.#call('GET', '/v1/terminal/homes', homeList)).homes;
  }

  /** Keeps the household of a purchase that was just paid on this box. */
  rememberHome(orderNo: string): Promise<HomeView> {
    return this.#call('POST', '/v1/terminal/homes', homeView, { orderNo });
  }

  /** Gives those that are left. */
  async forgetHome(homeId: string): Promise<HomeView[]> {
    return (await this.#call('POST', `${homePath(homeId)}/forget`, homeList)).homes;
  }

  describeHome(homeId: string): Promise<RemoteCustomer> {
    return this.#call('GET', homePath(homeId), remoteCustomer);
  }

  createHomeOrder(homeId: string, request: HomeOrderRequest): Promise<OrderView> {
    return this.#call('POST', `${homePath(homeId)}/orders`, orderView, request);
  }

  /** What a household has bought: that of the card that was just read here, or one that this box keeps. */
  history(request: HistoryRequest): Promise<History> {
    return this.#call('POST', '/v1/terminal/history', history, request);
  }

  choose(orderNo: string, request: ChooseRequest): Promise<OrderView> {
    return this.#call('POST', `${pathOf(orderNo)}/choose`, orderView, request);
  }

  order(orderNo: string): Promise<OrderView> {
    return this.#call('GET', pathOf(orderNo), orderView);
  }

  createPayment(orderNo: string, request: CreatePaymentRequest): Promise<OrderView> {
    return this.#call('POST', `${pathOf(orderNo)}/payments`, orderView, request);
  }

  quote(orderNo: string): Promise<OrderQuote> {
    return this.#call('GET', `${pathOf(orderNo)}/quote`, orderQuote);
  }

  /** At a staffed terminal: who will take the cash says who they are, and hears what the float still covers. */
  offerCash(orderNo: string, request: CashOfferRequest): Promise<CashOffer> {
    return this.#call('POST', `${pathOf(orderNo)}/cash-offer`, cashOffer, request);
  }

  /** At a staffed terminal: who took the cash says so. Repeating it changes nothing. */
  takeCash(orderNo: string, request: TakeCashRequest): Promise<OrderView> {
    return this.#call('POST', `${pathOf(orderNo)}/cash`, orderView, request);
  }

  /** For what one kind of terminal alone reads: no other carries its schema. */
  read<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return this.#call('GET', path, schema);
  }

  /** The same, for what it alone asks with a body. */
  post<T>(path: string, schema: z.ZodType<T>, body: unknown): Promise<T> {
    return this.#call('POST', path, schema, body);
  }

  cashReceipt(orderNo: string): Promise<CashReceipt> {
    return this.#call('GET', `${pathOf(orderNo)}/cash`, cashReceipt);
  }

  cancel(orderNo: string): Promise<OrderView> {
    return this.#call('POST', `${pathOf(orderNo)}/cancel`, orderView);
  }

  release(orderNo: string, request: ReleaseRequest): Promise<SealedPlan> {
    return this.#call('POST', `${pathOf(orderNo)}/release`, sealedPlan, request);
  }

  authorise(orderNo: string, request: AuthoriseRequest): Promise<SealedPlan> {
    return this.#call('POST', `${pathOf(orderNo)}/authorise`, sealedPlan, request);
  }

  claim(orderNo: string, request: ClaimRequest): Promise<OrderView> {
    return this.#call('POST', `${pathOf(orderNo)}/claim`, orderView, request);
  }

  /** The remote session of this terminal; with `id` that very one, also once it is closed. */
  async cardSession(id?: string): Promise<TerminalCardSession | null> {
    const path = `/v1/terminal/card-session${id === undefined ? '' : `?id=${encodeURIComponent(id)}`}`;
    return (await this.#call('GET', path, terminalCardSessionResponse)).session;
  }

  consent(id: string, yes: boolean): Promise<TerminalCardSession> {
    return this.#call('POST', cardSessionPath(id, 'consent'), terminalCardSession, { yes });
  }

  stepResult(id: string, result: { n: number; sealed: string }): Promise<TerminalCardSession> {
    return this.#call('POST', cardSessionPath(id, 'results'), terminalCardSession, result);
  }

  endCardSession(id: string, end: TerminalEnd): Promise<TerminalCardSession> {
    return this.#call('POST', cardSessionPath(id, 'end'), terminalCardSession, { end });
  }

  /** The address of one connection to the stream of orders: good once, for thirty seconds. */
  async streamUrl(lastEventId?: string): Promise<string> {
    const { ticket } = await this.#call('POST', '/v1/terminal/stream-ticket', streamTicketResponse);
    const resume = lastEventId === undefined ? '' : `&lastEventId=${encodeURIComponent(lastEventId)}`;
    return `${this.#baseUrl}/v1/terminal/stream?ticket=${encodeURIComponent(ticket)}${resume}`;
  }

  /** The terminal has other keys: a token is bound to those that it was asked for with. */
  forgetToken(): void {
    this.#token = undefined;
  }

  async #call<T>(method: 'GET' | 'POST', path: string, schema: z.ZodType<T>, body?: unknown): Promise<T> {
    const attempt = (): Promise<T> =>
      this.#withRightClock(async () => {
        const accessToken = await this.#accessToken();
        const url = this.#baseUrl + path;
        const proof = await this.#identity.proof({ method, url, accessToken, at: this.#now() });
        const headers = { Authorization: `DPoP ${accessToken}`, DPoP: proof };
        return this.#send({ method, path, body, headers }, schema);
      });
    try {
      return await attempt();
    } catch (error) {
      // Refused for its token, the call has not been taken: once more with a new one.
      if (!(error instanceof ApiError && (error.code === 'auth.expired' || error.code === 'auth.required'))) {
        throw error;
      }
      this.#token = undefined;
      return attempt();
    }
  }

  async #accessToken(): Promise<string> {
    const current = this.#token;
    if (current !== undefined) {
      const token = await current;
      if (token.renewAt > this.#clock.monotonic()) return token.value;
      if (this.#token === current) this.#token = undefined;
    }
    // One request for a token, however many calls wait for it; a failed one is forgotten.
    const renewing = (this.#token ??= this.#newToken());
    try {
      return (await renewing).value;
    } catch (error) {
      if (this.#token === renewing) this.#token = undefined;
      throw error;
    }
  }

  async #newToken(): Promise<Token> {
    const asked = this.#clock.monotonic();
    const answer = await this.#withRightClock(async () => {
      const body = { assertion: await this.#identity.signAssertion(this.#now()) };
      return this.#send({ method: 'POST', path: '/v1/terminal/token', body }, tokenResponse);
    });
    return { value: answer.accessToken, renewAt: asked + answer.expiresIn * 1000 - RENEW_BEFORE_MS };
  }

  /**
   * A proof refused while our clock is off is made again by the server's; the refused call did nothing. More than once, since the server's
   * clock may be set right in between, or another node with another clock answer.
   */
  async #withRightClock<T>(run: () => Promise<T>): Promise<T> {
    for (let again = CLOCKS_TRIED; ; again -= 1) {
      // Another call that is under way may learn the clock before this one is refused.
      const usedMs = this.#skewMs;
      try {
        return await run();
      } catch (error) {
        if (again === 0 || !this.#learnsClock(error, usedMs)) throw error;
      }
    }
  }

  /** Whether a proof was refused by a clock that is not the one it was made by; the next goes by that one. */
  #learnsClock(error: unknown, usedMs: number): boolean {
    if (!(error instanceof ApiError) || error.code !== 'terminal.bad-proof') return false;
    if (error.serverTime === undefined) return false;
    const skewMs = error.serverTime - this.#clock.now();
    if (Math.abs(skewMs - usedMs) < SKEW_NOTICED_MS) return false;
    this.#skewMs = skewMs;
    return true;
  }

  async #send<T>(
    request: { method: 'GET' | 'POST'; path: string; body?: unknown; headers?: Record<string, string> },
    schema: z.ZodType<T>,
  ): Promise<T> {
    let answer: HttpAnswer;
    try {
      answer = await this.#http({
        method: request.method,
        url: this.#baseUrl + request.path,
        headers: {
          Accept: 'application/json',
          ...(request.body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...request.headers,
        },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        timeoutMs: this.#timeoutMs,
      });
    } catch (error) {
      throw unreachable(error);
    }
    return parsed(answer, schema);
  }

  #now(): number {
    return Math.floor((this.#clock.now() + this.#skewMs) / 1000);
  }
}

function parsed<T>(answer: HttpAnswer, schema: z.ZodType<T>): T {
  const body = jsonOf(answer.body);
  if (answer.status < 200 || answer.status > 299) throw errorOfAnswer(answer, body);
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new ApiError({
    code: 'server.internal',
    message: 'The server’s answer is not as described. Terminal and server may be of different versions.',
    status: answer.status,
    context: { faults: result.error.issues.map((issue) => issue.path.join('.')).join(', ') },
  });
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
