import { WebSocketServer, type RawData, type WebSocket } from 'ws';

/** RFC 6455 §7.4.1: the server met what it did not foresee. */
const CLOSE_FAILED = 1011;

/** WebSockets for a listener's `upgrade`. */
export function createSockets(maxPayload: number): WebSocketServer {
  return new WebSocketServer({ noServer: true, maxPayload });
}

/** Hands each message over. One for which `take` throws or rejects, or a broken connection, ends its socket alone. */
export function takeMessages(
  socket: WebSocket,
  init: {
    readonly take: (data: RawData, isBinary: boolean) => unknown;
    readonly onFault: (error: unknown) => void;
  },
): void {
  const failed = (error: unknown): void => {
    init.onFault(error);
    socket.close(CLOSE_FAILED);
  };
  socket.on('error', () => {
    socket.terminate();
  });
  socket.on('message', (data, isBinary) => {
    try {
      const taking = init.take(data, isBinary);
      if (taking instanceof Promise) taking.catch(failed);
    } catch (error) {
      failed(error);
    }
  });
}
