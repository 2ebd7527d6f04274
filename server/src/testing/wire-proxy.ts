import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A line to a store that can be spoiled: what passes it, passes as it is. */
export interface WireProxy {
  /** The far end's address, by way of here. */
  readonly url: string;
  /** Nothing passes any more, new connections are taken and hear nothing: as of a process that stands still. */
  stall(): void;
  /** What was held back passes now, and everything after it. */
  goOn(): void;
  /** Those that stand hear nothing any more, and nobody ends them; new ones pass: as after a firewall that forgot them. */
  forget(): void;
  /** New connections go to another store; those that stand stay. */
  leadTo(url: string): void;
  /** Ends every connection; new ones pass. */
  cut(): void;
  close(): Promise<void>;
}

/** Before the store at `url`, which is any address with a host and a port. */
export async function openWireProxy(url: string): Promise<WireProxy> {
  let far = new URL(url);
  const sockets = new Set<Socket>();
  let stalled = false;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    if (stalled) socket.pause();
    return socket;
  };
  const server = createServer((near) => {
    const store = keep(connect(Number(far.port), far.hostname));
    keep(near);
    for (const [from, to] of [
      [near, store],
      [store, near],
    ] as const) {
      from.on('data', (bytes) => to.write(bytes));
      from.on('end', () => to.end());
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
    // Who listens for data lets it flow.
    if (stalled) for (const socket of [near, store]) socket.pause();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const here = new URL(url);
  here.hostname = '127.0.0.1';
  here.port = String((server.address() as AddressInfo).port);
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: here.href,
    stall() {
      stalled = true;
      for (const socket of sockets) socket.pause();
    },
    goOn() {
      stalled = false;
      for (const socket of sockets) socket.resume();
    },
    forget() {
      for (const socket of sockets) {
        socket.removeAllListeners('data');
        socket.pause();
      }
    },
    leadTo(next) {
      far = new URL(next);
    },
    cut,
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
