import { describe, expect, it } from 'vitest';
import { concatBytes } from '../bytes/compare.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { SLOT_ERROR } from '../framing/ccid/slot-error.ts';
import { settled } from '../testing/manual-clock.ts';
import { plainCard } from '../testing/sim-card-line-plain.ts';
import { T1_ATR, outcomeOf, readCard, readOf, readerRig } from '../testing/sim-reader-rig.ts';
import { LOOK_MS } from './ccid-reader.ts';
import { ReaderError } from './error.ts';

describe('several slots', () => {
  it('work at once where the reader can', async () => {
    const { clock, reader, session } = readerRig({ slots: 3, busySlots: 3 });
    const sessions = [await session(0), await session(1), await session(2)];
    reader.faults.slowMs = 1_000;
    const asked = sessions.map((open, i) => outcomeOf(open.transmit(readOf(4 + i))));
    await settled();
    await clock.advance(1_000);
    expect(await Promise.all(asked)).toEqual(['6 bytes', '7 bytes', '8 bytes']);
  });

  it('take turns where it cannot, and none of them is refused', async () => {
    const { clock, reader, session, sent } = readerRig({ slots: 3, busySlots: 2 });
    const sessions = [await session(0), await session(1), await session(2)];
    reader.faults.slowMs = 1_000;
    sent.length = 0;
    const asked = sessions.map((open, i) => outcomeOf(open.transmit(readOf(4 + i))));
    await settled();
    expect(sent.length).toBe(2);
    await clock.advance(1_000);
    expect(sent.length).toBe(3);
    await clock.advance(1_000);
    expect(await Promise.all(asked)).toEqual(['6 bytes', '7 bytes', '8 bytes']);
  });

  it('do not hear of each other’s time-outs', async () => {
    const { clock, reader, session } = readerRig({ slots: 2, busySlots: 2 });
    const [first, second] = [await session(0), await session(1)];
    reader.faults.hang = true;
    const hung = outcomeOf(first.transmit(readOf(4)));
    await settled();
    // The second talks on all the while, which puts the first's time off by nothing.
    const talk: string[] = [];
    for (let i = 0; i < 40; i++) {
      talk.push(await outcomeOf(second.transmit(readOf(5))));
      await clock.advance(100);
    }
    expect(await hung).toBe('reader.timeout');
    expect(new Set(talk)).toEqual(new Set(['7 bytes']));
    expect(await outcomeOf(first.transmit(readOf(4)))).toBe('6 bytes');
  });
});

describe('interrupts', () => {
  it('that stall for ever are replaced by looking', async () => {
    let reads = 0;
    const { clock, reader, opened } = readerRig({
      change: (port) => ({
        interruptIn: (length, ms) => {
          reads++;
          return port.interruptIn(length, ms);
        },
      }),
    });
    const seen: boolean[] = [];
    opened.slots[0]?.onChange((present) => seen.push(present));
    reader.faults.stallInterrupts = true;
    await clock.advance(LOOK_MS);
    reads = 0;
    reader.insert(readCard());
    await clock.advance(5 * LOOK_MS);
    expect(seen).toEqual([true]);
    expect(reads).toBeLessThan(10);
  });

  it.each([
    ['one notice for both', [true]],
    ['two notices', [false, true]],
  ] as const)('that come after the next card has power end no session of it: %s', async (_, notices) => {
    const { reader, opened, session } = readerRig();
    const [slot] = opened.slots;
    const first = await session();
    await settled();
    reader.faults.silent = true;
    reader.eject();
    expect(await outcomeOf(first.transmit(readOf(4)))).toBe('reader.removed');
    expect(await slot?.present()).toBe(false);
    reader.insert(readCard());
    const next = await session();
    for (const present of notices) reader.announce(present);
    await settled();
    expect(await outcomeOf(next.transmit(readOf(4)))).toBe('6 bytes');
    // What it says of what came after does.
    reader.eject();
    reader.announce(false);
    await settled();
    expect(await outcomeOf(next.transmit(readOf(4)))).toBe('reader.removed');
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
    const { reader, session } = readerRig();
    const open = await session();
    reader.faults.failNext = SLOT_ERROR[slotError];
    const error = await open.transmit(readOf(4)).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(ReaderError);
    expect(error).toMatchObject({ code: expected, context: { slotError } });
    expect(await outcomeOf(open.transmit(readOf(4)))).toBe('6 bytes');
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
      const { reader, opened } = readerRig({ level: 'extended-apdu' });
      const seen: string[] = [];
      const answer = new Uint8Array(1_000).map((_, i) => i);
      reader.insert(
        plainCard(T1_ATR, (apdu) => {
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
    const { reader, opened } = readerRig();
    const seen: number[] = [];
    reader.insert(
      plainCard(T1_ATR, (apdu) => {
        seen.push(apdu.length);
        return fromHex('9000');
      }),
    );
    const open = await opened.slots[0]?.open();
    expect(toHex((await open?.transmit(write(1_000))) ?? new Uint8Array())).toBe('9000');
    expect(seen).toEqual([1_007]);
  });

  it('is refused where the reader takes short ones and chains by itself', async () => {
    const { reader, opened } = readerRig({ level: 'short-apdu' });
    reader.insert(readCard(T1_ATR));
    const open = await opened.slots[0]?.open();
    expect(await outcomeOf(open?.transmit(write(300)) ?? Promise.resolve())).toBe('reader.unsupported');
    expect(await outcomeOf(open?.transmit(readOf(4)) ?? Promise.resolve())).toBe('6 bytes');
  });
});
