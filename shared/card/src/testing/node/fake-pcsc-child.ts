import { UsbError } from '../../usb/error.ts';
import { ManualClock } from '../manual-clock.ts';
import type { PcscMessage, PcscRequest } from '../../node/pcsc-messages.ts';
import { openPcscPort } from '../../node/pcsc-port.ts';
import { FakeReaderChild } from './fake-reader-child.ts';

export const READER = 'ACS ACR38U-CCID 00 00';
export const ATR = '3B680000444C435055010000';

/** Notes what it is asked. */
class FakeChild extends FakeReaderChild<PcscMessage> {
  readonly asked: PcscRequest[] = [];

  send(request: PcscRequest): void {
    this.asked.push(request);
  }

  /** Answers the last request. */
  answer(part: Partial<Extract<PcscMessage, { type: 'done' }>> = {}): void {
    this.say({ type: 'done', id: this.asked.at(-1)?.id ?? 0, ...part });
  }
}

export async function rig() {
  const clock = new ManualClock();
  const children: FakeChild[] = [];
  const start = (): FakeChild => {
    const child = new FakeChild();
    children.push(child);
    return child;
  };
  const opening = openPcscPort({ clock, start });
  const [child] = children;
  if (child === undefined) throw new Error('no child was started');
  return { clock, children, opening, child };
}

/** A port whose reader holds a card. */
export async function ready() {
  const parts = await rig();
  parts.child.say({ type: 'ready' });
  const port = await parts.opening;
  parts.child.say({ type: 'reader', reader: READER, atr: ATR });
  return { ...parts, port };
}

export async function connected() {
  const parts = await ready();
  const connecting = parts.port.connect(READER);
  parts.child.answer({ protocol: 0 });
  return { ...parts, card: await connecting };
}

export async function code(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no error',
    (error: unknown) => (error instanceof UsbError ? error.code : String(error)),
  );
}
