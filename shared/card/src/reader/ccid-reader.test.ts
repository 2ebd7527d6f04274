import { describe, expect, it } from 'vitest';
import { toHex } from '../bytes/hex.ts';
import { identifyChip } from '../chip/identify.ts';
import { readBuiltIn } from '../testing/read-built-in.ts';
import { systemClock } from '../node/system-clock.ts';
import { tripleDes } from '../testing/node/triple-des.ts';
import { ManualClock, settled } from '../testing/manual-clock.ts';
import { samplePurchase } from '../testing/sample-purchase.ts';
import { SimulatedReader } from '../testing/sim-reader.ts';
import type { SimulatedCard } from '../testing/simulated-card.ts';
import { LOOK_MS, openCcidReader } from './ccid-reader.ts';
import { LEVELS, rig, code, READ_SERIAL, openSle4442 } from '../testing/node/sim-ccid-rig.ts';

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
    const image = await readBuiltIn(driver, session.atr);
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
    expect((await readBuiltIn(driver, session.atr)).serial).toHaveLength(8);
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
