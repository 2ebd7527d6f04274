import { describe, expect, it } from 'vitest';
import { toHex } from '../bytes/hex.ts';
import { identifyChip } from '../chip/identify.ts';
import { codeOf } from '../errors.ts';
import { CCID_XOR_FRAMING, PLAIN_FRAMING } from '../framing/hid/profile.ts';
import { readCard } from '../meter-card/read.ts';
import { tripleDes } from '../testing/node/triple-des.ts';
import { HID_PORT_CONTRACT } from '../testing/hid-port-contract.ts';
import { ManualClock, settled } from '../testing/manual-clock.ts';
import { PORT_CONTRACT } from '../testing/port-contract.ts';
import { samplePurchase } from '../testing/sample-purchase.ts';
import { SimulatedHidReader } from '../testing/sim-hid-reader.ts';
import type { SimulatedHidReaderInit } from '../testing/sim-hid-reader.ts';
import { LOOK_MS, openCcidReader } from './ccid-reader.ts';
import { READ_MS } from './ccid-link.ts';
import { hidCcidPort } from './hid-ccid.ts';

const FRAMINGS = [
  ['wrapped in 02, 03 and a sum', CCID_XOR_FRAMING],
  ['behind a length, in numbered reports', PLAIN_FRAMING],
  [
    'behind a length of one byte, in reports of 8',
    { ...PLAIN_FRAMING, reportSize: 8, lengthBytes: 1, maxMessage: 255 },
  ],
] as const;

const READ_SERIAL = Uint8Array.of(0xff, 0xb0, 0x00, 0x08, 0x08);
const SELECT_SLE4442 = Uint8Array.of(0xff, 0xa4, 0x00, 0x00, 0x01, 0x06);

const outcome = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no error',
    (error: unknown) => codeOf(error) ?? error,
  );

function rig(init: Partial<SimulatedHidReaderInit> = {}) {
  const clock = new ManualClock();
  const hid = new SimulatedHidReader({ clock, ...init });
  const port = hidCcidPort(hid.attach(), hid.transport, clock);
  return { clock, hid, port };
}

function open(chip: Parameters<typeof samplePurchase>[0], init: Partial<SimulatedHidReaderInit> = {}) {
  const made = rig(init);
  const { card } = samplePurchase(chip, { cipher: tripleDes, seed: 5 });
  const opened = openCcidReader(made.port);
  const [slot] = opened.slots;
  if (slot === undefined) throw new Error('no slot');
  return { ...made, opened, slot, card };
}

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
    expect((await readCard(driver, session.atr)).serial).toHaveLength(8);
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

describe('a HID reader', () => {
  it('that tells of cards is heard at once', async () => {
    const { hid, slot, card } = open('SLE4442');
    const seen: boolean[] = [];
    slot.onChange((present) => seen.push(present));
    hid.reader.insert(card);
    await settled();
    hid.reader.eject();
    await settled();
    expect(seen).toEqual([true, false]);
  });

  it('that does not is looked at', async () => {
    const { clock, hid, slot, card } = open('SLE4442', { slotChange: 'poll' });
    const seen: boolean[] = [];
    slot.onChange((present) => seen.push(present));
    await settled();
    hid.reader.insert(card);
    await clock.advance(LOOK_MS);
    hid.reader.eject();
    await clock.advance(LOOK_MS);
    expect(seen).toEqual([true, false]);
  });

  it('whose notices the profile does not know is not misled by them', async () => {
    const { hid, clock } = rig();
    const port = hidCcidPort(hid.attach(), { ...hid.transport, slotChange: 'poll' }, clock);
    hid.reader.insert(samplePurchase('SLE4442', { cipher: tripleDes, seed: 5 }).card);
    const waiting = outcome(port.interruptIn(8, 100));
    await clock.advance(100);
    expect(await waiting).toBe('usb.timeout');
  });

  it('whose answer never comes, where USB would stall, is a time-out', async () => {
    const { clock, hid, slot, card } = open('SLE4442');
    hid.reader.insert(card);
    const session = await slot.open();
    await session.transmit(SELECT_SLE4442);
    hid.reader.faults.stall = true;
    const asked = outcome(session.transmit(READ_SERIAL));
    await clock.advance(READ_MS + 1_000);
    expect(await asked).toBe('reader.timeout');
    expect(toHex((await session.transmit(READ_SERIAL)).subarray(-2))).toBe('9000');
  });

  it('that is slow is waited for', async () => {
    const { clock, hid, slot, card } = open('SLE4442');
    hid.reader.insert(card);
    hid.faults.slowMs = 200;
    const asked = slot.open();
    await clock.advance(3_000);
    expect(toHex((await asked).atr)).toMatch(/^3B/);
  });

  it('that is unplugged is gone', async () => {
    const { hid, opened, slot } = open('SLE4442');
    await settled();
    hid.unplug();
    await opened.gone;
    expect(await outcome(slot.present())).toBe('reader.gone');
  });

  it('is not sent what it cannot take', async () => {
    const { port } = rig();
    expect(await outcome(port.bulkOut(new Uint8Array(272), 100))).toBe('usb.io');
  });

  it('ignores reports of another id', async () => {
    const { clock, hid, port } = rig({ framing: PLAIN_FRAMING });
    hid.device.send({ id: 7, data: Uint8Array.of(0x0a, 0x00, 0x81) });
    const waiting = outcome(port.bulkIn(271, 100));
    await clock.advance(100);
    expect(await waiting).toBe('usb.timeout');
  });
});
