import type { IncomingMessage } from 'node:http';
import { ProblemError } from './problem.ts';

/** The largest body any endpoint takes: a card image in hex with room to spare. */
export const BODY_LIMIT_BYTES = 256 * 1024;

/** Reads the body to its end, at most `limit` bytes; more is `request.too-large` and stops the reading. */
export async function readBody(request: IncomingMessage, limit = BODY_LIMIT_BYTES): Promise<Buffer> {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new ProblemError({
      code: 'request.unsupported-media',
      message: 'A compressed body is not taken. Send it as it is.',
    });
  }
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > limit) throw tooLarge(limit);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw new ProblemError({
      code: 'request.malformed',
      message: 'The request ended before its body did. Send it again.',
      cause: error,
    });
  }
  return Buffer.concat(chunks, length);
}

/** JSON text in UTF-8. The error says where, never what: a body may hold secrets. */
export function parseJson(contentType: string | undefined, body: Buffer): unknown {
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(contentType ?? '')) {
    throw new ProblemError({
      code: 'request.unsupported-media',
      message: 'The body must be JSON: send Content-Type: application/json.',
    });
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown;
  } catch {
    throw new ProblemError({
      code: 'request.malformed',
      message: 'The body is not JSON in UTF-8.',
      errors: [{ pointer: '/body', detail: 'is not JSON' }],
    });
  }
}

function tooLarge(limit: number): ProblemError {
  return new ProblemError({
    code: 'request.too-large',
    message: `The body is larger than ${limit} bytes.`,
  });
}
