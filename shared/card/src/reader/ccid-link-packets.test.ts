import { describe, expect, it } from 'vitest';
import { fakeWebUsbDevice } from '../testing/fake-web-usb.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { SimulatedReader } from '../testing/sim-reader.ts';
import { outcomeOf, readCard, readOf, readerRig } from '../testing/sim-reader-rig.ts';
import { openWebUsbPort } from '../usb/web-usb-open.ts';
import { openCcidReader } from './ccid-reader.ts';

describe.each(['tpdu', 'extended-apdu'] as const)('packets at %s level', (level) => {
  // 10 + 52 + 2 and 10 + 116 + 2 bytes fill one and two packets of 64.
  const lengths = [51, 52, 53, 115, 116, 117, 180];

  it.each([false, true])(
    'end messages with or without an empty one (without: %s)',
    async (noZeroLengthPacket) => {
      const { reader, session } = readerRig({ level });
      const open = await session();
      reader.faults.noZeroLengthPacket = noZeroLengthPacket;
      for (const length of lengths)
        expect(await outcomeOf(open.transmit(readOf(length)))).toBe(`${length + 2} bytes`);
    },
  );

  it('need no end where the platform knows their size', async () => {
    const clock = new ManualClock();
    const reader = new SimulatedReader({ clock, level });
    const device = fakeWebUsbDevice(reader);
    const port = await openWebUsbPort({ device, info: reader.info, clock, gone: () => false });
    reader.insert(readCard());
    const open = await openCcidReader(port, clock).slots[0]?.open();
    reader.faults.noZeroLengthPacket = true;
    for (const length of lengths) {
      expect(await outcomeOf(open?.transmit(readOf(length)) ?? Promise.resolve())).toBe(
        `${length + 2} bytes`,
      );
    }
  });

  it('end messages with an empty one where nothing is known of packets', async () => {
    const { session } = readerRig({ level, change: () => ({ packetSize: undefined as never }) });
    const open = await session();
    for (const length of lengths)
      expect(await outcomeOf(open.transmit(readOf(length)))).toBe(`${length + 2} bytes`);
  });
});
