import { describe, expect, it } from 'vitest';
import { toHex } from '../bytes/hex.ts';
import { identifyChip } from '../chip/identify.ts';
import { readBuiltIn } from '../testing/read-built-in.ts';
import { ManualClock, settled } from '../testing/manual-clock.ts';
import { SimulatedAcr38 } from '../testing/sim-acr38.ts';
import { READ_MS } from './ccid-link.ts';
import { openAcr38Reader } from './acr38-reader.ts';
import { card } from '../testing/node/sim-acr38-rig.ts';
import { outcome } from '../testing/outcome.ts';

const READ_SERIAL = Uint8Array.of(0xff, 0xb0, 0x00, 0x08, 0x08);
const SELECT_SLE4442 = Uint8Array.of(0xff, 0xa4, 0x00, 0x00, 0x01, 0x06);

function rig() {
  const clock = new ManualClock();
  const sim = new SimulatedAcr38(clock);
  const reader = openAcr38Reader(sim, clock);
  const [slot] = reader.slots;
  if (slot === undefined) throw new Error('no slot');
  return { clock, sim, reader, slot };
}

describe.each([
  ['SLE4442', 'T0'],
  ['CPU', 'T0'],
  ['CPU', 'T1'],
] as const)('%s in an old ACR38, %s', (chip, protocol) => {
  it('is told, and read whole', async () => {
    const { sim, slot } = rig();
    sim.insert(card(chip, protocol));
    const session = await slot.open();
    const driver = await identifyChip(session, slot.model);
    expect(driver.chip).toBe(chip);
    expect((await readBuiltIn(driver, session.atr)).serial).toHaveLength(8);
    await session.end();
    expect(await slot.present()).toBe(true);
  });
});

describe('the old ACR38', () => {
  it('is known by its number', () => {
    expect(rig().slot.model).toMatchObject({ id: 'acr38u', transport: 'acr38', memoryDialect: 'acs' });
  });

  it('is told the card’s type by its own command, before and as it is selected', async () => {
    const { sim, slot } = rig();
    sim.insert(card('SLE4442'));
    const session = await slot.open();
    expect(toHex(session.atr)).toBe('3B04A2131091');
    expect(sim.selected).toEqual([0x00, 0x06]);
    expect(toHex(await session.transmit(SELECT_SLE4442))).toBe('9000');
    expect(sim.selected).toEqual([0x00, 0x06, 0x06]);
  });

  it('is taken at its own command where it does not know FF A4', async () => {
    const { sim, slot } = rig();
    sim.insert(card('SLE4442'));
    const session = await slot.open();
    sim.faults.noSelect = true;
    expect(toHex(await session.transmit(SELECT_SLE4442))).toBe('9000');
    expect(toHex(await session.transmit(READ_SERIAL))).toMatch(/9000$/);
  });

  it.each([
    // Bad length, bad Fi/Di: CCID's F6 would blame the card's protocol, its F7 a damaged answer to reset.
    [0xf6, 0x01, 'reader.unsupported'],
    [0xf7, 0x0a, 'reader.unsupported'],
    [0xfb, 0xfb, 'reader.io'],
  ])('says what its status %i means, in CCID’s words', async (status, error, code) => {
    const { sim, slot } = rig();
    sim.insert(card('SLE4442'));
    const session = await slot.open();
    sim.faults.status = status;
    await expect(session.transmit(READ_SERIAL)).rejects.toMatchObject({ code, context: { error } });
  });

  it('tells of insertion and removal', async () => {
    const { sim, slot } = rig();
    const seen: boolean[] = [];
    slot.onChange((present) => seen.push(present));
    await settled();
    sim.insert(card('SLE4442'));
    await settled();
    sim.eject();
    await settled();
    expect(seen).toEqual([true, false]);
    expect(await outcome(slot.open())).toBe('reader.no-card');
  });

  it('ends a session whose card left', async () => {
    const { sim, slot } = rig();
    sim.insert(card('SLE4442'));
    const session = await slot.open();
    await session.transmit(SELECT_SLE4442);
    sim.eject();
    expect(await outcome(session.transmit(READ_SERIAL))).toBe('reader.removed');
  });

  it('never takes an answer that came too late for another: the card has to be powered again', async () => {
    const { clock, sim, slot } = rig();
    sim.insert(card('SLE4442'));
    const session = await slot.open();
    await session.transmit(SELECT_SLE4442);
    sim.faults.lateMs = READ_MS + 200;
    const asked = outcome(session.transmit(READ_SERIAL));
    await clock.advance(READ_MS + 2_000);
    expect(await asked).toBe('reader.timeout');
    const next = outcome(session.transmit(Uint8Array.of(0xff, 0xb0, 0x00, 0x00, 0x04)));
    await clock.advance(2_000);
    expect(await next).toBe('reader.removed');
    const opening = slot.open();
    await clock.advance(2_000);
    const again = await opening;
    await again.transmit(SELECT_SLE4442);
    expect((await again.transmit(READ_SERIAL)).length).toBe(10);
  });

  it('that does not answer, or something else, fails one command', async () => {
    const { clock, sim, slot } = rig();
    sim.insert(card('SLE4442'));
    await slot.open();
    sim.faults.hang = true;
    const asked = outcome(slot.present());
    await clock.advance(READ_MS + 2_000);
    expect(await asked).toBe('reader.timeout');
    sim.faults.damaged = true;
    const damaged = outcome(slot.present());
    await clock.advance(2_000);
    expect(await damaged).toBe('reader.io');
    expect(await slot.present()).toBe(true);
  });

  it('that is unplugged is gone', async () => {
    const { sim, reader, slot } = rig();
    await settled();
    sim.unplug();
    await reader.gone;
    expect(await outcome(slot.present())).toBe('reader.gone');
  });
});
