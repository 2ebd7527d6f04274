import type { Connect } from '../../../../terminal-app/src/host/order-stream.ts';
import { orderView } from '@bianmin/purchase/api/order';

/** One terminal's stream, opened again from its last event as soon as it has ended, and what it told. */
export class Watcher {
  /** Highest version and last state of each order that the stream told of. */
  readonly told = new Map<string, { version: number; state: string }>();
  opened = 0;
  readonly failures: string[] = [];
  readonly #streamUrl: (lastEventId?: string) => Promise<string>;
  readonly #connect: Connect;
  #lastEventId: string | undefined;
  #open: { close(): void } | undefined;
  #closed = false;

  constructor(init: { streamUrl: (lastEventId?: string) => Promise<string>; connect: Connect }) {
    this.#streamUrl = init.streamUrl;
    this.#connect = init.connect;
  }

  async begin(): Promise<void> {
    const url = await this.#streamUrl(this.#lastEventId);
    await new Promise<void>((resolve) => {
      let opened = false;
      this.#open = this.#connect(url, {
        open: () => {
          opened = true;
          this.opened += 1;
          resolve();
        },
        order: (id, data) => {
          this.#lastEventId = id;
          this.#tell(data);
        },
        end: () => {
          if (!opened) this.failures.push('a stream could not be opened');
          resolve();
          if (!this.#closed) void this.begin().catch((error: unknown) => this.failures.push(String(error)));
        },
      });
    });
  }

  #tell(data: string): void {
    const { orderNo, version, state } = orderView.parse(JSON.parse(data));
    if ((this.told.get(orderNo)?.version ?? -1) < version) this.told.set(orderNo, { version, state });
  }

  close(): void {
    this.#closed = true;
    this.#open?.close();
  }
}
