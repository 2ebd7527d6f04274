import type { Clock } from '@bianmin/card/clock';
import { Stop } from '@bianmin/card/stop';

/** What a printer said and was not read yet; the oldest is dropped, since only the newest state counts. */
const MOST = 1024;

/** Bytes as they come in, for the caller that asks. */
export class Inbox {
  readonly #clock: Clock;
  #bytes: number[] = [];
  #arrived = new Stop();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  push(bytes: Uint8Array): void {
    this.#bytes = [...this.#bytes, ...bytes].slice(-MOST);
    this.wake();
  }

  /** Ends the wait of `take`, with or without bytes. */
  wake(): void {
    this.#arrived.stop();
    this.#arrived = new Stop();
  }

  async take(timeoutMs: number): Promise<Uint8Array> {
    if (this.#bytes.length === 0) {
      await this.#clock.sleep(timeoutMs, this.#arrived.signal).catch(() => undefined);
    }
    const bytes = Uint8Array.from(this.#bytes);
    this.#bytes = [];
    return bytes;
  }
}
