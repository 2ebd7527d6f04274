import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Clock } from '@bianmin/card/clock';
import { BEAT_PATH, BEAT_SCHEME } from '@bianmin/purchase/api/beat-key';
import { heartbeat, type HeartbeatAnswer } from '@bianmin/purchase/api/heartbeat';
import { PROBLEMS } from '@bianmin/purchase/api/problem';
import type { BeatKeys, Beater } from './beat-keys.ts';
import { verifyBeat } from './beat-proof.ts';
import type { CutOff } from './cut-off.ts';
import { PROOF_WINDOW_S } from './dpop.ts';
import { onceOf, type Once } from './replay.ts';
import type { Metrics } from '../../adapters/metrics/metrics.ts';
import { parseBody, readBody } from '../../web/body.ts';
import { SECURITY_HEADERS } from '../../web/middleware.ts';
import { LIMITS } from '../../kernel/limits.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { inTime, uncounted } from '../../kernel/time-left.ts';
import { problemOf } from '../../route/problem-of.ts';
import { sendProblem } from '../../web/send-problem.ts';
import { newTraceId, traceIdOf } from '@bianmin/purchase/node/trace';
import { validateRequest } from '../../web/validate.ts';

/** A beat has some hundred bytes. */
const BODY_LIMIT_BYTES = 16 * 1024;
const SCHEME = `${BEAT_SCHEME} `;
const LIMIT = { limitMs: LIMITS.request, operationMs: LIMITS.database.request };

/** As a list, which Node writes as it is. */
const TAKEN = Object.entries({
  ...SECURITY_HEADERS,
  'Content-Type': 'application/json; charset=utf-8',
}).flat();

/** Takes a request, or leaves it to who comes next. */
export type Lane = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface BeatLaneInit {
  readonly keys: BeatKeys;
  readonly cutOff: CutOff;
  /** What becomes of a beat that is proven, the same as of one by a DPoP proof. */
  readonly take: (
    beater: Beater,
    said: ReturnType<typeof heartbeat.parse>,
    once: Once,
  ) => Promise<HeartbeatAnswer>;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/**
 * Beats by a beat's key, before the application: a province's terminals make 2,000 of them a second, of which each would
 * cost Koa, its middleware and its router more than the proof, the check and the trip to Redis do. What is asked of a beat is
 * the same here as there; a beat by a DPoP proof goes to the application.
 */
export function beatLane(init: BeatLaneInit): Lane {
  const { metrics, log } = init;
  return (request, response) => {
    if (request.url !== BEAT_PATH || request.method !== 'POST') return false;
    const { authorization } = request.headers;
    if (authorization?.startsWith(SCHEME) !== true) return false;
    const begun = performance.now();
    const traceId = traceIdOf(headerOf(request, 'traceparent')) ?? newTraceId();
    response.once('close', () => {
      const seconds = (performance.now() - begun) / 1000;
      const { statusCode: status } = response;
      metrics.httpSeconds.observe({ route: BEAT_PATH, method: 'POST', status: String(status) }, seconds);
      // Two thousand lines a second say nothing that the metrics do not.
      if (log.isLevelEnabled('debug')) {
        log.debug({ route: BEAT_PATH, status, ms: seconds * 1000, traceId }, 'request');
      }
    });
    inTime(LIMIT, () => answerOf(init, request, authorization.slice(SCHEME.length))).then(
      (answer) => {
        const body = JSON.stringify(answer);
        response.writeHead(200, [...TAKEN, 'Content-Length', String(body.length), 'Trace-Id', traceId]);
        response.end(body);
      },
      (reason: unknown) => {
        const error = problemOf(reason);
        if (PROBLEMS[error.code].status >= 500) log.error({ err: error.cause ?? error }, 'a beat failed');
        metrics.problems.inc({ code: error.code });
        sendProblem(response, error, traceId);
      },
    );
    return true;
  };
}

async function answerOf(
  { keys, cutOff, take, clock }: BeatLaneInit,
  request: IncomingMessage,
  token: string,
): Promise<HeartbeatAnswer> {
  const body = await uncounted(() => readBody(request, BODY_LIMIT_BYTES));
  const nowMs = clock.now();
  const proof = {
    ...{ path: BEAT_PATH, body },
    contentDigest: headerOf(request, 'content-digest') ?? '',
    signatureInput: headerOf(request, 'signature-input') ?? '',
    signature: headerOf(request, 'signature') ?? '',
  };
  let nonce = '';
  const beater = keys.proven(token, (key) => {
    nonce = verifyBeat(proof, { key, nowMs });
  });
  if (beater.exp <= nowMs / 1000) {
    throw new ProblemError({
      code: 'auth.expired',
      message: 'The token for beats has expired. Get a new one.',
    });
  }
  cutOff.assertNot(beater.terminalId);
  const said = validateRequest(
    { body: heartbeat },
    { params: undefined, query: undefined, body: parseBody(request.headers['content-type'], body) },
  );
  const once = onceOf(`beat:${beater.terminalId}`, nonce, 2 * PROOF_WINDOW_S + 1);
  return take(beater, said.body as ReturnType<typeof heartbeat.parse>, once);
}

function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}
