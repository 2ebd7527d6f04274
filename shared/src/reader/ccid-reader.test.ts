import { describe, expect, it } from 'vitest';
import { toHex } from '../bytes/hex.ts';
import { identifyChip } from '../chip/identify.ts';
import { readCard } from '../meter-card/read.ts';
import { systemClock } from '../node/system-clock.ts';
import { tripleDes } from '../testing/node/triple-des.ts';
import { ManualClock, settled } from '../testing/manual-clock.ts';
import { samplePurchase } from '../testing/sample-purchase.ts';
import type { MeterChip } from '../testing/meter-files.ts';
import { SimulatedBus } from '../testing/sim-bus.ts';
import { SimulatedReader } from '../testing/sim-reader.ts';
import type { SimulatedReaderInit } from '../testing/sim-reader.ts';
import type { SimulatedCard } from '../testing/simulated-card.ts';
import { LOOK_MS, openCcidReader } from './ccid-reader.ts';
import { READ_MS } from './ccid-link.ts';
import { ReaderError } from './error.ts';
import { watchReaders } from './readers.ts';
import type { CardSession, CardSlot } from './slot.ts';

const LEVELS = ['character', 'tpdu', 'short-apdu', 'extended-apdu'] as const;
type Level = (typeof LEVELS)[number];

function rig(
  chip: MeterChip = 'SLE4442',
  level: Level = 'tpdu',
  protocol: 'T0' | 'T1' = 'T0',
  init: Partial<SimulatedReaderInit> = {},
) {
  const purchase = samplePurchase(chip, { cipher: tripleDes, seed: 7, protocol });
  const reader = new SimulatedReader({ clock: systemClock, level, ...init });
  const [slot] = openCcidReader(reader).slots;
  if (slot === undefined) throw new Error('no slot');
  return { reader, slot, card: purchase.card };
}

async function code(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no error',
    (error: unknown) => (error instanceof ReaderError ? error.code : String(error)),
  );
}

const READ_SERIAL = Uint8Array.of(0xff, 0xb0, 0x00, 0x08, 0x08);
const SELECT_SLE4442 = Uint8Array.of(0xff, 0xa4, 0x00, 0x00, 0x01, 0x06);

async function openSle4442(slot: CardSlot): Promise<CardSession> {
  const session = await slot.open();
  await session.transmit(SELECT_SLE4442);
  return session;
}

describe.each([
  ...LEVELS.map((level) => ['SLE4442', level, 'T0'] as const),
  ...LEVELS.map((level) => ['CPU', level, 'T0'] as const),
  ...LEVELS.map((level) => ['CPU', level, 'T1'] as const),
])('%s in a reader at %s level, %s', (chip, level, protocol) => {
  it('is told, and read whole, the same as without a reader', async () => {
    const { reader, slot, card } = rig(chip, level, protocol);
    reader.insert(card);
    const session = await slot.open();
    const driver = await identifyChip(session, { memoryDialect: slot.model.memoryDialect });
    const image = await readCard(driver, session.atr);
    expect(driver.chip).toBe(chip);
    expect(image.serial[0]).toBe(0x65);
    await session.end();
    expect(await slot.present()).toBe(true);
  });

  it('takes its time when the reader asks for more', async () => {
    const { reader, slot, card } = rig(chip, level, protocol);
    reader.insert(card);
    reader.faults.timeExtensions = 3;
    const session = await slot.open();
    const driver = await identifyChip(session, { memoryDialect: slot.model.memoryDialect });
    expect((await readCard(driver, session.atr)).serial).toHaveLength(8);
  });
});

describe('a slot', () => {
  it('tells of insertion and removal', async () => {
    const { reader, slot, card } = rig();
    const seen: boolean[] = [];
    slot.onChange((present) => seen.push(present));
    reader.insert(card);
    await expect.poll(() => seen).toEqual([true]);
    reader.eject();
    await expect.poll(() => seen).toEqual([true, false]);
    expect(await slot.present()).toBe(false);
    expect(await code(slot.open())).toBe('reader.no-card');
  });

  it('says that a card is mute', async () => {
    const { reader, slot, card } = rig();
    reader.insert({ ...withUsage(card), powerOn: () => undefined });
    expect(await code(slot.open())).toBe('reader.mute');
  });

  it('ends a session whose card left, also when it came straight back', async () => {
    const { reader, slot, card } = rig();
    reader.insert(card);
    const session = await openSle4442(slot);
    reader.eject();
    reader.insert(card);
    expect(await code(session.transmit(READ_SERIAL))).toBe('reader.removed');
    const again = await openSle4442(slot);
    expect(toHex((await again.transmit(READ_SERIAL)).subarray(-2))).toBe('9000');
  });

  it('lets one command at a time through', async () => {
    const { reader, slot, card } = rig();
    reader.insert(card);
    const session = await openSle4442(slot);
    const first = session.transmit(READ_SERIAL);
    expect(await code(session.transmit(READ_SERIAL))).toBe('reader.busy');
    expect((await first).length).toBe(10);
  });

  it('goes on after a stalled pipe', async () => {
    const { reader, slot, card } = rig();
    reader.insert(card);
    const session = await openSle4442(slot);
    reader.faults.stall = true;
    expect(await code(session.transmit(READ_SERIAL))).toBe('reader.io');
    expect((await session.transmit(READ_SERIAL)).length).toBe(10);
  });

  it('aborts a command that is never answered, and goes on', async () => {
    const clock = new ManualClock();
    const reader = new SimulatedReader({ clock });
    const [slot] = openCcidReader(reader).slots;
    if (slot === undefined) throw new Error('no slot');
    reader.insert(samplePurchase('SLE4442', { cipher: tripleDes, seed: 7 }).card);
    const session = await openSle4442(slot);
    reader.faults.hang = true;
    const asked = code(session.transmit(READ_SERIAL));
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(READ_MS);
    expect(await asked).toBe('reader.timeout');
    expect((await session.transmit(READ_SERIAL)).length).toBe(10);
  });

  it('gives a card up that asks for more time without end', async () => {
    const { reader, slot, card } = rig();
    reader.insert(card);
    const session = await openSle4442(slot);
    reader.faults.timeExtensions = 1_000;
    expect(await code(session.transmit(READ_SERIAL))).toBe('reader.timeout');
    reader.faults = {};
    expect((await session.transmit(READ_SERIAL)).length).toBe(10);
  });

  it('waits for a slow reader', async () => {
    const clock = new ManualClock();
    const { reader, slot, card } = rig('SLE4442', 'tpdu', 'T0', { clock });
    reader.insert(card);
    const session = await openSle4442(slot);
    reader.faults.slowMs = READ_MS - 1;
    const asked = session.transmit(READ_SERIAL);
    await settled();
    await clock.advance(READ_MS - 1);
    expect((await asked).length).toBe(10);
  });

  it.each(Array.from({ length: 20 }, (_, at) => at))(
    'takes an answer whose byte %i is damaged for what it is, and goes on',
    async (damageByte) => {
      const clock = new ManualClock();
      const { reader, slot, card } = rig('SLE4442', 'tpdu', 'T0', { clock });
      reader.insert(card);
      const session = await openSle4442(slot);
      reader.faults.damageByte = damageByte;
      const asked = code(session.transmit(READ_SERIAL));
      await settled();
      // Where a length or a number of the message is damaged, the rest of it never comes.
      for (let i = 0; i < 12; i++) await clock.advance(READ_MS);
      expect(['reader.protocol', 'reader.timeout', 'reader.io', 'reader.removed', 'no error']).toContain(
        await asked,
      );
      const again = await openSle4442(slot);
      expect((await again.transmit(READ_SERIAL)).length).toBe(10);
    },
  );

  it('tries the voltages that the reader has, from 5 V down', async () => {
    const { reader, slot, card } = rig('CPU', 'tpdu', 'T0', { voltages: 0x07 });
    reader.insert(card);
    reader.faults.muteAtVoltages = 0x03;
    expect((await slot.open()).atr[0]).toBe(0x3b);
    reader.faults.muteAtVoltages = 0x07;
    expect(await code(slot.open())).toBe('reader.mute');
  });

  it('notices a card of which the reader says nothing', async () => {
    const clock = new ManualClock();
    const { reader, slot, card } = rig('SLE4442', 'tpdu', 'T0', { clock });
    reader.faults.silent = true;
    const seen: boolean[] = [];
    slot.onChange((present) => seen.push(present));
    await settled();
    reader.insert(card);
    await clock.advance(LOOK_MS);
    expect(seen).toEqual([true]);
    reader.eject();
    await clock.advance(LOOK_MS);
    expect(seen).toEqual([true, false]);
  });

  it('shares a reader with another slot', async () => {
    const reader = new SimulatedReader({ clock: systemClock, slots: 2 });
    const [first, second] = openCcidReader(reader).slots;
    if (first === undefined || second === undefined) throw new Error('no slots');
    const seen: string[] = [];
    first.onChange((present) => seen.push(`0 ${present}`));
    second.onChange((present) => seen.push(`1 ${present}`));
    reader.insert(samplePurchase('SLE4442', { cipher: tripleDes, seed: 8 }).card, 0);
    reader.insert(samplePurchase('CPU', { cipher: tripleDes, seed: 9 }).card, 1);
    await expect.poll(() => seen).toEqual(['0 true', '1 true']);
    const [memory, cpu] = await Promise.all([openSle4442(first), second.open()]);
    const both = [memory.transmit(READ_SERIAL), cpu.transmit(Uint8Array.of(0, 0x84, 0, 0, 8))];
    expect((await Promise.all(both)).map((answer) => answer.length)).toEqual([10, 10]);
    reader.eject(1);
    expect(await code(cpu.transmit(Uint8Array.of(0, 0x84, 0, 0, 8)))).toBe('reader.removed');
    expect((await memory.transmit(READ_SERIAL)).length).toBe(10);
  });

  it.each(Array.from({ length: 60 }, (_, bytes) => 1 + 7 * bytes))(
    'gives a removal or a whole answer when the card leaves after %i bytes on the wire',
    async (removeAfterBytes) => {
      const { reader, slot, card } = rig();
      reader.insert(card);
      reader.faults.removeAfterBytes = removeAfterBytes;
      const outcome = await code(
        slot
          .open()
          .then((session) =>
            identifyChip(session, { memoryDialect: slot.model.memoryDialect }).then((driver) =>
              readCard(driver, session.atr),
            ),
          ),
      );
      expect(['reader.removed', 'reader.no-card', 'no error']).toContain(outcome);
    },
  );
});

describe('the readers on a bus', () => {
  it('come and go with their slots, two at once', async () => {
    const bus = new SimulatedBus();
    const [first, second] = ['a', 'b'].map((id) => new SimulatedReader({ clock: systemClock, id }));
    if (first === undefined || second === undefined) throw new Error('no readers');
    bus.plug(first);
    const faults: unknown[] = [];
    const readers = await watchReaders(bus, (_, error) => faults.push(error));
    expect(readers.slots().map(({ name }) => name)).toEqual(['ACS ACR38U-CCID (slot 0)']);
    bus.plug(second);
    await expect.poll(() => readers.slots().length).toBe(2);
    bus.unplug(first);
    await expect.poll(() => readers.slots().length).toBe(1);
    bus.plug(first);
    await expect.poll(() => readers.slots().length).toBe(2);
    await readers.close();
    expect(faults).toEqual([]);
  });
});

/** The same card with its own methods bound, so that one of them can be replaced. */
function withUsage(card: SimulatedCard): SimulatedCard {
  return {
    chip: card.chip,
    usage: card.usage,
    cutHook: undefined,
    weakHook: undefined,
    zone: (name) => card.zone(name),
    tries: card.tries,
    setTriesLeft: (left) => {
      card.setTriesLeft(left);
    },
    powerOn: () => card.powerOn(),
    powerOff: () => {
      card.powerOff();
    },
    transmit: (apdu: Uint8Array) => card.transmit(apdu),
    resetUsage: () => {
      card.resetUsage();
    },
    snapshot: () => card.snapshot(),
  };
}
