import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Clock } from '@bianmin/card/clock';
import { systemClock } from '@bianmin/card/node/system-clock';
import { FrameReader } from '../../../src/gateways/grid/agent-string/frame-reader.ts';
import type { GridFaults } from '../collect/faults.ts';
import type { GridKeys } from '../keys.ts';
import { Platform } from '../platform/operations.ts';
import type { World } from '../world/world.ts';
import { StringEndpoint } from './endpoint.ts';
import { SignOns } from './sign-ons.ts';

export interface StringServerOptions {
  readonly keys: GridKeys;
  /** The same households and books that collection v1 sells from. */
  readonly world: World;
  readonly faults: GridFaults;
  readonly host?: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
  readonly clock?: Clock;
  /** Life of working keys, ms. */
  readonly sessionMs?: number;
  /** ms by which clocks may differ. */
  readonly windowMs?: number;
}

export interface StringServer {
  /** `GRID_URL` for the server: `tcp://host:port`. */
  readonly url: string;
  /** Drops every connection, frees the port. */
  close(): Promise<void>;
}

const HOUR_MS = 3_600_000;
/** Longest wait for a frame to become whole, ms. */
const IDLE_MS = 60_000;

/** Starts the sandbox grid's other line: the string profile over TCP, one frame a connection. */
export async function createStringServer(options: StringServerOptions): Promise<StringServer> {
  const { keys, world, faults, host = '127.0.0.1', port = 0, clock = systemClock } = options;
  const { sessionMs = HOUR_MS, windowMs = 120_000 } = options;
  const now = (): number => clock.now();
  const books = world.books();
  const platform = new Platform(books);
  const endpoint = new StringEndpoint({
    signOns: new SignOns(keys, { lifeMs: sessionMs, windowMs }, now),
    faults,
    now,
    sleep: (ms) => clock.sleep(ms),
    entry: (orderNo) => books.sales.get(orderNo),
    operate(operation, request) {
      try {
        return platform.operate(operation, request);
      } finally {
        world.onChange();
      }
    },
    cutDay: () => void world.cutDay(),
  });

  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    serve(socket, endpoint);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    url: `tcp://${host}:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function serve(socket: Socket, endpoint: StringEndpoint): void {
  const reader = new FrameReader();
  socket.on('data', (chunk) => {
    try {
      const frame = reader.push(chunk);
      if (frame === undefined) return;
      endpoint.answer(frame).then(
        (answer) => (answer === undefined ? socket.destroy() : socket.end(answer)),
        () => socket.destroy(),
      );
    } catch {
      socket.destroy(); // no frame, so no sender to tell
    }
  });
}
