import type { Clock } from '@bianmin/card/clock';
import { serveUsbPort } from '@bianmin/card/testing/remote-usb-server';
import { SimulatedReader } from '@bianmin/card/testing/sim-reader';
import type { SimulatedCard } from '@bianmin/card/testing/simulated-card';
import type { RawData, WebSocket } from 'ws';
import type { ReaderFaults, WorldReader } from './readers.ts';

/** Makes readers that speak CCID on a socket; see docs/sandbox.md for the messages. */
export function simulatedReader(init: { realTime: boolean; clock: Clock }): (id: string) => WorldReader {
  return (id) => new SocketReader(new SimulatedReader({ ...init, id }));
}

class SocketReader implements WorldReader {
  readonly #reader: SimulatedReader;
  #socket: WebSocket | undefined;

  constructor(reader: SimulatedReader) {
    this.#reader = reader;
  }

  get occupied(): boolean {
    return this.#reader.card !== undefined;
  }

  get connected(): boolean {
    return this.#socket !== undefined;
  }

  insert(card: SimulatedCard): void {
    card.cutHook = undefined;
    this.#reader.insert(card);
  }

  eject(): void {
    const card = this.#reader.eject();
    if (card !== undefined) card.cutHook = undefined;
  }

  setFaults({ cutAfterEepromOperations, ...faults }: ReaderFaults): void {
    this.#reader.faults = definedOnly(faults);
    const { card } = this.#reader;
    if (card === undefined) return;
    let left = cutAfterEepromOperations ?? 0;
    card.cutHook = left === 0 ? undefined : () => --left === 0;
  }

  attach(socket: WebSocket): void {
    this.#socket = socket;
    socket.once('close', () => {
      if (this.#socket === socket) this.#socket = undefined;
    });
    serveUsbPort(
      {
        send(text) {
          if (socket.readyState === socket.OPEN) socket.send(text);
        },
        onText(listener) {
          socket.on('message', (data: RawData, binary) => {
            try {
              if (binary) throw new TypeError('text frames only');
              listener((data as Buffer).toString('utf8'));
            } catch {
              socket.close(1002, 'not a request of the remote USB protocol');
            }
          });
        },
        onClose: (listener) => void socket.on('close', listener),
      },
      this.#reader,
    );
    // A broken line ends by `close`, which comes next.
    socket.on('error', () => undefined);
  }

  close(): void {
    this.#socket?.terminate();
  }
}

function definedOnly<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
