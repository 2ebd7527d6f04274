import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../errors.ts';
import { CCID_XOR_FRAMING, PLAIN_FRAMING } from '../framing/hid/profile.ts';
import type { HidFraming } from '../framing/hid/profile.ts';
import { writeCard } from '../meter-card/write.ts';
import { tripleDes } from '../testing/node/triple-des.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryJournal } from '../testing/memory-journal.ts';
import { METER_CARDS } from '../testing/meter-files.ts';
import { samplePurchase } from '../testing/sample-purchase.ts';
import type { SamplePurchase } from '../testing/sample-purchase.ts';
import { SimulatedAcr38 } from '../testing/sim-acr38.ts';
import { SimulatedHidReader } from '../testing/sim-hid-reader.ts';
import type { SimulatedCard } from '../testing/simulated-card.ts';
import { runs } from '../testing/property-runs.ts';
import type { UsbPort } from '../usb/ports.ts';
import { Acr38Port } from './acr38-port.ts';
import { openCcidReader } from './ccid-reader.ts';
import { hidCcidPort } from './hid-ccid.ts';
import { openSample } from '../testing/open-sample.ts';

interface Rig {
  readonly port: UsbPort;
  insert(card: SimulatedCard): void;
}

function hid(clock: ManualClock, framing: typeof CCID_XOR_FRAMING): Rig {
  const reader = new SimulatedHidReader({ clock, framing });
  return {
    port: hidCcidPort(reader.attach(), reader.transport, clock),
    insert: (card) => {
      reader.reader.insert(card);
    },
  };
}

function acr38(clock: ManualClock): Rig {
  const reader = new SimulatedAcr38(clock);
  return {
    port: new Acr38Port(reader, clock),
    insert: (card) => {
      reader.insert(card);
    },
  };
}

describe.each([
  ['HID, wrapped in 02, 03 and a sum', (clock: ManualClock) => hid(clock, CCID_XOR_FRAMING), METER_CARDS],
  ['HID, behind a length', (clock: ManualClock) => hid(clock, PLAIN_FRAMING), METER_CARDS],
  // It has no type for chips that answer no reset.
  ['an ACR38 from before CCID', acr38, METER_CARDS.filter((card) => card !== 'AT88SC1602')],
] as const)('a purchase over %s', (_, rig, chips) => {
  it.each(chips)('is written on a %s, and credited once', async (chip) => {
    const clock = new ManualClock();
    const { port, insert } = rig(clock);
    const purchase = samplePurchase(chip, { cipher: tripleDes, seed: 23 });
    insert(purchase.card);
    const [slot] = openCcidReader(port, clock).slots;
    if (slot === undefined) throw new Error('no slot');
    const session = await slot.open();
    await writeCard({
      driver: await openSample(purchase, session, slot.model),
      layout: purchase.layout,
      atr: session.atr,
      plan: purchase.plan,
      lease: { no: 1, expiresAtMonotonic: clock.monotonic() + 60_000 },
      journal: new MemoryJournal(),
      clock,
      authorise: purchase.authorise,
    });
    await session.end();
    const before = purchase.meter.balanceFen;
    purchase.meter.insert(purchase.card);
    purchase.meter.insert(purchase.card);
    expect(purchase.meter.balanceFen - before).toBe(purchase.amountFen);
  });
});

/** One try to write the purchase over a cable that fails once, at the given output report; whether it was written. */
async function attempt(
  purchase: SamplePurchase,
  journal: MemoryJournal,
  fault: { framing: HidFraming; at: number; kind: 'loseIn' | 'loseOut' | 'damage' | 'unplug' } | undefined,
): Promise<boolean> {
  const clock = new ManualClock();
  const reader = new SimulatedHidReader({ clock, framing: fault?.framing ?? CCID_XOR_FRAMING });
  let count = 0;
  const { onWritten } = reader.device;
  reader.device.onWritten = (report) => {
    if (fault !== undefined && count++ === fault.at) {
      if (fault.kind === 'unplug') {
        reader.unplug();
        return;
      }
      if (fault.kind === 'damage') reader.faults.damageByte = 5;
      else reader.faults[fault.kind] = 1;
    }
    onWritten?.(report);
  };
  reader.reader.insert(purchase.card);
  const write = async (): Promise<true> => {
    const [slot] = openCcidReader(hidCcidPort(reader.attach(), reader.transport, clock), clock).slots;
    if (slot === undefined) throw new Error('no slot');
    const session = await slot.open();
    const driver = await openSample(purchase, session, slot.model);
    const lease = { no: 1, expiresAtMonotonic: clock.monotonic() + 3_600_000 };
    const { layout, plan, authorise } = purchase;
    await writeCard({ driver, layout, atr: session.atr, plan, lease, journal, clock, authorise });
    return true;
  };
  let outcome: boolean | undefined;
  void write().then(
    () => (outcome = true),
    (error: unknown) => {
      if (codeOf(error) === undefined) throw error;
      outcome = false;
    },
  );
  while (outcome === undefined) await clock.advance(500);
  purchase.card.powerOff();
  return outcome;
}

describe('a purchase over a HID cable that loses, damages or drops reports', () => {
  it('is credited once, whatever fails and when', async () => {
    const faults = fc.array(
      fc.record({
        framing: fc.constantFrom(CCID_XOR_FRAMING, PLAIN_FRAMING),
        at: fc.nat(60),
        kind: fc.constantFrom('loseIn' as const, 'loseOut' as const, 'damage' as const, 'unplug' as const),
      }),
      { minLength: 1, maxLength: 3 },
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...METER_CARDS), fc.nat(1_000), faults, async (chip, seed, cuts) => {
        const purchase = samplePurchase(chip, { cipher: tripleDes, seed });
        const before = purchase.meter.balanceFen;
        const journal = new MemoryJournal();
        let written = false;
        for (const cut of [...cuts, undefined, undefined]) {
          written = await attempt(purchase, journal, cut);
          if (written) break;
        }
        expect(written).toBe(true);
        purchase.meter.insert(purchase.card);
        purchase.meter.insert(purchase.card);
        expect(purchase.meter.balanceFen - before).toBe(purchase.amountFen);
      }),
      { numRuns: runs(60) },
    );
  });
});
