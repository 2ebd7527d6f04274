import { describe, expect, it } from 'vitest';
import { ManualClock, settled } from '../testing/manual-clock.ts';
import { outcomeOf, readCard, readOf, readerRig, within } from '../testing/sim-reader-rig.ts';
import { SimulatedReader } from '../testing/sim-reader.ts';
import { READ_MS } from './ccid-link.ts';
import { LOOK_MS, openCcidReader } from './ccid-reader.ts';

describe('the command of a card that left', () => {
  it('is aborted where the reader does not answer by itself', async () => {
    const { clock, reader, sent, session } = readerRig();
    const open = await session();
    reader.faults.hang = true;
    sent.length = 0;
    const asked = outcomeOf(open.transmit(readOf(4)));
    await settled();
    const number = sent[0]?.split(':')[1];
    reader.eject();
    await settled();
    expect(await asked).toBe('reader.removed');
    await clock.advance(299);
    expect(sent).toEqual([`xfrBlock 0:${number}`]);
    await clock.advance(1);
    expect(sent).toEqual([`xfrBlock 0:${number}`, `control abort 0:${number}`, `abort 0:${number}`]);
  });

  it('is left alone where the reader does', async () => {
    const { clock, reader, sent, session } = readerRig();
    const open = await session();
    reader.faults.slowMs = 200;
    sent.length = 0;
    const asked = outcomeOf(open.transmit(readOf(4)));
    await settled();
    reader.eject();
    await settled();
    expect(await asked).toBe('reader.removed');
    await clock.advance(1_000);
    expect(sent.map((command) => command.split(' ')[0])).toEqual(['xfrBlock']);
  });

  it('is not sent any more where it has to wait', async () => {
    const { clock, reader, opened, sent, session } = readerRig();
    const open = await session();
    reader.faults.hang = true;
    sent.length = 0;
    const looked = outcomeOf(opened.slots[0]?.present() ?? Promise.resolve());
    await settled();
    const asked = outcomeOf(open.transmit(readOf(4)));
    await settled();
    reader.eject();
    reader.insert(readCard());
    await settled();
    expect(await asked).toBe('reader.removed');
    // The look is for no card: it ends by its own time.
    expect(await within(clock, READ_MS + 100, looked)).toBe('reader.timeout');
    await clock.advance(100);
    expect(sent.filter((command) => command.startsWith('xfrBlock'))).toEqual([]);
  });

  it('does not disturb another slot', async () => {
    const { clock, reader, session } = readerRig({ slots: 2, busySlots: 2 });
    const [first, second] = [await session(0), await session(1)];
    reader.faults.hang = true;
    const asked = outcomeOf(first.transmit(readOf(4)));
    await settled();
    reader.eject(0);
    await settled();
    expect(await asked).toBe('reader.removed');
    for (let i = 0; i < 10; i++) {
      expect(await outcomeOf(second.transmit(readOf(5)))).toBe('7 bytes');
      await clock.advance(100);
    }
  });

  it('ends also where the reader is driven without a clock', async () => {
    const reader = new SimulatedReader({ clock: new ManualClock() });
    const [slot] = openCcidReader(reader).slots;
    reader.insert(readCard());
    const open = await slot?.open();
    reader.faults.hang = true;
    const asked = outcomeOf(open?.transmit(readOf(4)) ?? Promise.resolve());
    await settled();
    reader.eject();
    await settled();
    expect(await asked).toBe('reader.removed');
  });
});

describe('a power-up whose card leaves', () => {
  it('ends at once, and the next card is served', async () => {
    const { clock, reader, opened, session } = readerRig();
    const before = await session();
    await before.end();
    await settled();
    reader.faults.slowMs = 2_000;
    const opening = outcomeOf(opened.slots[0]?.open() ?? Promise.resolve());
    await settled();
    reader.eject();
    await settled();
    expect(await opening).toBe('reader.removed');
    reader.faults = {};
    const next = outcomeOf(session());
    expect(await within(clock, 5_000, next)).toBe('no error');
  });
});

describe('a session that is ended while it waits', () => {
  it('gets no answer, and the card’s command is not cut short', async () => {
    const { clock, reader, sent, session } = readerRig();
    const open = await session();
    reader.faults.slowMs = 1_000;
    sent.length = 0;
    const asked = outcomeOf(open.transmit(readOf(4)));
    await settled();
    const ended = open.end();
    await settled();
    expect(await asked).toBe('reader.removed');
    await within(clock, 3_000, ended);
    expect(sent.map((command) => command.split(' ')[0])).toEqual(['xfrBlock', 'iccPowerOff']);
  });
});

describe('a reader without notices', () => {
  it('ends the session of a card that it is found to have lost', async () => {
    const { clock, reader, session } = readerRig();
    reader.faults.silent = true;
    const open = await session();
    await clock.advance(LOOK_MS);
    reader.faults.keepsPower = true;
    reader.eject();
    await clock.advance(LOOK_MS);
    reader.insert(readCard());
    expect(await outcomeOf(open.transmit(readOf(4)))).toBe('reader.removed');
  });

  it('that is unplugged is gone for the command that waits and for later ones', async () => {
    const { reader, opened, session } = readerRig();
    const open = await session();
    reader.faults.hang = true;
    const asked = outcomeOf(open.transmit(readOf(4)));
    await settled();
    reader.unplug();
    await opened.gone;
    expect(await asked).toBe('reader.gone');
    expect(await outcomeOf(open.transmit(readOf(4)))).toBe('reader.gone');
  });
});
