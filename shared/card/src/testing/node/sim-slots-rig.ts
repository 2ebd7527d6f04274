import { openChildSlots } from '../../node/child-slots.ts';
import { watchReaders } from '../../reader/readers.ts';
import type { UsbBus, UsbPort } from '../../usb/ports.ts';
import { SimulatedReader } from '../sim-reader.ts';
import type { SimulatedReaderInit } from '../sim-reader.ts';
import type { SimulatedCard } from '../simulated-card.ts';
import { ManualClock, settled } from '../manual-clock.ts';
import type { CardSlot } from '../../reader/slot.ts';
import type { SlotStack } from '../slot-contract-stacks.ts';
import { SimulatedSlotsChild } from './sim-slots-child.ts';

/** The same kind of reader, driven by a process of its own. */
export function inChild({ name, make, ...rest }: SlotStack): SlotStack {
  return {
    ...rest,
    name: `${name}, in a process of its own`,
    make: async () => {
      const rig = await make();
      const clock = new ManualClock();
      const pass = async (ms: number): Promise<void> => {
        await rig.pass(ms);
        await clock.advance(ms);
      };
      return { ...rig, pass, slot: await driven(rig.slot, clock) };
    },
  };
}

async function driven(slot: CardSlot, clock: ManualClock): Promise<CardSlot> {
  const source = {
    slots: () => [slot],
    onChange: () => () => undefined,
    close: () => slot.close(),
  };
  const readers = await openChildSlots({
    clock,
    start: () => new SimulatedSlotsChild(() => Promise.resolve(source)),
    onFault: () => undefined,
  });
  await settled();
  const [lent] = readers.slots();
  if (lent === undefined) throw new Error('no slot');
  return lent;
}

/** Readers that a process of their own drives: one reader, which goes on when that process is lost. */
export class DrivenReader {
  readonly reader: SimulatedReader;
  readonly children: SimulatedSlotsChild[] = [];
  readonly #clock: ManualClock;

  constructor(clock: ManualClock, init: Omit<SimulatedReaderInit, 'clock'> = {}) {
    this.#clock = clock;
    this.reader = new SimulatedReader({ clock, ...init });
    // Plugged in once.
    this.reader.attach();
  }

  get child(): SimulatedSlotsChild {
    const child = this.children.at(-1);
    if (child === undefined) throw new Error('no child was started');
    return child;
  }

  /** For `openChildSlots`. */
  readonly start = (): SimulatedSlotsChild => {
    let port: UsbPort | undefined;
    const bus: UsbBus = {
      list: () => Promise.resolve([this.reader.info]),
      open: () => {
        port = this.reader.reopen();
        return Promise.resolve(port);
      },
      onChange: () => () => undefined,
      close: () => Promise.resolve(),
    };
    const child = new SimulatedSlotsChild(
      () => watchReaders(bus, () => undefined, this.#clock),
      () => void port?.close(),
    );
    this.children.push(child);
    return child;
  };
}

/** Does something in the n-th APDU from now on, before the card has it or before the card is heard; counts them. */
export function atApdu(
  card: SimulatedCard,
  init: { readonly n: number; readonly when: 'before' | 'after'; readonly act: () => void },
): { apdus: number } {
  const counted = { apdus: 0 };
  const transmit = card.transmit.bind(card);
  card.transmit = (apdu) => {
    const isNow = counted.apdus++ === init.n;
    if (isNow) init.act();
    if (isNow && init.when === 'before') return Uint8Array.of(0x6f, 0x00);
    return transmit(apdu);
  };
  return counted;
}
