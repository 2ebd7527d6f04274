import type { IncomingMessage, ServerResponse } from 'node:http';
import { BEAT_PATH, BEAT_SCHEME } from '@bianmin/purchase/api/beat-key';
import { PROBLEMS } from '@bianmin/purchase/api/problem';
import type { ListenerInit } from '@bianmin/purchase/node/listener';
import { newTraceId } from '@bianmin/purchase/node/trace';
import type { Metrics } from '../adapters/metrics/metrics.ts';
import { ProblemError } from '../kernel/problem.ts';
import type { Admission } from './admission.ts';
import { SECURITY_HEADERS } from './middleware.ts';
import { problemBody } from './problem-body.ts';

/** What a whole fleet asks for at once when it comes back, and what can wait. Nothing of an order is among it. */
const CAN_WAIT: ReadonlySet<string> = new Set(['/v1/terminal/enrol', '/v1/terminal/beat-key', BEAT_PATH]);

/** Stands before everything else: refuses with `server.busy`, or passes on to `next` and sees it end. */
export function admitted(init: {
  readonly keys: Admission;
  readonly beats: Admission;
  readonly metrics: Metrics;
  readonly next: ListenerInit['answer'];
}): ListenerInit['answer'] {
  const { keys, beats, metrics, next } = init;
  return (request, response, path) => {
    // By its path: a query would make another address of it here, and none for the router.
    if (request.method !== 'POST' || !CAN_WAIT.has(path)) return next(request, response, path);
    const admission = request.headers.authorization?.startsWith(`${BEAT_SCHEME} `) === true ? beats : keys;
    const refused = admission.enter();
    if (refused !== undefined) {
      metrics.problems.inc({ code: 'server.busy' });
      refuse(request, response, refused.waitS);
      return undefined;
    }
    response.once('close', () => {
      admission.leave();
    });
    return next(request, response, path);
  };
}

/** One for all that are refused: making each would cost a good part of what refusing saves. */
const BUSY_TRACE = newTraceId();
const BUSY = JSON.stringify(
  problemBody(
    new ProblemError({
      code: 'server.busy',
      message: 'Many terminals reconnected at once. Try again after the seconds in Retry-After.',
    }),
    BUSY_TRACE,
  ),
);
const BUSY_HEADERS = Object.entries({
  ...SECURITY_HEADERS,
  'Content-Type': 'application/problem+json',
  'Content-Length': String(Buffer.byteLength(BUSY)),
  'Trace-Id': BUSY_TRACE,
}).flat();

/** Its body is not looked at: Node throws away what of it is still to come. */
function refuse(request: IncomingMessage, response: ServerResponse, waitS: number): void {
  response.writeHead(PROBLEMS['server.busy'].status, [...BUSY_HEADERS, 'Retry-After', String(waitS)]);
  response.end(BUSY);
  request.resume();
}
