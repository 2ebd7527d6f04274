import type { ServerResponse } from 'node:http';
import { PROBLEMS } from '@bianmin/purchase/api/problem';
import { SECURITY_HEADERS } from './middleware.ts';
import { problemBody } from './problem-body.ts';
import type { ProblemError } from '../kernel/problem.ts';

/** Answers with a problem where no Koa is: before the application. The connection stays. */
export function sendProblem(response: ServerResponse, error: ProblemError, traceId: string): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const body = JSON.stringify(problemBody(error, traceId));
  response.writeHead(PROBLEMS[error.code].status, {
    ...SECURITY_HEADERS,
    'Trace-Id': traceId,
    'Content-Type': 'application/problem+json',
    'Content-Length': Buffer.byteLength(body),
    ...(error.retryAfterS === undefined ? {} : { 'Retry-After': String(Math.ceil(error.retryAfterS)) }),
    ...(error.code === 'request.too-large' ? { Connection: 'close' } : {}),
  });
  response.end(body);
}
