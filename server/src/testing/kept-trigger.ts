import type { Trigger } from '../adapters/queue/trigger.ts';

/** A queue that keeps what it is asked for: order, cause and delay, ms. */
export class KeptTrigger implements Trigger {
  readonly requests: (readonly [orderNo: string, cause: string, delayMs: number | undefined])[] = [];

  request(orderNo: string, cause: string, delayMs?: number): Promise<boolean> {
    this.requests.push([orderNo, cause, delayMs]);
    return Promise.resolve(true);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
