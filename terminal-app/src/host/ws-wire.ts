import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { RawData, WebSocket } from 'ws';
import { answerFrom } from '../ipc/answer.ts';
import { HOST_EVENTS } from '../ipc/events.ts';
import type { HostEventBus } from '../ipc/events.ts';
import type { HostEvent, HostEvents } from '../ipc/map.ts';
import type { Router } from '../ipc/router.ts';
import { wireCallSchema } from '../ipc/schemas.ts';
import { WIRE_PATH } from '../ipc/wire.ts';
import type { WireMessage } from '../ipc/wire.ts';

/** No request of the map is longer, bytes. */
const MAX_FRAME_BYTES = 16_384;
/** RFC 6455 §7.4.1: policy violation. */
const CLOSE_POLICY = 1008;

/** Carries the typed map on WebSockets of one HTTP server. */
export class WsWire {
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES });
  readonly #router: Router;
  readonly #offs: (() => void)[];

  constructor(init: {
    readonly server: Server;
    readonly router: Router;
    readonly events: HostEventBus;
    /** Whether the page that asks may have it. */
    readonly admits: (request: IncomingMessage) => boolean;
  }) {
    this.#router = init.router;
    init.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (new URL(request.url ?? '/', 'http://localhost').pathname !== WIRE_PATH || !init.admits(request)) {
        socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (opened) => {
        this.#take(opened);
      });
    });
    this.#offs = HOST_EVENTS.map((name) => this.#forward(init.events, name));
  }

  close(): void {
    for (const off of this.#offs) off();
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
  }

  #forward<K extends HostEvent>(events: HostEventBus, name: K): () => void {
    return events.on(name, (payload: HostEvents[K]) => {
      for (const socket of this.#sockets.clients) send(socket, { event: name, payload });
    });
  }

  #take(socket: WebSocket): void {
    // A broken socket closes; the page connects again by itself.
    socket.on('error', () => {
      socket.terminate();
    });
    socket.on('message', (data, isBinary) => {
      const frame = isBinary ? undefined : frameOf(data);
      if (frame === undefined) {
        socket.close(CLOSE_POLICY);
        return;
      }
      void answerFrom(this.#router, frame).then((answer) => {
        send(socket, answer);
      });
    });
  }
}

function frameOf(data: RawData): { id: number; call: string; request: unknown } | undefined {
  try {
    // With the default `nodebuffer` type a text frame is one Buffer.
    const text = (data as Buffer).toString('utf8');
    return wireCallSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function send(socket: WebSocket, message: WireMessage): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
}
