import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Clock } from '@bianmin/card/clock';
import { BEAT_PATH, BEAT_SCHEME } from '@bianmin/purchase/api/beat-key';
import type { Heartbeat, HeartbeatAnswer } from '@bianmin/purchase/api/heartbeat';
import { PROBLEMS } from '@bianmin/purchase/api/problem';
import type { BeatKeys, Beater } from './beat-keys.ts';
import { credentialsOf, verifyBeat, verifySignedBeat, type SignedBeat } from './beat-proof.ts';
import { BeatWords } from './beat-words.ts';
import type { CutOff } from './cut-off.ts';
import { PROOF_WINDOW_S } from './dpop.ts';
import { onceOf, type Once } from './replay.ts';
import type { Metrics } from '../../adapters/metrics/metrics.ts';
import { readBody } from '../../web/body.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { problemOf } from '../../route/problem-of.ts';
import { sendProblem } from '../../web/send-problem.ts';
import { newTraceId, traceIdOf } from '@bianmin/purchase/node/trace';

/** A beat has some hundred bytes. */
const BODY_LIMIT_BYTES = 16 * 1024;
const SCHEME = `${BEAT_SCHEME} `;

/**
 * As a list, which Node writes as it is. A page cannot ask for it, so that what guards answers from pages is left out; what is no answer
 * to a beat has all of it.
 */
const TAKEN = Object.entries({
  'Cache-Control': 'no-store',
  'Content-Type': 'application/json',
  'X-Content-Type-Options': 'nosniff',
}).flat();

/** Takes a request, or leaves it to who comes next. */
export type Lane = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface BeatLaneInit {
  readonly keys: BeatKeys;
  readonly cutOff: CutOff;
  /** What becomes of a beat that is proven, the same as of one by a DPoP proof. */
  readonly take: (beater: Beater, said: Heartbeat, once: Once) => Promise<HeartbeatAnswer>;
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
  const words = new BeatWords();
  return (request, response) => {
    if (request.url !== BEAT_PATH || request.method !== 'POST') return false;
    const { authorization } = request.headers;
    if (authorization?.startsWith(SCHEME) !== true) return false;
    const begun = performance.now();
    const traceId = traceIdOf(headerOf(request, 'traceparent')) ?? newTraceId();
    const told = (status: number): void => {
      const seconds = (performance.now() - begun) / 1000;
      metrics.httpSeconds.observe({ route: BEAT_PATH, method: 'POST', status: String(status) }, seconds);
      // Two thousand lines a second say nothing that the metrics do not.
      if (log.isLevelEnabled('debug')) {
        log.debug({ route: BEAT_PATH, status, ms: seconds * 1000, traceId }, 'request');
      }
    };
    answerOf({ ...init, words }, request, authorization.slice(SCHEME.length)).then(
      (answer) => {
        const body = JSON.stringify(answer);
        response.writeHead(200, [...TAKEN, 'Content-Length', String(body.length), 'Trace-Id', traceId]);
        response.end(body, 'latin1');
        told(200);
      },
      (reason: unknown) => {
        const error = problemOf(reason);
        const { status } = PROBLEMS[error.code];
        if (status >= 500) log.error({ err: error.cause ?? error }, 'a beat failed');
        metrics.problems.inc({ code: error.code });
        sendProblem(response, error, traceId);
        told(status);
      },
    );
    return true;
  };
}

/** Each wait in it has a limit of its own: the body's way here by the listener, Redis, and what hands out commands. */
async function answerOf(
  { keys, cutOff, take, clock, words }: BeatLaneInit & { readonly words: BeatWords },
  request: IncomingMessage,
  credentials: string,
): Promise<HeartbeatAnswer> {
  const body = await readBody(request, BODY_LIMIT_BYTES);
  const nowMs = clock.now();
  const { token, proof } = credentialsOf(credentials);
  let nonce = '';
  const beater = keys.proven(token, (key) => {
    nonce =
      proof === undefined
        ? verifySignedBeat({ body, ...signatureOf(request) }, { key, nowMs })
        : verifyBeat(proof, body, { key, nowMs });
  });
  if (beater.exp <= nowMs / 1000) {
    throw new ProblemError({
      code: 'auth.expired',
      message: 'The token for beats has expired. Get a new one.',
    });
  }
  cutOff.assertNot(beater.terminalId);
  const said = words.read(request.headers['content-type'], body);
  return take(beater, said, onceOf(`beat:${beater.terminalId}`, nonce, 2 * PROOF_WINDOW_S + 1));
}

function signatureOf(request: IncomingMessage): Omit<SignedBeat, 'body'> {
  return {
    contentDigest: headerOf(request, 'content-digest') ?? '',
    signatureInput: headerOf(request, 'signature-input') ?? '',
    signature: headerOf(request, 'signature') ?? '',
  };
}

function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}
