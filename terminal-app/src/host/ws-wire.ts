import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import { parseJson } from '@bianmin/card/json-text';
import { createSockets, takeMessages } from '@bianmin/purchase/node/listener-sockets';
import { answerFrom } from '../ipc/answer.ts';
import { HOST_EVENTS } from '../ipc/events.ts';
import type { HostEventBus } from '../ipc/events.ts';
import type { HostEvent, HostEvents } from '../ipc/map.ts';
import type { Router } from '../ipc/router.ts';
import { wireCallSchema } from '../ipc/schemas.ts';
import type { WireMessage } from '../ipc/wire.ts';

/** No request of the map is longer, bytes. */
const MAX_FRAME_BYTES = 16_384;
/** RFC 6455 §7.4.1: policy violation. */
const CLOSE_POLICY = 1008;

/** Carries the typed map on WebSockets. */
export class WsWire {
  readonly #sockets = createSockets(MAX_FRAME_BYTES);
  readonly #router: Router;
  readonly #onFault: (error: unknown) => void;
  readonly #offs: (() => void)[];

  constructor(init: {
    readonly router: Router;
    readonly events: HostEventBus;
    readonly onFault: (error: unknown) => void;
  }) {
    this.#router = init.router;
    this.#onFault = init.onFault;
    this.#offs = HOST_EVENTS.map((name) => this.#forward(init.events, name));
  }

  /** For a page that may have it. */
  open(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#sockets.handleUpgrade(request, socket, head, (opened) => {
      this.#take(opened);
    });
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
    // A socket that ends is opened again by its page.
    takeMessages(socket, {
      take: async (data, isBinary) => {
        const frame = isBinary ? undefined : frameOf(data);
        if (frame === undefined) socket.close(CLOSE_POLICY);
        else send(socket, await answerFrom(this.#router, frame));
      },
      onFault: this.#onFault,
    });
  }
}

function frameOf(data: RawData): { id: number; call: string; request: unknown } | undefined {
  try {
    // With the default `nodebuffer` type a text frame is one Buffer.
    const text = (data as Buffer).toString('utf8');
    return wireCallSchema.safeParse(parseJson(text)).data;
  } catch {
    return undefined;
  }
}

function send(socket: WebSocket, message: WireMessage): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
}
