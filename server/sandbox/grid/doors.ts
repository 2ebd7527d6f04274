import type { Server } from 'node:http';
import {
  closeListener,
  createListener,
  openListener,
  THIS_MACHINE,
  type ListenerInit,
} from '@bianmin/purchase/node/listener';
import { faultsOf } from '../faults-of.ts';

/** Where a sandbox is asked: it can be shut and opened again, and stand still. */
export class Doors {
  readonly #server: Server;
  /** Resolves when it goes on; absent while it does. */
  #still: Promise<void> | undefined;

  constructor({ answer, upgrade }: Required<Pick<ListenerInit, 'answer' | 'upgrade'>>) {
    this.#server = createListener({
      admits: THIS_MACHINE,
      answer: async (request, response, path) => {
        await this.#still;
        await answer(request, response, path);
      },
      upgrade,
      onFault: faultsOf('grid sandbox'),
      // Between two of a server's requests: longer than its own idle time, so that a kept connection never dies under one.
      keepAliveMs: 60_000,
    });
  }

  /** Gives its address; 0: any free port. */
  open(at: { port: number; host: string }): Promise<string> {
    return openListener(this.#server, at);
  }

  /** Nothing is answered until what this gives is called. */
  standStill(): () => void {
    let goOn = (): void => undefined;
    this.#still = new Promise((resolve) => {
      goOn = resolve;
    });
    return () => {
      this.#still = undefined;
      goOn();
    };
  }

  /** Ends every connection, whatever is under way on it, and frees the port. */
  close(): Promise<void> {
    return closeListener(this.#server);
  }
}
