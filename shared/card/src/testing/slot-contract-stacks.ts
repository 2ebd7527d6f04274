import type { ExchangeLevel } from '../framing/ccid/descriptor.ts';
import { CCID_XOR_FRAMING, PLAIN_FRAMING } from '../framing/hid/profile.ts';
import type { HidFraming } from '../framing/hid/profile.ts';
import { openAcr38Reader } from '../reader/acr38-reader.ts';
import { READ_MS } from '../reader/ccid-link.ts';
import { openCcidReader } from '../reader/ccid-reader.ts';
import type { CcidReader } from '../reader/ccid-reader.ts';
import { hidCcidPort } from '../reader/hid-ccid.ts';
import type { CardSlot } from '../reader/slot.ts';
import { ChipSlot } from './chip-slot.ts';
import { ManualClock } from './manual-clock.ts';
import { SimulatedAcr38 } from './sim-acr38.ts';
import { plainCard } from './sim-card-line-plain.ts';
import { SimulatedHidReader } from './sim-hid-reader.ts';
import { SimulatedReader } from './sim-reader.ts';
import type { SlotRig } from './slot-contract.ts';

/** A kind of reader, and how one is made for a test. */
export interface SlotStack {
  readonly name: string;
  readonly make: () => SlotRig | Promise<SlotRig>;
  /** T=1 is spoken by others than us, or not at all. */
  readonly onlyT0?: boolean;
}

function slotOf({ slots }: CcidReader): CardSlot {
  const [slot] = slots;
  if (slot === undefined) throw new Error('no slot');
  return slot;
}

function handOf(reader: SimulatedReader, clock: ManualClock): Omit<SlotRig, 'slot'> {
  return {
    insert: (card) => {
      reader.insert(card);
    },
    eject: () => void reader.eject(),
    swap: (card) => {
      reader.swap(card);
    },
    hold: () => (reader.faults.hold = true),
    letGo: () => {
      reader.letGo();
    },
    keepPower: () => (reader.faults.keepsPower = true),
    pass: (ms) => clock.advance(ms),
  };
}

const ccid = (level: ExchangeLevel, noAbort?: 'stall' | 'refuse') => (): SlotRig => {
  const clock = new ManualClock();
  const reader = new SimulatedReader({ clock, level });
  if (noAbort !== undefined) reader.faults.noAbort = noAbort;
  return { slot: slotOf(openCcidReader(reader, clock)), ...handOf(reader, clock) };
};

const hid = (framing: HidFraming) => (): SlotRig => {
  const clock = new ManualClock();
  const device = new SimulatedHidReader({ clock, framing });
  const port = hidCcidPort(device.attach(), device.transport, clock);
  return { slot: slotOf(openCcidReader(port, clock)), ...handOf(device.reader, clock) };
};

function acr38(): SlotRig {
  const clock = new ManualClock();
  const reader = new SimulatedAcr38(clock);
  let heldAt = 0;
  return {
    slot: slotOf(openAcr38Reader(reader, clock)),
    insert: (card) => {
      reader.insert(card);
    },
    eject: () => {
      reader.eject();
    },
    swap: (card) => {
      reader.swap(card);
    },
    hold: () => {
      heldAt = clock.monotonic();
      reader.faults.hold = true;
    },
    letGo: () => {
      // Its answers have no number: one that is later than this would be taken for another's.
      if (clock.monotonic() - heldAt < READ_MS) reader.letGo();
    },
    pass: (ms) => clock.advance(ms),
  };
}

/** The double that the tests above the reader use. */
function double(): SlotRig {
  const clock = new ManualClock();
  const slot = new ChipSlot(plainCard(Uint8Array.of(0x3b, 0x00), () => Uint8Array.of(0x90, 0x00)));
  return {
    slot,
    patient: true,
    insert: (card) => {
      slot.put(card);
    },
    eject: () => {
      slot.remove();
    },
    hold: () => (slot.hold = true),
    letGo: () => {
      slot.letGo();
    },
    pass: (ms) => clock.advance(ms),
  };
}

const LEVELS = ['character', 'tpdu', 'short-apdu', 'extended-apdu'] as const;

export const SLOT_STACKS: readonly SlotStack[] = [
  ...LEVELS.map((level) => ({ name: `a CCID reader at ${level} level`, make: ccid(level) })),
  { name: 'a CCID reader that knows no abort', make: ccid('tpdu', 'stall') },
  { name: 'a CCID reader that refuses aborts', make: ccid('tpdu', 'refuse') },
  { name: 'a HID reader, wrapped in 02, 03 and a sum', make: hid(CCID_XOR_FRAMING) },
  { name: 'a HID reader, behind a length', make: hid(PLAIN_FRAMING) },
  { name: 'an ACR38 from before CCID', make: acr38 },
  { name: 'the double of a slot', make: double, onlyT0: true },
];
