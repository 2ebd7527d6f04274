import { describe, expect, it } from 'vitest';
import { toHex } from '../bytes/hex.ts';
import { identifyChip } from '../chip/identify.ts';
import { CCID_XOR_FRAMING, PLAIN_FRAMING } from '../framing/hid/profile.ts';
import { readBuiltIn } from '../testing/read-built-in.ts';
import { HID_PORT_CONTRACT } from '../testing/hid-port-contract.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { PORT_CONTRACT } from '../testing/port-contract.ts';
import { SimulatedHidReader } from '../testing/sim-hid-reader.ts';
import { READ_MS } from './ccid-link.ts';
import { READ_SERIAL, SELECT_SLE4442, rig, open } from '../testing/node/sim-hid-rig.ts';
import { outcome } from '../testing/outcome.ts';

const FRAMINGS = [
  ['wrapped in 02, 03 and a sum', CCID_XOR_FRAMING],
  ['behind a length, in numbered reports', PLAIN_FRAMING],
  [
    'behind a length of one byte, in reports of 8',
    { ...PLAIN_FRAMING, reportSize: 8, lengthBytes: 1, maxMessage: 255 },
  ],
] as const;

describe.each(FRAMINGS)('CCID in HID, %s', (_, framing) => {
  it.each(PORT_CONTRACT.filter(({ needs }) => needs === undefined))(
    'as a CCID port $name',
    async (portCase) => {
      const { clock, hid, port } = rig({ framing });
      // The plug is the HID device's.
      const reader = Object.assign(hid.reader, {});
      const unplug = reader.unplug.bind(reader);
      reader.unplug = () => {
        hid.device.unplug();
        unplug();
      };
      await portCase.run({ port, reader, pass: (ms) => clock.advance(ms) });
    },
  );

  it.each(HID_PORT_CONTRACT)('its cable $name', async (portCase) => {
    const clock = new ManualClock();
    const { device } = new SimulatedHidReader({ clock, framing });
    // Only the cable: the reader behind would answer.
    device.onWritten = undefined;
    await portCase.run({
      port: device.attach(),
      device,
      reportId: framing.inReportId,
      pass: (ms) => clock.advance(ms),
    });
  });

  it.each([
    ['SLE4442', 'tpdu'],
    ['SLE4442', 'short-apdu'],
    ['CPU', 'tpdu'],
    ['CPU', 'short-apdu'],
    ['CPU', 'extended-apdu'],
    ['CPU', 'character'],
  ] as const)('%s at %s level is told, and read whole', async (chip, level) => {
    const { hid, slot, card } = open(chip, { framing, level });
    hid.reader.insert(card);
    const session = await slot.open();
    const driver = await identifyChip(session, slot.model);
    expect(driver.chip).toBe(chip);
    expect((await readBuiltIn(driver, session.atr)).serial).toHaveLength(8);
    await session.end();
  });

  it('a lost or damaged report fails one command, and the next one works', async () => {
    const { clock, hid, slot, card } = open('SLE4442', { framing });
    hid.reader.insert(card);
    const session = await slot.open();
    await session.transmit(SELECT_SLE4442);
    const code = framing.wrapper === 'ccid-xor' ? 'reader.io' : 'reader.protocol';
    hid.faults.damageByte = framing.wrapper === 'ccid-xor' ? 12 : framing.lengthBytes;
    expect(await outcome(session.transmit(READ_SERIAL))).toBe(code);
    for (const fault of ['loseIn', 'loseOut'] as const) {
      hid.faults[fault] = 1;
      const asked = outcome(session.transmit(READ_SERIAL));
      await clock.advance(READ_MS + 1_000);
      expect(['reader.timeout', 'reader.io', 'reader.protocol']).toContain(await asked);
      expect(toHex((await session.transmit(READ_SERIAL)).subarray(-2))).toBe('9000');
    }
  });
});
