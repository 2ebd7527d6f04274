import { tripleDes } from './triple-des.ts';
import { ManualClock } from '../manual-clock.ts';
import { samplePurchase } from '../sample-purchase.ts';
import { SimulatedHidReader } from '../sim-hid-reader.ts';
import type { SimulatedHidReaderInit } from '../sim-hid-reader.ts';
import { openCcidReader } from '../../reader/ccid-reader.ts';
import { hidCcidPort } from '../../reader/hid-ccid.ts';

export const READ_SERIAL = Uint8Array.of(0xff, 0xb0, 0x00, 0x08, 0x08);
export const SELECT_SLE4442 = Uint8Array.of(0xff, 0xa4, 0x00, 0x00, 0x01, 0x06);

export function rig(init: Partial<SimulatedHidReaderInit> = {}) {
  const clock = new ManualClock();
  const hid = new SimulatedHidReader({ clock, ...init });
  const port = hidCcidPort(hid.attach(), hid.transport, clock);
  return { clock, hid, port };
}

export function open(chip: Parameters<typeof samplePurchase>[0], init: Partial<SimulatedHidReaderInit> = {}) {
  const made = rig(init);
  const { card } = samplePurchase(chip, { cipher: tripleDes, seed: 5 });
  const opened = openCcidReader(made.port);
  const [slot] = opened.slots;
  if (slot === undefined) throw new Error('no slot');
  return { ...made, opened, slot, card };
}
