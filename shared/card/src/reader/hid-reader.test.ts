import { describe, expect, it } from 'vitest';
import { toHex } from '../bytes/hex.ts';
import { PLAIN_FRAMING } from '../framing/hid/profile.ts';
import { tripleDes } from '../testing/node/triple-des.ts';
import { settled } from '../testing/manual-clock.ts';
import { samplePurchase } from '../testing/sample-purchase.ts';
import { LOOK_MS } from './ccid-reader.ts';
import { READ_MS } from './ccid-link.ts';
import { hidCcidPort } from './hid-ccid.ts';
import { READ_SERIAL, SELECT_SLE4442, rig, open } from '../testing/node/sim-hid-rig.ts';
import { outcome } from '../testing/outcome.ts';

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
