import type { IncomingMessage } from 'node:http';
import { CodedError } from '@bianmin/card/errors';
import { JsonTextError, parseJson } from '@bianmin/card/json-text';

export type BodyErrorCode = 'body.too-large' | 'body.cut-off' | 'body.compressed';

/** A body that cannot be had; a listener makes a problem of it. */
export class BodyError extends CodedError<BodyErrorCode> {}

/** Made once: making it costs more than reading a body with it. */
const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/** A body's bytes to its end, at most `limit`; what is more, cut off or compressed is a `BodyError`. */
export async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new BodyError({
      code: 'body.compressed',
      message: 'A compressed body is not accepted. Send it uncompressed.',
    });
  }
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  return collect(request, limit);
}

/** The JSON of a body in UTF-8; what is none is a `JsonTextError`. */
export async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  return jsonIn(await readBytes(request, limit));
}

/** JSON text in UTF-8. The error says what is wrong and repeats nothing: a body may hold secrets. */
export function jsonIn(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = UTF_8.decode(bytes);
  } catch {
    throw new JsonTextError({ code: 'json.malformed', message: 'The text is not UTF-8. Correct it.' });
  }
  return parseJson(text);
}

/** By its events: an iterator over a stream costs several times as much, and every request passes here. */
function collect(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const cut = (cause?: unknown): void => {
      reject(
        new BodyError({
          code: 'body.cut-off',
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

function tooLarge(limit: number): BodyError {
  return new BodyError({
    code: 'body.too-large',
    message: `The body is larger than ${limit} bytes. Send a smaller one.`,
  });
}
