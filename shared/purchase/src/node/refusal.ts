import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { JsonTextError } from '@bianmin/card/json-text';
import { PROBLEMS, type Problem, type ProblemCode } from '../api/problem.ts';
import { BodyError } from './body.ts';
import { newTraceId } from './trace.ts';

/** RFC 9457 `title` of what a listener says by itself, before and after whatever it serves. */
export const LISTENER_TITLES = {
  'request.malformed': 'The request does not match its schema',
  'request.misdirected': 'This server does not have that name',
  'request.not-found': 'There is nothing at this address',
  'request.headers-too-large': 'The address or the headers are too large',
  'request.too-large': 'The body is too large',
  'request.timed-out': 'The request took too long to arrive',
  'auth.csrf': 'The change was not sent by this site’s own page',
  'server.internal': 'The server failed',
} as const satisfies Partial<Record<ProblemCode, string>>;

export interface Refusal {
  readonly code: keyof typeof LISTENER_TITLES;
  /** A sentence for engineers; nothing of what was sent. */
  readonly detail: string;
}

export const NOT_FOUND: Refusal = { code: 'request.not-found', detail: 'There is nothing at this address.' };
export const FAILED: Refusal = {
  code: 'server.internal',
  detail: 'The server failed. Quote the trace id when reporting it.',
};

/** What a listener says where a handler let it out: bad input is the sender's, everything else our fault. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof BodyError) {
    const code = error.code === 'body.too-large' ? 'request.too-large' : 'request.malformed';
    return { code, detail: error.message };
  }
  return error instanceof JsonTextError ? { code: 'request.malformed', detail: error.message } : FAILED;
}

function problemOf({ code, detail }: Refusal): Problem {
  const { status, retryable } = PROBLEMS[code];
  const type = `urn:bianmin:problem:${code}`;
  return { type, title: LISTENER_TITLES[code], status, detail, code, traceId: newTraceId(), retryable };
}

function headersOf(body: string, traceId: string): Record<string, string> {
  return {
    'Content-Type': 'application/problem+json',
    'Content-Length': String(Buffer.byteLength(body)),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'Trace-Id': traceId,
  };
}

/** Answers with a problem, or ends an answer that was begun. */
export function refuse(response: ServerResponse, refusal: Refusal): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const problem = problemOf(refusal);
  const body = JSON.stringify(problem);
  // What a handler had set may belong to another answer.
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  // What is still to come of a body that is too large is not waited for.
  if (refusal.code === 'request.too-large') response.setHeader('Connection', 'close');
  response.writeHead(problem.status, headersOf(body, problem.traceId)).end(body);
}

/** The same where there is a bare connection, which ends with it. */
export function refuseSocket(socket: Duplex, refusal: Refusal): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const problem = problemOf(refusal);
  const { status, traceId } = problem;
  const body = JSON.stringify(problem);
  const headers = { ...headersOf(body, traceId), Connection: 'close' };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.resume();
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${head.join('')}\r\n${body}`, () => {
    socket.destroy();
  });
}
