import { CodedError, type CodedErrorInit } from '@bianmin/card/errors';
import { parseJson } from '@bianmin/card/json-text';
import { PROBLEMS, problemSchema, type ProblemCode } from './problem.ts';

/** A call that failed: the server's problem, or `server.unavailable` with status 0 where no answer came. */
export class ApiError extends CodedError<ProblemCode> {
  /** HTTP status; 0: no answer at all. What was asked for may have happened. */
  readonly status: number;
  /** Whether the same request may be sent again as it is. */
  readonly retryable: boolean;
  /** The order that stands in the way, or that a helper should be given. */
  readonly orderNo: string | undefined;
  /** To be quoted when something is reported. */
  readonly traceId: string | undefined;
  /** For `request.changed-meanwhile` and `refund.handed-out`: what is there now. */
  readonly present: Readonly<Record<string, unknown>> | undefined;
  /** Wait this long before the next attempt, where the server said so. */
  readonly retryAfterMs: number | undefined;
  /** The server's clock when it answered, ms since the epoch, where it said so. */
  readonly serverTime: number | undefined;

  constructor(
    init: CodedErrorInit<ProblemCode> & {
      status: number;
      retryable?: boolean;
      orderNo?: string | undefined;
      traceId?: string | undefined;
      present?: Readonly<Record<string, unknown>> | undefined;
      retryAfterMs?: number | undefined;
      serverTime?: number | undefined;
    },
  ) {
    super(init);
    this.status = init.status;
    this.retryable = init.retryable ?? PROBLEMS[init.code].retryable;
    this.orderNo = init.orderNo;
    this.traceId = init.traceId;
    this.present = init.present;
    this.retryAfterMs = init.retryAfterMs;
    this.serverTime = init.serverTime;
  }
}

/** The error of an answer that is no success; `body` is its JSON, or anything else where it has none. */
export function errorOfAnswer(answer: { status: number; headers: unknown }, body: unknown): ApiError {
  const headers = {
    retryAfterMs: secondsOf(header(answer.headers, 'retry-after')),
    serverTime: dateOf(header(answer.headers, 'date')),
  };
  const problem = problemSchema.safeParse(body);
  if (problem.success) {
    const { title, detail, ...said } = problem.data;
    const { code, status, retryable, orderNo, traceId, present } = said;
    const message = detail ?? title;
    return new ApiError({ code, message, status, retryable, orderNo, traceId, present, ...headers });
  }
  // Not our server's words: a proxy before it, or a newer server's problem that we do not know.
  const code = answer.status >= 500 || answer.status === 429 ? 'server.unavailable' : 'server.internal';
  return new ApiError({
    code,
    message: `The server answered ${answer.status} without saying why. Try again later.`,
    status: answer.status,
    ...headers,
  });
}

/** No answer: refused, cut off, timed out, no network. The request itself is left out of the error. */
export function unreachable(cause: unknown): ApiError {
  const code = hasCode(cause) ? cause.code : undefined;
  return new ApiError({
    code: 'server.unavailable',
    message: 'The server cannot be reached. Check the network and try again.',
    status: 0,
    context: { network: code },
  });
}

function hasCode(value: unknown): value is { code: string } {
  return typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string';
}

function header(headers: unknown, name: string): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  const value: unknown = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof value === 'string' ? value : undefined;
}

function secondsOf(value: string | undefined): number | undefined {
  return value !== undefined && /^\d+$/.test(value) ? Number(value) * 1000 : undefined;
}

function dateOf(value: string | undefined): number | undefined {
  const ms = Date.parse(value ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}

/** What an answer's text is as JSON; undefined where it is none. */
export function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
