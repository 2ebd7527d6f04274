import type { IncomingMessage } from 'node:http';
import { ProblemError } from '../kernel/problem.ts';

/** The largest body any endpoint takes: a card image in hex with room to spare. */
export const BODY_LIMIT_BYTES = 256 * 1024;

/** Made once: making it costs more than reading a body with it. */
const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/** Reads the body to its end, at most `limit` bytes; more is `request.too-large` and stops the reading. */
export async function readBody(request: IncomingMessage, limit = BODY_LIMIT_BYTES): Promise<Buffer> {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new ProblemError({
      code: 'request.unsupported-media',
      message: 'A compressed body is not accepted. Send it uncompressed.',
    });
  }
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  return collect(request, limit);
}

/** By its events: an iterator over a stream costs several times as much, and every request passes here. */
function collect(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const cut = (cause?: unknown): void => {
      reject(
        new ProblemError({
          code: 'request.malformed',
          message: 'The request ended before its body did. Send it again.',
          cause,
        }),
      );
    };
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
      else reject(tooLarge(limit));
    });
    request.once('end', () => {
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
    });
    request.once('error', cut);
    request.once('close', () => {
      if (!request.readableEnded) cut();
    });
    if (request.destroyed) cut();
  });
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
    return JSON.parse(UTF_8.decode(body)) as unknown;
  } catch {
    throw new ProblemError({
      code: 'request.malformed',
      message: 'The body is not JSON in UTF-8. Correct it and send it again.',
      errors: [{ pointer: '/body', detail: 'is not JSON' }],
    });
  }
}

function tooLarge(limit: number): ProblemError {
  return new ProblemError({
    code: 'request.too-large',
    message: `The body is larger than ${limit} bytes. Send a smaller one.`,
  });
}
