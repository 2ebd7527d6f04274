import { describe, expect, it } from 'vitest';
import { concatBytes } from '../bytes/compare.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { SLOT_ERROR } from '../framing/ccid/slot-error.ts';
import { decodeCommand } from '../framing/ccid/message.ts';
import { fakeWebUsbDevice } from '../testing/fake-web-usb.ts';
import { ManualClock, settled } from '../testing/manual-clock.ts';
import { plainCard } from '../testing/sim-card-line-plain.ts';
import { SimulatedReader } from '../testing/sim-reader.ts';
import type { SimulatedReaderInit } from '../testing/sim-reader.ts';
import type { UsbPort } from '../usb/ports.ts';
import { openWebUsbPort } from '../usb/web-usb-port.ts';
import { READ_MS } from './ccid-link.ts';
import { LOOK_MS, openCcidReader } from './ccid-reader.ts';
import type { CcidReader } from './ccid-reader.ts';
import { ReaderError } from './error.ts';
import type { CardSession } from './slot.ts';

const T0_CARD = fromHex('3B00');
const T1_CARD = fromHex('3B808131FE458B');
/** Answered by as many bytes as P2 says, and 9000. */
const read = (bytes: number): Uint8Array => Uint8Array.of(0x00, 0xb0, 0x00, bytes & 0xff, bytes & 0xff);

const card = (atr = T0_CARD) =>
  plainCard(atr, (apdu) =>
    concatBytes(new Uint8Array(apdu[3] === 0 ? 256 : (apdu[3] ?? 0)).fill(apdu[3] ?? 0), fromHex('9000')),
  );

interface Rig {
  readonly clock: ManualClock;
  readonly reader: SimulatedReader;
  readonly opened: CcidReader;
  readonly sent: string[];
  session(slot?: number): Promise<CardSession>;
}

function rig(
  init: Partial<SimulatedReaderInit> = {},
  change: (port: UsbPort) => Partial<UsbPort> = () => ({}),
): Rig {
  const clock = new ManualClock();
  const reader = new SimulatedReader({ clock, ...init });
  const port = reader.attach();
  const sent: string[] = [];
  const spied: UsbPort = {
    ...port,
    bulkOut: (bytes, ms) => {
      const { name, seq, slot } = decodeCommand(bytes);
      // Asked now and then, by the way.
      if (name !== 'getSlotStatus') sent.push(`${name} ${slot}:${seq}`);
      return port.bulkOut(bytes, ms);
    },
    controlAbort: (slot, seq, ms) => {
      sent.push(`control abort ${slot}:${seq}`);
      return port.controlAbort(slot, seq, ms);
    },
    ...change(port),
  };
  const opened = openCcidReader(spied, clock);
  return {
    clock,
    reader,
    opened,
    sent,
    session: (index = 0) => {
      const slot = opened.slots[index];
      if (slot === undefined) throw new Error('no slot');
      reader.insert(card(), index);
      return slot.open();
    },
  };
}

async function code(work: Promise<unknown>): Promise<string> {
  return work.then(
    (answer) => (answer instanceof Uint8Array ? `${answer.length} bytes` : 'no error'),
    (error: unknown) => (error instanceof ReaderError ? error.code : String(error)),
  );
}

/** Lets so much time pass, step by step, until the work is done. */
async function within(clock: ManualClock, ms: number, work: Promise<string>): Promise<string> {
  const ended = { is: false };
  void work.then(() => (ended.is = true));
  for (let passed = 0; passed < ms && !ended.is; passed += 100) await clock.advance(100);
  expect(ended.is, `within ${ms} ms`).toBe(true);
  return work;
}

describe('a command that is not answered', () => {
  it('is aborted on both pipes with its own number', async () => {
    const { clock, reader, sent, session } = rig();
    const open = await session();
    reader.faults.hang = true;
    sent.length = 0;
    const asked = code(open.transmit(read(4)));
    await settled();
    const number = sent[0]?.split(':')[1];
    expect(await within(clock, READ_MS + 100, asked)).toBe('reader.timeout');
    expect(sent).toEqual([`xfrBlock 0:${number}`, `control abort 0:${number}`, `abort 0:${number}`]);
    expect(await code(open.transmit(read(4)))).toBe('6 bytes');
  });

  it('leaves its late answer to nobody', async () => {
    const { clock, reader, session } = rig();
    const open = await session();
    reader.faults.late = true;
    const asked = code(open.transmit(read(9)));
    await settled();
    // The answer comes in front of the abort's own.
    expect(await within(clock, READ_MS + 100, asked)).toBe('reader.timeout');
    expect(await code(open.transmit(read(4)))).toBe('6 bytes');
  });

  it.each(['stall', 'refuse'] as const)(
    'costs the card its power where aborts are not known (%s)',
    async (noAbort) => {
      const { clock, reader, opened, sent, session } = rig();
      const open = await session();
      reader.faults = { hang: true, noAbort };
      const asked = code(open.transmit(read(4)));
      await settled();
      expect(await within(clock, READ_MS + 2_000, asked)).toBe('reader.timeout');
      expect(sent.at(-1)).toMatch(/^iccPowerOff/);
      expect(reader.slot().powered).toBe(false);
      expect(await code(open.transmit(read(4)))).toBe('reader.removed');
      const again = await opened.slots[0]?.open();
      expect(await code(again?.transmit(read(4)) ?? Promise.resolve())).toBe('6 bytes');
    },
  );

  it('is one whose answer is longer than the reader can deliver, whatever it claims', async () => {
    const { clock, reader, session } = rig({ level: 'extended-apdu', maxMessage: 500 });
    const open = await session();
    reader.faults.deliversAtMost = 200;
    expect(await code(open.transmit(read(180)))).toBe('182 bytes');
    const asked = code(open.transmit(read(0)));
    await settled();
    expect(await within(clock, READ_MS + 100, asked)).toBe('reader.timeout');
    expect(await code(open.transmit(read(180)))).toBe('182 bytes');
  });
});

describe('time', () => {
  it('is granted by the multiple that the reader asks for', async () => {
    const { clock, reader, session } = rig({ slots: 1 });
    const open = await session();
    reader.faults = { timeExtensions: 1, extensionFactor: 5, late: false };
    // The extension arrives, its answer does not.
    reader.faults.deliversAtMost = 10;
    const asked = code(open.transmit(read(4)));
    await settled();
    await clock.advance(5 * READ_MS - 1);
    reader.faults = {};
    expect(await within(clock, 200, asked)).toBe('reader.timeout');
  });

  it('is multiplied where a T=1 card asks for it, for the reader too', async () => {
    const bwi: number[] = [];
    const clock = new ManualClock();
    const reader = new SimulatedReader({ clock });
    const port = reader.attach();
    const opened = openCcidReader(
      {
        ...port,
        bulkOut: (bytes, ms) => {
          const { name, parameters } = decodeCommand(bytes);
          if (name === 'xfrBlock') bwi.push(parameters[0]);
          return port.bulkOut(bytes, ms);
        },
      },
      clock,
    );
    reader.insert(card(T1_CARD));
    const open = await opened.slots[0]?.open();
    bwi.length = 0;
    const line = reader.slot().t1;
    if (line !== undefined) line.wtx = 1;
    expect(await code(open?.transmit(read(4)) ?? Promise.resolve())).toBe('6 bytes');
    expect(bwi).toEqual([0, 2]);
  });

  it('is as long as a slow card needs by its answer to reset', async () => {
    const { clock, reader, opened } = rig();
    // WI 40 (TC2): 3.57 s between two characters.
    reader.insert(card(fromHex('3B804028')));
    const open = await opened.slots[0]?.open();
    reader.faults.slowMs = 8_000;
    const asked = code(open?.transmit(read(4)) ?? Promise.resolve());
    await settled();
    expect(await within(clock, 8_100, asked)).toBe('6 bytes');
  });
});

describe('a stall', () => {
  it.each(['stall', 'stallOut'] as const)(
    'is cleared, and the next command goes through (%s)',
    async (fault) => {
      const { reader, session } = rig();
      const open = await session();
      reader.faults[fault] = true;
      expect(await code(open.transmit(read(4)))).toBe('reader.io');
      expect(await code(open.transmit(read(4)))).toBe('6 bytes');
    },
  );
});

describe.each(['tpdu', 'extended-apdu'] as const)('packets at %s level', (level) => {
  // 10 + 52 + 2 and 10 + 116 + 2 bytes fill one and two packets of 64.
  const lengths = [51, 52, 53, 115, 116, 117, 180];

  it.each([false, true])(
    'end messages with or without an empty one (without: %s)',
    async (noZeroLengthPacket) => {
      const { reader, session } = rig({ level });
      const open = await session();
      reader.faults.noZeroLengthPacket = noZeroLengthPacket;
      for (const length of lengths)
        expect(await code(open.transmit(read(length)))).toBe(`${length + 2} bytes`);
    },
  );

  it('need no end where the platform knows their size', async () => {
    const clock = new ManualClock();
    const reader = new SimulatedReader({ clock, level });
    const device = fakeWebUsbDevice(reader);
    const port = await openWebUsbPort({ device, info: reader.info, clock, gone: () => false });
    reader.insert(card());
    const open = await openCcidReader(port, clock).slots[0]?.open();
    reader.faults.noZeroLengthPacket = true;
    for (const length of lengths) {
      expect(await code(open?.transmit(read(length)) ?? Promise.resolve())).toBe(`${length + 2} bytes`);
    }
  });

  it('end messages with an empty one where nothing is known of packets', async () => {
    const { session } = rig({ level }, ({ bulkIn }) => ({ packetSize: undefined as never, bulkIn }));
    const open = await session();
    for (const length of lengths) expect(await code(open.transmit(read(length)))).toBe(`${length + 2} bytes`);
  });
});

describe('a power-up', () => {
  it('without a card is no card, whatever the reader sends along', async () => {
    const { reader, opened } = rig();
    reader.faults.staleAtr = T0_CARD;
    expect(await code(opened.slots[0]?.open() ?? Promise.resolve())).toBe('reader.no-card');
  });
});

describe('a reader that is unplugged', () => {
  it.each([1, 5, 11, 17, 30])('in the middle of a transfer says so (%i bytes later)', async (bytes) => {
    const { reader, opened, session } = rig();
    const open = await session();
    reader.faults.unplugAfterBytes = bytes;
    const outcomes = [await code(open.transmit(read(4))), await code(open.transmit(read(4)))];
    expect(outcomes).toContain('reader.gone');
    await opened.gone;
  });
});

describe('several slots', () => {
  it('work at once where the reader can', async () => {
    const { clock, reader, session } = rig({ slots: 3, busySlots: 3 });
    const sessions = [await session(0), await session(1), await session(2)];
    reader.faults.slowMs = 1_000;
    const asked = sessions.map((open, i) => code(open.transmit(read(4 + i))));
    await settled();
    await clock.advance(1_000);
    expect(await Promise.all(asked)).toEqual(['6 bytes', '7 bytes', '8 bytes']);
  });

  it('take turns where it cannot, and none of them is refused', async () => {
    const { clock, reader, session, sent } = rig({ slots: 3, busySlots: 2 });
    const sessions = [await session(0), await session(1), await session(2)];
    reader.faults.slowMs = 1_000;
    sent.length = 0;
    const asked = sessions.map((open, i) => code(open.transmit(read(4 + i))));
    await settled();
    expect(sent.length).toBe(2);
    await clock.advance(1_000);
    expect(sent.length).toBe(3);
    await clock.advance(1_000);
    expect(await Promise.all(asked)).toEqual(['6 bytes', '7 bytes', '8 bytes']);
  });

  it('do not hear of each other’s time-outs', async () => {
    const { clock, reader, session } = rig({ slots: 2, busySlots: 2 });
    const [first, second] = [await session(0), await session(1)];
    reader.faults.hang = true;
    const hung = code(first.transmit(read(4)));
    await settled();
    // The second talks on all the while, which puts the first's time off by nothing.
    const talk: string[] = [];
    for (let i = 0; i < 40; i++) {
      talk.push(await code(second.transmit(read(5))));
      await clock.advance(100);
    }
    expect(await hung).toBe('reader.timeout');
    expect(new Set(talk)).toEqual(new Set(['7 bytes']));
    expect(await code(first.transmit(read(4)))).toBe('6 bytes');
  });
});

describe('interrupts', () => {
  it('that stall for ever are replaced by looking', async () => {
    let reads = 0;
    const { clock, reader, opened } = rig({}, (port) => ({
      interruptIn: (length, ms) => {
        reads++;
        return port.interruptIn(length, ms);
      },
    }));
    const seen: boolean[] = [];
    opened.slots[0]?.onChange((present) => seen.push(present));
    reader.faults.stallInterrupts = true;
    await clock.advance(LOOK_MS);
    reads = 0;
    reader.insert(card());
    await clock.advance(5 * LOOK_MS);
    expect(seen).toEqual([true]);
    expect(reads).toBeLessThan(10);
  });
});

describe('what a reader reports of a command', () => {
  it.each([
    ['mute', 'reader.timeout'],
    ['parity', 'reader.io'],
    ['overrun', 'reader.io'],
    ['hardware', 'reader.io'],
    ['procedureByteConflict', 'reader.protocol'],
    ['deactivatedProtocol', 'reader.unsupported'],
    ['busy', 'reader.io'],
    ['autoSequence', 'reader.io'],
    ['aborted', 'reader.timeout'],
    ['commandNotSupported', 'reader.unsupported'],
  ] as const)('is an error with a name: %s', async (slotError, expected) => {
    const { reader, session } = rig();
    const open = await session();
    reader.faults.failNext = SLOT_ERROR[slotError];
    const error = await open.transmit(read(4)).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(ReaderError);
    expect(error).toMatchObject({ code: expected, context: { slotError } });
    expect(await code(open.transmit(read(4)))).toBe('6 bytes');
  });
});

describe('an extended APDU', () => {
  /** Case 3 and 4 with so many bytes of data. */
  const write = (bytes: number, le = ''): Uint8Array =>
    concatBytes(
      fromHex('00D60000'),
      Uint8Array.of(0, bytes >> 8, bytes & 0xff),
      new Uint8Array(bytes).fill(7),
      fromHex(le),
    );

  it.each([250, 254, 255, 600, 2_000])(
    'of %i bytes of data goes in blocks, and its answer comes in blocks',
    async (bytes) => {
      const { reader, opened } = rig({ level: 'extended-apdu' });
      const seen: string[] = [];
      const answer = new Uint8Array(1_000).map((_, i) => i);
      reader.insert(
        plainCard(T1_CARD, (apdu) => {
          seen.push(toHex(apdu));
          return concatBytes(answer, fromHex('9000'));
        }),
      );
      const open = await opened.slots[0]?.open();
      const got = await open?.transmit(write(bytes, '0000'));
      expect(seen).toEqual([toHex(write(bytes, '0000'))]);
      expect(toHex(got ?? new Uint8Array())).toBe(toHex(answer) + '9000');
    },
  );

  it('goes in T=1 blocks where we speak it', async () => {
    const { reader, opened } = rig();
    const seen: number[] = [];
    reader.insert(
      plainCard(T1_CARD, (apdu) => {
        seen.push(apdu.length);
        return fromHex('9000');
      }),
    );
    const open = await opened.slots[0]?.open();
    expect(toHex((await open?.transmit(write(1_000))) ?? new Uint8Array())).toBe('9000');
    expect(seen).toEqual([1_007]);
  });

  it('is refused where the reader takes short ones and chains by itself', async () => {
    const { reader, opened } = rig({ level: 'short-apdu' });
    reader.insert(card(T1_CARD));
    const open = await opened.slots[0]?.open();
    expect(await code(open?.transmit(write(300)) ?? Promise.resolve())).toBe('reader.unsupported');
    expect(await code(open?.transmit(read(4)) ?? Promise.resolve())).toBe('6 bytes');
  });
});
