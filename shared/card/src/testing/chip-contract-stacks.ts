import type { Clock } from '../clock.ts';
import type { ExchangeLevel } from '../framing/ccid/descriptor.ts';
import { CCID_XOR_FRAMING, PLAIN_FRAMING } from '../framing/hid/profile.ts';
import type { HidFraming } from '../framing/hid/profile.ts';
import { Acr38Port } from '../reader/acr38-port.ts';
import { openCcidReader } from '../reader/ccid-reader.ts';
import { hidCcidPort } from '../reader/hid-ccid.ts';
import type { UsbPort } from '../usb/ports.ts';
import type { ChipContractRig } from './chip-contract.ts';
import { DirectSession } from './direct-session.ts';
import { ManualClock } from './manual-clock.ts';
import { openSample } from './open-sample.ts';
import type { SamplePurchase } from './sample-purchase.ts';
import { SimulatedAcr38 } from './sim-acr38.ts';
import { SimulatedHidReader } from './sim-hid-reader.ts';
import { SimulatedReader } from './sim-reader.ts';
import type { SimulatedCard } from './simulated-card.ts';

type Sample = Pick<SamplePurchase, 'card' | 'layout'>;

export type Open = ChipContractRig['open'];

/** Straight on the card. */
const direct = (sample: Sample): Open => {
  return async () => openSample(sample, new DirectSession(sample.card));
};

/** Through a port, whatever carries it. */
function through(make: (clock: Clock) => { port: UsbPort; insert: (card: SimulatedCard) => void }) {
  return (sample: Sample): Open => {
    const clock = new ManualClock();
    const { port, insert } = make(clock);
    const [slot] = openCcidReader(port, clock).slots;
    if (slot === undefined) throw new Error('no slot');
    insert(sample.card);
    return async () => openSample(sample, await slot.open(), slot.model);
  };
}

const ccid = (level: ExchangeLevel) =>
  through((clock) => {
    const reader = new SimulatedReader({ clock, level });
    return {
      port: reader,
      insert: (card) => {
        reader.insert(card);
      },
    };
  });

const hid = (framing: HidFraming) =>
  through((clock) => {
    const device = new SimulatedHidReader({ clock, framing });
    return {
      port: hidCcidPort(device.attach(), device.transport, clock),
      insert: (card) => {
        device.reader.insert(card);
      },
    };
  });

const acr38 = through((clock) => {
  const reader = new SimulatedAcr38(clock);
  return {
    port: new Acr38Port(reader, clock),
    insert: (card) => {
      reader.insert(card);
    },
  };
});

export const STACKS = [
  { name: 'a direct session', connect: direct },
  ...(['character', 'tpdu', 'short-apdu', 'extended-apdu'] as const).map((level) => ({
    name: `a CCID reader at ${level} level`,
    connect: ccid(level),
  })),
  { name: 'a HID reader, wrapped in 02, 03 and a sum', connect: hid(CCID_XOR_FRAMING) },
  { name: 'a HID reader, behind a length', connect: hid(PLAIN_FRAMING) },
  { name: 'an ACR38 from before CCID', connect: acr38, lacks: 'AT88SC1602' },
];
