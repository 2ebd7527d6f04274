import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../bytes/hex.ts';
import { FEATURE } from '../framing/ccid/constants.ts';
import { decodeCommand } from '../framing/ccid/message.ts';
import { systemClock } from '../node/system-clock.ts';
import { plainCard } from '../testing/sim-card-line-plain.ts';
import type { PpsAnswer } from '../testing/sim-slot.ts';
import { SimulatedReader } from '../testing/sim-reader.ts';
import type { SimulatedReaderInit } from '../testing/sim-reader.ts';
import { openCcidReader } from './ccid-reader.ts';
import { ReaderError } from './error.ts';

/** TA1 95: F 512, D 16, 125,000 bit/s at 4 MHz. T=0 alone. */
const FAST_T0 = '3B1095';
/** The same, T=1 besides T=0: TD1 80, TD2 31, IFSC FE, BWI and CWI 45, TCK. */
const FAST_BOTH = withTck('3B90958031FE45');
/** T=0 alone at the default speed, then T=1. */
const SLOW_BOTH = withTck('3B808031FE45');
/** Specific mode, T=1: TA1 95, TD1 91, TA2 01, TD2 31. */
const SPECIFIC = withTck('3B90959101' + '31FE45');
const ECHO = fromHex('00B0000002');

function withTck(hex: string): string {
  const bytes = fromHex(hex);
  return hex + toHex(Uint8Array.of(bytes.subarray(1).reduce((sum, byte) => sum ^ byte, 0)));
}

function rig(atr: string, init: Partial<SimulatedReaderInit> = {}) {
  const reader = new SimulatedReader({ clock: systemClock, ...init });
  const card = plainCard(fromHex(atr), (apdu) => Uint8Array.of(apdu.length, 0xaa, 0x90, 0x00));
  const sent: string[] = [];
  const port = reader.attach();
  const [slot] = openCcidReader({
    ...port,
    bulkOut: (bytes, ms) => {
      const { name, parameters, data } = decodeCommand(bytes);
      if (name === 'setParameters') sent.push(`T=${parameters[0]} ${toHex(data)}`);
      else if (name === 'xfrBlock') sent.push(toHex(data));
      else if (name !== 'getSlotStatus') sent.push(name);
      return port.bulkOut(bytes, ms);
    },
  }).slots;
  if (slot === undefined) throw new Error('no slot');
  reader.insert(card);
  return { reader, slot, card, sent };
}

const levels = ['tpdu', 'character'] as const;

describe.each(levels)('a reader at %s level that leaves PPS to us', (level) => {
  const start = ['iccPowerOff', 'iccPowerOn'];

  it('is told of the faster speed that the card agreed on', async () => {
    const { reader, slot, sent } = rig(FAST_T0, { level });
    const session = await slot.open();
    expect(sent.filter((message) => message !== '')).toEqual([...start, 'FF10957A', 'T=0 9500000A00']);
    expect(reader.slot().fiDi).toBe(0x95);
    expect(toHex(await session.transmit(ECHO))).toBe('05AA9000');
  });

  it('stays at the default speed where the card leaves PPS1 out', async () => {
    const { reader, slot, sent } = rig(FAST_T0, { level, pps: () => fromHex('FF00FF') });
    const session = await slot.open();
    expect(sent.at(-1)).toBe('T=0 1100000A00');
    expect(reader.slot().fiDi).toBe(0x11);
    expect((await session.transmit(ECHO)).length).toBe(4);
  });

  const refusals: readonly (readonly [string, PpsAnswer])[] = [
    ['answers with another speed', () => fromHex('FF10947B')],
    ['answers nonsense', () => fromHex('FF10957B')],
    ['says nothing', () => undefined],
  ];
  it.each(refusals)('resets a card that %s, and goes on at the default speed', async (_, pps) => {
    const { slot, sent } = rig(FAST_T0, { level, pps });
    const session = await slot.open();
    expect(sent.filter((message) => message !== '')).toEqual([
      ...start,
      'FF10957A',
      'iccPowerOn',
      'T=0 1100000A00',
    ]);
    expect(toHex(await session.transmit(ECHO))).toBe('05AA9000');
  });

  it('resets the card where the reader does not take the speed', async () => {
    const { reader, slot, sent } = rig(FAST_T0, { level });
    reader.faults.refuseSpeed = true;
    const session = await slot.open();
    expect(sent.filter((message) => message !== '').slice(2)).toEqual([
      'FF10957A',
      'T=0 9500000A00',
      'iccPowerOn',
      'T=0 1100000A00',
    ]);
    expect((await session.transmit(ECHO)).length).toBe(4);
  });

  it('offers a lower speed where it is too slow for the card', async () => {
    const { reader, slot, sent } = rig(FAST_T0, { level, maxDataRate: 70_000 });
    const session = await slot.open();
    // D 8: 62,500 bit/s.
    expect(sent).toContain('FF10947B');
    expect(reader.slot().fiDi).toBe(0x94);
    expect((await session.transmit(ECHO)).length).toBe(4);
  });

  it('asks for T=1 where that is all that it speaks', async () => {
    const { reader, slot, sent } = rig(SLOW_BOTH, { level, protocols: 0x02 });
    const session = await slot.open();
    expect(sent).toContain('FF01FE');
    expect(reader.slot().t1).toBeDefined();
    expect(toHex(await session.transmit(ECHO))).toBe('05AA9000');
  });

  it('asks for protocol and speed at once', async () => {
    const { slot, sent } = rig(FAST_BOTH, { level, protocols: 0x02 });
    const session = await slot.open();
    expect(sent).toContain('FF11957B');
    expect((await session.transmit(ECHO)).length).toBe(4);
  });

  it('says that the protocol is not there where the card refuses the other', async () => {
    const { slot } = rig(SLOW_BOTH, { level, protocols: 0x02, pps: () => undefined });
    await expect(slot.open()).rejects.toMatchObject({ code: 'reader.unsupported' });
  });

  it('goes by TA2 without asking', async () => {
    const { slot, sent } = rig(SPECIFIC, { level });
    const session = await slot.open();
    expect(sent.some((message) => message.startsWith('FF'))).toBe(false);
    expect(sent).toContain('T=1 9510004500FE00');
    expect((await session.transmit(ECHO)).length).toBe(4);
  });

  it('is left alone where it negotiates by itself', async () => {
    const { reader, slot, sent } = rig(FAST_T0, { level, features: FEATURE.autoParameters });
    const session = await slot.open();
    expect(sent).toEqual(start);
    expect(reader.slot().fiDi).toBe(0x95);
    expect((await session.transmit(ECHO)).length).toBe(4);
  });

  it('sends the PPS itself where it says so, by the parameters that we set', async () => {
    const features = FEATURE.autoPps | FEATURE.autoBaud;
    const { reader, slot, sent } = rig(FAST_T0, { level, features });
    const session = await slot.open();
    expect(sent).toEqual([...start, 'T=0 9500000A00']);
    expect(reader.slot().fiDi).toBe(0x95);
    expect((await session.transmit(ECHO)).length).toBe(4);
  });

  it('stays at the default speed where its bit rate does not follow', async () => {
    const { slot, sent } = rig(FAST_T0, { level, features: 0 });
    await slot.open();
    expect(sent).toEqual([...start, 'T=0 1100000A00']);
  });

  it('reports a card that leaves in the middle of it', async () => {
    const { reader, slot } = rig(FAST_T0, {
      level,
      pps: () => {
        reader.eject();
        return undefined;
      },
    });
    const error = await slot.open().catch((failure: unknown) => failure);
    expect(error instanceof ReaderError && error.code).toBe('reader.removed');
  });
});
