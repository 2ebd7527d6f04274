import type { Failure, SlotMessage, SlotRequest } from '../../node/slot-messages.ts';
import { FakeReaderChild } from './fake-reader-child.ts';

type Asked = Extract<SlotRequest, { readonly id: number }>;

/** A process with readers that says what the test wants, notes what it is asked, and gives signs of life unless it hangs. */
export class FakeSlotsChild extends FakeReaderChild<SlotMessage> {
  readonly asked: Asked[] = [];
  hangs = false;

  send(request: unknown): void {
    const asked = request as SlotRequest;
    if (asked.op !== 'ping') this.asked.push(asked);
    else if (!this.hangs) this.say({ type: 'alive' });
  }

  /** Answers the last request. */
  answer(part: { data?: string; session?: number; present?: boolean }): void {
    this.say({ type: 'done', id: this.asked.at(-1)?.id ?? 0, ...part });
  }

  fail(failure: Failure): void {
    this.say({ type: 'failed', id: this.asked.at(-1)?.id ?? 0, failure });
  }
}
