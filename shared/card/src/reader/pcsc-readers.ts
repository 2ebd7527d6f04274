import type { Clock } from '../clock.ts';
import type { PcscPort } from '../usb/ports.ts';
import { Listeners } from './listeners.ts';
import { PcscSlot } from './pcsc-slot.ts';
import type { Readers } from './readers.ts';

/** The slots of all readers that the PC/SC service has, as they come and go. Closes the port with itself. */
export async function watchPcscReaders(port: PcscPort, clock?: Clock): Promise<Readers> {
  const listeners = new Listeners<undefined>();
  const slots = new Map<string, { readonly slot: PcscSlot; present: boolean }>();

  const sync = async (): Promise<void> => {
    const readers = await port.readers();
    let changed = false;
    for (const [name, entry] of slots) {
      if (readers.some((reader) => reader.name === name)) continue;
      slots.delete(name);
      changed = true;
      entry.slot.lose(entry.present);
    }
    for (const { name, atr } of readers) {
      const present = atr !== undefined;
      const entry = slots.get(name);
      if (entry === undefined) {
        slots.set(name, { slot: new PcscSlot(port, name, clock), present });
        changed = true;
      } else if (entry.present !== present) {
        entry.present = present;
        entry.slot.notify(present);
      }
    }
    if (changed) listeners.emit(undefined);
  };

  let work = sync();
  const off = port.onChange(() => {
    work = work.then(sync);
  });
  await work;
  return {
    // By name, since the service tells of readers in any order: the same slot comes first every day.
    slots: () => [...slots.values()].map(({ slot }) => slot).sort((a, b) => (a.reader < b.reader ? -1 : 1)),
    onChange: (listener) => listeners.add(listener),
    close: async () => {
      off();
      await work;
      listeners.clear();
      await Promise.all([...slots.values()].map(({ slot }) => slot.close()));
      await port.close();
    },
  };
}
