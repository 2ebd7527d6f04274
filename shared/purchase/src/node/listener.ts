import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { FAILED, refusalOf, refuse, refuseSocket, type Refusal } from './refusal.ts';
import { isAddress, isHost, isLocalPage, isNeighbour, isOrigin, pathOf } from './request-target.ts';

/** A whole request must be here by then; a slow sender holds a connection no longer. */
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
const READS: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD']);

/** Whose requests a listener takes, by headers as they came: they are compared and never parsed. */
export interface Admits {
  readonly host: (host: string) => boolean;
  /** Of what may change something, and of every socket; undefined: no page sent it. */
  readonly origin: (origin: string | undefined, host: string) => boolean;
}

/** For a listener that a proxy stands before, and whose callers prove themselves. */
export const ANYBODY: Admits = { host: () => true, origin: () => true };
/** For what is no product: by its address, and from pages of its own machine. */
export const THIS_MACHINE: Admits = {
  host: isAddress,
  origin: (origin, host) => isLocalPage(origin) || isNeighbour(origin, host),
};

export interface ListenerInit {
  readonly admits: Admits;
  /** Whatever it throws or rejects with ends this request alone: `refusalOf` says how. `path` is what `pathOf` makes of the target. */
  readonly answer: (request: IncomingMessage, response: ServerResponse, path: string) => unknown;
  /** Who wants another protocol; absent: it is a request like any other. As `answer`, and may use `refuseSocket`. */
  readonly upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer, path: string) => unknown;
  /** Told of what `answer` and `upgrade` did not foresee, and of connections that could not be taken. */
  readonly onFault: (error: unknown) => void;
  /** Told of what was refused before `answer` and `upgrade`. */
  readonly onRefused?: (code: Refusal['code']) => void;
  /** How long a connection without a request is kept, ms; absent: Node's 5 s. */
  readonly keepAliveMs?: number;
}

/**
 * The one way to make a server for HTTP: what is no request, is not spelt as we spell addresses, or comes under a name or
 * from a page that is not admitted, is refused before anything of ours looks at it; and an error in one request or
 * socket ends that one.
 */
export function createListener(init: ListenerInit): Server {
  const server = createServer({
    ...{ requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: HEADERS_TIMEOUT_MS },
    // A problem of ours says it.
    requireHostHeader: false,
    ...(init.keepAliveMs === undefined ? {} : { keepAliveTimeout: init.keepAliveMs }),
  });
  const inHand = new InHand();
  const refused = (refusal: Refusal): Refusal => {
    init.onRefused?.(refusal.code);
    return refusal;
  };
  server.on('request', (request, response) => {
    inHand.begin(request, response);
    // An answer that goes on after its end says so by an event, and one that nobody hears ends the process.
    response.on('error', init.onFault);
    const path = admitted(init.admits, request, !READS.has(request.method));
    if (typeof path !== 'string') {
      refuse(response, refused(path));
      return;
    }
    const failed = (error: unknown): void => {
      const refusal = refusalOf(error);
      if (refusal === FAILED) init.onFault(error);
      refuse(response, refusal);
    };
    guarded(() => init.answer(request, response, path), failed);
  });
  server.on('checkExpectation', (request, response) => {
    inHand.begin(request, response);
    refuse(response, refused(malformed('The Expect header asks for what this server cannot do.')));
  });
  const { upgrade } = init;
  if (upgrade !== undefined) {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      // Node no longer listens, and an error that nobody hears ends the process.
      socket.on('error', () => socket.destroy());
      const path = admitted(init.admits, request, true);
      if (typeof path !== 'string') {
        refuseSocket(socket, refused(path));
        return;
      }
      const failed = (error: unknown): void => {
        init.onFault(error);
        socket.destroy();
      };
      guarded(() => upgrade(request, socket, head, path), failed);
    });
  }
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!inHand.mayAnswer(socket)) socket.destroy();
    else refuseSocket(socket, refused(REFUSALS[error.code ?? ''] ?? NO_REQUEST));
  });
  server.on('error', (error) => {
    if (server.listening) init.onFault(error);
  });
  return server;
}

/** Listens, and gives `http://host:port`; rejects where the port is taken. 0: any free port. */
export async function openListener(server: Server, at: { host: string; port: number }): Promise<string> {
  const { host } = at;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Ends every connection, whatever is under way on it, and frees the port. */
export async function closeListener(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

/** The path of a request that is taken, or what is said to it instead. */
function admitted({ host, origin }: Admits, request: IncomingMessage, changes: boolean): string | Refusal {
  const { headers, rawHeaders } = request;
  if (!isHost(headers.host) || !hasOneHost(rawHeaders)) {
    return malformed('The Host header is missing, there twice, or no name. Send one.');
  }
  if (headers.origin !== undefined && !isOrigin(headers.origin)) {
    return malformed('The Origin header is none. Send one origin, or leave it out.');
  }
  if (!host(headers.host)) {
    return {
      code: 'request.misdirected',
      detail: 'This server does not have that name. Use its own address.',
    };
  }
  if (changes && !origin(headers.origin, headers.host)) {
    return { code: 'auth.csrf', detail: 'Pages of this origin may not ask for this. Use this server’s own.' };
  }
  const path = pathOf(request.url);
  return path ?? malformed('The address is not spelt as this server spells it. Send it as it was given.');
}

function hasOneHost(rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count === 1;
}

function malformed(detail: string): Refusal {
  return { code: 'request.malformed', detail };
}

const NO_REQUEST = malformed('What was sent is no HTTP request.');
/** By Node's code of an error of a connection. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: {
    code: 'request.headers-too-large',
    detail: 'Address and headers together are larger than 16 KiB. Send less.',
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    code: 'request.too-large',
    detail: 'The body’s chunk extensions are too large. Send none.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    code: 'request.timed-out',
    detail: 'The request took too long to arrive. Send it again, faster.',
  },
};

/** Runs it; `failed` hears what it throws or rejects with. */
function guarded(run: () => unknown, failed: (error: unknown) => void): void {
  try {
    const ending = run();
    if (ending instanceof Promise) ending.catch(failed);
  } catch (error) {
    failed(error);
  }
}

/** The answers that each connection still waits for: what is written past them would be taken for one of theirs. */
class InHand {
  readonly #answers = new WeakMap<Duplex, Set<ServerResponse>>();

  begin({ socket }: IncomingMessage, response: ServerResponse): void {
    const answers = this.#answers.get(socket) ?? new Set();
    this.#answers.set(socket, answers.add(response));
    response.once('close', () => answers.delete(response));
  }

  /** Where it waits for none, or for that to the request whose own body is what is wrong. */
  mayAnswer(socket: Duplex): boolean {
    const [first, ...others] = this.#answers.get(socket) ?? [];
    if (first === undefined) return true;
    return others.length === 0 && !first.headersSent && !first.req.complete;
  }
}
