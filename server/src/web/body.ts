import type { IncomingMessage } from 'node:http';
import { JsonTextError } from '@bianmin/card/json-text';
import { BodyError, jsonIn, readBytes, type BodyErrorCode } from '@bianmin/purchase/node/body';
import type { ProblemCode } from '@bianmin/purchase/api/problem';
import { ProblemError } from '../kernel/problem.ts';

/** The largest body any endpoint takes: a card image in hex with room to spare. */
export const BODY_LIMIT_BYTES = 256 * 1024;

const CODES: Readonly<Record<BodyErrorCode, ProblemCode>> = {
  'body.too-large': 'request.too-large',
  'body.cut-off': 'request.malformed',
  'body.compressed': 'request.unsupported-media',
};

/** Reads the body to its end, at most `limit` bytes; more is `request.too-large` and stops the reading. */
export async function readBody(request: IncomingMessage, limit = BODY_LIMIT_BYTES): Promise<Buffer> {
  try {
    return await readBytes(request, limit);
  } catch (cause) {
    if (!(cause instanceof BodyError)) throw cause;
    throw new ProblemError({ code: CODES[cause.code], message: cause.message, cause });
  }
}

/** JSON text in UTF-8. The error says where, never what: a body may hold secrets. */
export function parseBody(contentType: string | undefined, body: Buffer): unknown {
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(contentType ?? '')) {
    throw new ProblemError({
      code: 'request.unsupported-media',
      message: 'The body must be JSON: send Content-Type: application/json.',
    });
  }
  try {
    return jsonIn(body);
  } catch (cause) {
    if (!(cause instanceof JsonTextError)) throw cause;
    throw new ProblemError({
      code: 'request.malformed',
      message: 'The body is not JSON in UTF-8, or is nested too deep. Correct it and send it again.',
      errors: [
        { pointer: '/body', detail: cause.code === 'json.too-deep' ? 'is nested too deep' : 'is not JSON' },
      ],
      cause,
    });
  }
}
