import { describe, expect, it } from 'vitest';
import { codeOf } from '../errors.ts';
import { ManualClock, settled } from '../testing/manual-clock.ts';
import type { PcscPort } from '../usb/ports.ts';
import { openPcscPort } from './pcsc-port.ts';
import type { PcscChild } from './pcsc-port.ts';
import type { PcscMessage, PcscRequest } from './pcsc-messages.ts';

const READER = 'ACS ACR38U-CCID 00 00';
const SELECT = Uint8Array.of(0x00, 0xa4, 0x00, 0x00, 0x02, 0x3f, 0x00);

/** A child that says what a test lets it say. */
class FakeChild implements PcscChild {
  readonly requests: PcscRequest[] = [];
  killed = false;
  readonly #messages: ((message: unknown) => void)[] = [];
  readonly #exits: (() => void)[] = [];

  send(request: PcscRequest): void {
    this.requests.push(request);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#messages.push(listener);
  }

  onExit(listener: () => void): void {
    this.#exits.push(listener);
  }

  kill(): void {
    this.killed = true;
  }

  async says(...messages: PcscMessage[]): Promise<void> {
    for (const message of messages) for (const listener of this.#messages) listener(message);
    await settled();
  }

  async exits(): Promise<void> {
    for (const listener of this.#exits) listener();
    await settled();
  }

  /** Answers the newest request. */
  async answers(answer: Pick<Extract<PcscMessage, { type: 'done' }>, 'data' | 'protocol'>): Promise<void> {
    await this.says({ type: 'done', id: this.requests.at(-1)?.id ?? 0, ...answer });
  }
}

class Rig {
  readonly clock = new ManualClock();
  readonly children: FakeChild[] = [];
  readonly opened: Promise<PcscPort>;

  constructor() {
    this.opened = openPcscPort({
      clock: this.clock,
      start: () => {
        const child = new FakeChild();
        this.children.push(child);
        return child;
      },
    });
    this.opened.catch(() => undefined);
  }

  get child(): FakeChild {
    const child = this.children.at(-1);
    if (child === undefined) throw new Error('no child was started');
    return child;
  }

  /** Ready, with one reader and a card in it. */
  async ready(): Promise<PcscPort> {
    await this.child.says({ type: 'ready' }, { type: 'reader', reader: READER, atr: '3B00' });
    return this.opened;
  }
}

async function connected(): Promise<{
  rig: Rig;
  port: PcscPort;
  card: Awaited<ReturnType<PcscPort['connect']>>;
}> {
  const rig = new Rig();
  const port = await rig.ready();
  const connecting = port.connect(READER);
  await settled();
  await rig.child.answers({ protocol: 0 });
  return { rig, port, card: await connecting };
}

/** The code that it fails with, or what it gives. */
function outcome(work: Promise<unknown>): Promise<unknown> {
  return work.catch((error: unknown) => codeOf(error) ?? error);
}

describe('the PC/SC port', () => {
  it('says that there is no service when its process ends before finding one', async () => {
    const rig = new Rig();
    await rig.child.exits();
    expect(await outcome(rig.opened)).toBe('pcsc.no-service');
  });

  it('says the same of a process that sits in the library’s busy loop, and ends it', async () => {
    const rig = new Rig();
    await rig.clock.advance(10_000);
    expect(await outcome(rig.opened)).toBe('pcsc.no-service');
    expect(rig.child.killed).toBe(true);
  });

  it('gives up a command that takes too long by ending the process, since the library cannot', async () => {
    const { rig, port, card } = await connected();
    const answer = outcome(card.transmit(SELECT, 3_000));
    await rig.clock.advance(3_000);
    expect(await answer).toBe('pcsc.timeout');
    expect(rig.child.killed).toBe(true);
    expect(await port.readers()).toEqual([]);
    await port.close();
  });

  it('ends what is under way when the service is lost, and finds the readers again when it is back', async () => {
    const { rig, port, card } = await connected();
    let changes = 0;
    port.onChange(() => changes++);
    const answer = outcome(card.transmit(SELECT, 3_000));
    await rig.child.exits();
    expect(await answer).toBe('pcsc.no-service');
    expect(await port.readers()).toEqual([]);
    expect(changes).toBe(1);

    await rig.clock.advance(5_000);
    await rig.child.exits(); // Still away.
    await rig.clock.advance(5_000);
    expect(rig.children.length).toBe(3);
    await rig.ready();
    expect(await port.readers()).toEqual([{ name: READER, atr: Uint8Array.of(0x3b, 0x00) }]);
    expect(await outcome(card.transmit(SELECT, 3_000))).toBe('pcsc.removed');
    await port.close();
  });

  it.each([
    ['a nameless failure', { type: 'failed', code: 'pcsc.io', status: '80100016' }],
    ['a success without an answer', { type: 'done', data: '' }],
  ] as const)('takes %s for a removal when the card turns out to have left', async (_, end) => {
    const { rig, port, card } = await connected();
    for (const leaves of [false, true]) {
      const answer = outcome(card.transmit(SELECT, 3_000));
      await rig.child.says({ ...end, id: rig.child.requests.at(-1)?.id ?? 0 });
      if (leaves) await rig.child.says({ type: 'reader', reader: READER });
      else await rig.clock.advance(1_500);
      expect(await answer).toBe(leaves ? 'pcsc.removed' : 'pcsc.io');
    }
    await port.close();
  });

  it('gives a card to the last one that connected', async () => {
    const { rig, port, card } = await connected();
    const second = port.connect(READER);
    await settled();
    await rig.child.answers({ protocol: 1 });
    expect((await second).protocol).toBe(1);
    expect(await outcome(card.transmit(SELECT, 3_000))).toBe('pcsc.removed');
    await card.disconnect();
    expect(rig.child.requests.map(({ op }) => op)).toEqual(['connect', 'connect']);
    await port.close();
  });

  it('closed, asks for nothing more and ends its process', async () => {
    const { rig, port } = await connected();
    await port.close();
    expect(rig.child.killed).toBe(true);
    await rig.child.exits();
    await rig.clock.advance(60_000);
    expect(rig.children.length).toBe(1);
  });
});
