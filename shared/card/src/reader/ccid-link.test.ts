import { describe, expect, it } from 'vitest';
import { fromHex } from '../bytes/hex.ts';
import { decodeCommand } from '../framing/ccid/message.ts';
import { ManualClock, settled } from '../testing/manual-clock.ts';
import { SimulatedReader } from '../testing/sim-reader.ts';
import { T0_ATR, T1_ATR, outcomeOf, readCard, readOf, readerRig, within } from '../testing/sim-reader-rig.ts';
import { READ_MS } from './ccid-link.ts';
import { openCcidReader } from './ccid-reader.ts';

describe('a command that is not answered', () => {
  it('is aborted on both pipes with its own number', async () => {
    const { clock, reader, sent, session } = readerRig();
    const open = await session();
    reader.faults.hang = true;
    sent.length = 0;
    const asked = outcomeOf(open.transmit(readOf(4)));
    await settled();
    const number = sent[0]?.split(':')[1];
    expect(await within(clock, READ_MS + 100, asked)).toBe('reader.timeout');
    expect(sent).toEqual([`xfrBlock 0:${number}`, `control abort 0:${number}`, `abort 0:${number}`]);
    expect(await outcomeOf(open.transmit(readOf(4)))).toBe('6 bytes');
  });

  it('gives its late answer to no later command', async () => {
    const { clock, reader, session } = readerRig();
    const open = await session();
    reader.faults.late = true;
    const asked = outcomeOf(open.transmit(readOf(9)));
    await settled();
    // The answer comes in front of the abort's own.
    expect(await within(clock, READ_MS + 100, asked)).toBe('reader.timeout');
    expect(await outcomeOf(open.transmit(readOf(4)))).toBe('6 bytes');
  });

  it.each(['stall', 'refuse'] as const)(
    'costs the card its power where aborts are not known (%s)',
    async (noAbort) => {
      const { clock, reader, opened, sent, session } = readerRig();
      const open = await session();
      reader.faults = { hang: true, noAbort };
      const asked = outcomeOf(open.transmit(readOf(4)));
      await settled();
      expect(await within(clock, READ_MS + 2_000, asked)).toBe('reader.timeout');
      expect(sent.at(-1)).toMatch(/^iccPowerOff/);
      expect(reader.slot().powered).toBe(false);
      expect(await outcomeOf(open.transmit(readOf(4)))).toBe('reader.removed');
      const again = await opened.slots[0]?.open();
      expect(await outcomeOf(again?.transmit(readOf(4)) ?? Promise.resolve())).toBe('6 bytes');
    },
  );

  it('is one whose answer is longer than the reader can deliver, whatever it claims', async () => {
    const { clock, reader, session } = readerRig({ level: 'extended-apdu', maxMessage: 500 });
    const open = await session();
    reader.faults.deliversAtMost = 200;
    expect(await outcomeOf(open.transmit(readOf(180)))).toBe('182 bytes');
    const asked = outcomeOf(open.transmit(readOf(0)));
    await settled();
    expect(await within(clock, READ_MS + 100, asked)).toBe('reader.timeout');
    expect(await outcomeOf(open.transmit(readOf(180)))).toBe('182 bytes');
  });
});

describe('time', () => {
  it('is granted by the multiple that the reader asks for', async () => {
    const { clock, reader, session } = readerRig({ slots: 1 });
    const open = await session();
    reader.faults = { timeExtensions: 1, extensionFactor: 5, late: false };
    // The extension arrives, its answer does not.
    reader.faults.deliversAtMost = 10;
    const asked = outcomeOf(open.transmit(readOf(4)));
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
    reader.insert(readCard(T1_ATR));
    const open = await opened.slots[0]?.open();
    bwi.length = 0;
    const line = reader.slot().t1;
    if (line !== undefined) line.wtx = 1;
    expect(await outcomeOf(open?.transmit(readOf(4)) ?? Promise.resolve())).toBe('6 bytes');
    expect(bwi).toEqual([0, 2]);
  });

  it('is as long as a slow card needs by its answer to reset', async () => {
    const { clock, reader, opened } = readerRig();
    // WI 40 (TC2): 3.57 s between two characters.
    reader.insert(readCard(fromHex('3B804028')));
    const open = await opened.slots[0]?.open();
    reader.faults.slowMs = 8_000;
    const asked = outcomeOf(open?.transmit(readOf(4)) ?? Promise.resolve());
    await settled();
    expect(await within(clock, 8_100, asked)).toBe('6 bytes');
  });
});

describe('a stall', () => {
  it.each(['stall', 'stallOut'] as const)(
    'is cleared, and the next command goes through (%s)',
    async (fault) => {
      const { reader, session } = readerRig();
      const open = await session();
      reader.faults[fault] = true;
      expect(await outcomeOf(open.transmit(readOf(4)))).toBe('reader.io');
      expect(await outcomeOf(open.transmit(readOf(4)))).toBe('6 bytes');
    },
  );
});

describe('a power-up', () => {
  it('without a card is no card, whatever the reader sends along', async () => {
    const { reader, opened } = readerRig();
    reader.faults.staleAtr = T0_ATR;
    expect(await outcomeOf(opened.slots[0]?.open() ?? Promise.resolve())).toBe('reader.no-card');
  });
});

describe('a reader that is unplugged', () => {
  it.each([1, 5, 11, 17, 30])('in the middle of a transfer says so (%i bytes later)', async (bytes) => {
    const { reader, opened, session } = readerRig();
    const open = await session();
    reader.faults.unplugAfterBytes = bytes;
    const outcomes = [await outcomeOf(open.transmit(readOf(4))), await outcomeOf(open.transmit(readOf(4)))];
    expect(outcomes).toContain('reader.gone');
    await opened.gone;
  });
});
