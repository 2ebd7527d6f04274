import { openPcscPort } from '../../node/pcsc-port.ts';
import { watchPcscReaders } from '../../reader/pcsc-readers.ts';
import { ManualClock, settled } from '../manual-clock.ts';
import type { SlotStack } from '../slot-contract-stacks.ts';
import { SimulatedPcscChild } from './sim-pcsc-child.ts';

/** A slot behind the PC/SC service, of which only the process with the library is simulated. */
export const pcscStack: SlotStack = {
  name: 'a reader of the PC/SC service',
  onlyT0: true,
  make: async () => {
    const clock = new ManualClock();
    const child = new SimulatedPcscChild();
    const readers = await watchPcscReaders(await openPcscPort({ clock, start: () => child }));
    await settled();
    const [slot] = readers.slots();
    if (slot === undefined) throw new Error('no slot');
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
