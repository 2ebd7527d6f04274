import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A whole request must be here by then; a slow sender holds a connection no longer. */
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
/** Longer than nginx keeps its connections to us (60 s), so that it never meets one that we just closed. */
const KEEP_ALIVE_MS = 65_000;

export interface Listening {
  /** `http://host:port`, with the port that was given where 0 was asked for. */
  readonly url: string;
  /** Takes no further connection, lets requests finish for at most `graceMs`, then cuts. */
  close(graceMs: number): Promise<void>;
}

/** Serves on host and port; rejects where the port is taken. */
export async function listen(handler: RequestListener, host: string, port: number): Promise<Listening> {
  const server = createServer(
    {
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: HEADERS_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    handler,
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${name}:${(server.address() as AddressInfo).port}`,
    close: (graceMs) =>
      new Promise((resolve) => {
        const cut = setTimeout(() => {
          server.closeAllConnections();
        }, graceMs);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
