import type { ServerResponse } from 'node:http';

/** Longest request: a card image with its envelope. */
export const MAX_REQUEST_BYTES = 131_072;

/** Answers with JSON, if anybody is still there to hear it. */
export function reply(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return; // the client gave up; its message was worked on all the same
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
