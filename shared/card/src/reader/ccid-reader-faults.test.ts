import { describe, expect, it } from 'vitest';
import { identifyChip } from '../chip/identify.ts';
import { readBuiltIn } from '../testing/read-built-in.ts';
import { tripleDes } from '../testing/node/triple-des.ts';
import { ManualClock, settled } from '../testing/manual-clock.ts';
import { samplePurchase } from '../testing/sample-purchase.ts';
import { SimulatedReader } from '../testing/sim-reader.ts';
import { openCcidReader } from './ccid-reader.ts';
import { READ_MS } from './ccid-link.ts';
import { rig, code, READ_SERIAL, openSle4442 } from '../testing/node/sim-ccid-rig.ts';

describe('a reader or a cable that fails', () => {
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
              readBuiltIn(driver, session.atr),
            ),
          ),
      );
      expect(['reader.removed', 'reader.no-card', 'no error']).toContain(outcome);
    },
  );
});
