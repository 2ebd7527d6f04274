import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { card } from '../testing/node/sim-acr38-rig.ts';
import { pcscRig } from '../testing/node/sim-pcsc-rig.ts';
import { ManualClock, settled } from '../testing/manual-clock.ts';
import { runs } from '../testing/property-runs.ts';
import { SimulatedAcr38 } from '../testing/sim-acr38.ts';
import { SimulatedHidReader } from '../testing/sim-hid-reader.ts';
import { SimulatedReader } from '../testing/sim-reader.ts';
import { outcomeOf, readCard, readOf, T0_ATR, T1_ATR } from '../testing/sim-reader-rig.ts';
import { openAcr38Reader } from './acr38-reader.ts';
import { openCcidReader } from './ccid-reader.ts';
import type { CcidReader } from './ccid-reader.ts';
import { hidCcidPort } from './hid-ccid.ts';
import type { CardSlot } from './slot.ts';

/** No APDU takes longer, whatever is asked for meanwhile. */
const LIMIT_MS = 30_000;
const WITHOUT_END = 100_000;

/** A card in a reader that can be made to ask for more time, and a hand on the clock. */
interface Rig {
  readonly clock: ManualClock;
  readonly slot: CardSlot;
  insert(): void;
  /** Before each answer, so many times, one every so many ms. */
  extend(times: number, everyMs: number): void;
}

function slotOf({ slots }: CcidReader): CardSlot {
  const [slot] = slots;
  if (slot === undefined) throw new Error('no slot');
  return slot;
}

function byReader(reader: SimulatedReader, clock: ManualClock, slot: CardSlot, atr = T0_ATR): Rig {
  return {
    clock,
    slot,
    insert: () => {
      reader.insert(readCard(atr));
    },
    extend: (timeExtensions, extensionMs) => Object.assign(reader.faults, { timeExtensions, extensionMs }),
  };
}

const ccid =
  (level: 'character' | 'tpdu' | 'short-apdu' | 'extended-apdu', atr = T0_ATR) =>
  (): Rig => {
    const clock = new ManualClock();
    const reader = new SimulatedReader({ clock, level });
    return byReader(reader, clock, slotOf(openCcidReader(reader, clock)), atr);
  };

function hid(): Rig {
  const clock = new ManualClock();
  const device = new SimulatedHidReader({ clock });
  const port = hidCcidPort(device.attach(), device.transport, clock);
  return byReader(device.reader, clock, slotOf(openCcidReader(port, clock)));
}

function nulls(): Rig {
  const clock = new ManualClock();
  const reader = new SimulatedReader({ clock, level: 'character' });
  return {
    ...byReader(reader, clock, slotOf(openCcidReader(reader, clock))),
    extend: (times, everyMs) => {
      reader.slot().manners.nulls = times;
      reader.faults.slowMs = everyMs;
    },
  };
}

const wtx = (level: 'character' | 'tpdu') => (): Rig => {
  const clock = new ManualClock();
  const reader = new SimulatedReader({ clock, level });
  return {
    ...byReader(reader, clock, slotOf(openCcidReader(reader, clock)), T1_ATR),
    extend: (times, everyMs) => {
      Object.assign(reader.slot().t1 ?? {}, { wtx: times, wtxTimes: 10 });
      reader.faults.slowMs = everyMs;
    },
  };
};

function acr38(): Rig {
  const clock = new ManualClock();
  const reader = new SimulatedAcr38(clock);
  return {
    clock,
    slot: slotOf(openAcr38Reader(reader, clock)),
    insert: () => {
      reader.insert(card('CPU', 'T1'));
    },
    extend: (times, everyMs) => {
      Object.assign(reader.t1 ?? {}, { wtx: times, wtxTimes: 10 });
      reader.faults.slowMs = everyMs;
    },
  };
}

async function pcsc(): Promise<Rig> {
  const { clock, child, slot } = await pcscRig();
  return {
    clock,
    slot,
    insert: () => {
      child.insert(readCard());
    },
    extend: (times, everyMs) => (child.slowMs = times * everyMs),
  };
}

const RIGS: readonly { readonly name: string; readonly make: () => Rig | Promise<Rig> }[] = [
  { name: 'a CCID reader at character level', make: ccid('character') },
  { name: 'a CCID reader at TPDU level', make: ccid('tpdu') },
  { name: 'a CCID reader at TPDU level, for T=1', make: ccid('tpdu', T1_ATR) },
  { name: 'a CCID reader at short-APDU level', make: ccid('short-apdu') },
  { name: 'a CCID reader at extended-APDU level', make: ccid('extended-apdu', T1_ATR) },
  { name: 'a HID reader', make: hid },
  { name: 'a T=0 card by its NULL bytes', make: nulls },
  { name: 'a T=1 card by S(WTX)', make: wtx('tpdu') },
  { name: 'a T=1 card by S(WTX) at character level', make: wtx('character') },
  { name: 'a T=1 card by S(WTX) in an old ACR38', make: acr38 },
  { name: 'the PC/SC service', make: pcsc },
];

/** Lets time pass until the work is done, and says how much did. */
async function timed(clock: ManualClock, work: Promise<unknown>): Promise<{ outcome: string; ms: number }> {
  const start = clock.monotonic();
  const ended: { as?: string } = {};
  void outcomeOf(work).then((outcome) => (ended.as = outcome));
  await settled();
  while (ended.as === undefined && clock.monotonic() - start < 10 * LIMIT_MS) await clock.advance(100);
  return { outcome: ended.as ?? 'still waiting', ms: clock.monotonic() - start };
}

describe.each(RIGS)('more time asked for by $name', ({ make }) => {
  it.each([500, 1_500, 2_900])('every %i ms without end is given up, with a sentence', async (everyMs) => {
    const rig = await make();
    rig.insert();
    await rig.clock.advance(100);
    const session = await rig.slot.open();
    rig.extend(WITHOUT_END, everyMs);
    const { outcome, ms } = await timed(rig.clock, session.transmit(readOf(4)));
    expect(outcome).toBe('reader.timeout');
    expect(ms).toBeLessThanOrEqual(LIMIT_MS);
    // Not sooner either than a card may need that has something to reckon.
    expect(ms).toBeGreaterThan(15_000);
  });

  it.each([1, 3, 5])('%i times, a second each, is given', async (times) => {
    const rig = await make();
    rig.insert();
    await rig.clock.advance(100);
    const session = await rig.slot.open();
    rig.extend(times, 1_000);
    const { outcome, ms } = await timed(rig.clock, session.transmit(readOf(4)));
    expect(outcome).toMatch(/^\d+ bytes$/);
    expect(ms).toBeGreaterThanOrEqual(times * 1_000);
  });
});

describe('any mixture of requests', () => {
  const reader = fc.record({
    level: fc.constantFrom(
      'character' as const,
      'tpdu' as const,
      'short-apdu' as const,
      'extended-apdu' as const,
    ),
    atr: fc.constantFrom(T0_ATR, T1_ATR),
    noAbort: fc.constantFrom(undefined, 'stall' as const, 'refuse' as const),
    extensionMs: fc.integer({ min: 1, max: 12_000 }),
    extensionFactor: fc.integer({ min: 0, max: 255 }),
    timeExtensions: fc.constantFrom(0, 1, WITHOUT_END),
    slowMs: fc.integer({ min: 1, max: 3_500 }),
    wtx: fc.constantFrom(0, 1, WITHOUT_END),
    wtxTimes: fc.integer({ min: 0, max: 255 }),
    nulls: fc.constantFrom(0, 1, WITHOUT_END),
  });

  it('ends within 30 s, with an answer or a sentence', async () => {
    await fc.assert(
      fc.asyncProperty(
        reader,
        async ({ level, atr, wtx: wanted, wtxTimes, nulls: count, noAbort, ...faults }) => {
          const clock = new ManualClock();
          const sim = new SimulatedReader({ clock, level });
          const slot = slotOf(openCcidReader(sim, clock));
          sim.insert(readCard(atr));
          const session = await slot.open();
          Object.assign(sim.faults, faults, noAbort === undefined ? {} : { noAbort });
          Object.assign(sim.slot().t1 ?? {}, { wtx: wanted, wtxTimes });
          sim.slot().manners.nulls = count;
          const { outcome, ms } = await timed(clock, session.transmit(readOf(4)));
          expect(outcome).toMatch(/^(\d+ bytes|reader\.(timeout|protocol|removed))$/);
          expect(ms).toBeLessThanOrEqual(LIMIT_MS);
        },
      ),
      { numRuns: runs(200) },
    );
  });
});

describe('the limit of an APDU', () => {
  it.each([
    [24, '6 bytes'],
    [26, 'reader.timeout'],
  ])('with %i seconds of requests gives %s', async (times, wanted) => {
    const rig = ccid('tpdu')();
    rig.insert();
    const session = await rig.slot.open();
    rig.extend(times, 1_000);
    expect((await timed(rig.clock, session.transmit(readOf(4)))).outcome).toBe(wanted);
    // It is each APDU's own.
    rig.extend(20, 1_000);
    expect((await timed(rig.clock, session.transmit(readOf(4)))).outcome).toBe('6 bytes');
  });
});

describe('a power-up', () => {
  it('for which the reader asks for time without end is given up too', async () => {
    const clock = new ManualClock();
    const sim = new SimulatedReader({ clock });
    const slot = slotOf(openCcidReader(sim, clock));
    sim.insert(readCard());
    Object.assign(sim.faults, { timeExtensions: WITHOUT_END, extensionMs: 1_000, extendsPowerUp: true });
    const { outcome, ms } = await timed(clock, slot.open());
    expect(outcome).toBe('reader.timeout');
    expect(ms).toBeLessThanOrEqual(LIMIT_MS);
  });
});
