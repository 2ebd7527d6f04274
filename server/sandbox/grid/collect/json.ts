import type { IncomingMessage, ServerResponse } from 'node:http';

/** Longest request: a card image with its envelope. */
const MAX_REQUEST_BYTES = 131_072;

/** Answers with JSON, if anybody is still there to hear it. */
export function reply(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return; // the client gave up; its message was worked on all the same
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** The request's JSON, or undefined where it is none or too long. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_REQUEST_BYTES) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined; // answered as malformed
  }
}
