import { openPcscPort } from '../../node/pcsc-port.ts';
import { watchPcscReaders } from '../../reader/pcsc-readers.ts';
import type { CardSlot } from '../../reader/slot.ts';
import { ManualClock, settled } from '../manual-clock.ts';
import type { SlotStack } from '../slot-contract-stacks.ts';
import { SimulatedPcscChild } from './sim-pcsc-child.ts';

/** A slot behind the PC/SC service, of which only the process with the library is simulated. */
export async function pcscRig(): Promise<{ clock: ManualClock; child: SimulatedPcscChild; slot: CardSlot }> {
  const clock = new ManualClock();
  const child = new SimulatedPcscChild(clock);
  const readers = await watchPcscReaders(await openPcscPort({ clock, start: () => child }), clock);
  await settled();
  const [slot] = readers.slots();
  if (slot === undefined) throw new Error('no slot');
  return { clock, child, slot };
}

export const pcscStack: SlotStack = {
  name: 'a reader of the PC/SC service',
  onlyT0: true,
  make: async () => {
    const { clock, child, slot } = await pcscRig();
    return {
      slot,
      insert: (card) => {
        child.insert(card);
      },
      eject: () => {
        child.eject();
      },
      hold: () => (child.hold = true),
      letGo: () => {
        child.letGo();
      },
      pass: (ms) => clock.advance(ms),
    };
  },
};
