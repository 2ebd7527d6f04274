import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { systemClock } from '@bianmin/card/node/system-clock';
import { chipOf, METER_CARDS } from '@bianmin/card/testing/meter-files';
import type { RigCase } from './cases.ts';
import { same, type Rig } from './rig.ts';

/** The place of the reader that has a keyboard in its case. */
const SEAT = 2;
/** Between two keys of one that types, ms. */
const TYPING_MS = 40;
const DEVICES = '/sys/bus/usb/devices';
/** Class of keyboards and other devices for hands. */
const HID_CLASS = '03';

/** A reader on the second interface of a device whose first one is a keyboard. */
export const KEYED_CASES: readonly RigCase[] = [
  {
    name: 'a reader that is a keyboard too is found at its second interface, and its keys stay the system’s',
    short: true,
    run: async (rig) => {
      const { readers, slot } = await rig.oneReader(SEAT);
      same('slots', readers.slots().length, 1);
      same('who has the keyboard', keyboardDriver(), 'usbhid');
      const purchase = await rig.card(slot, { seed: 41, seat: SEAT });
      const typing = typist(rig);
      await rig.write(slot, purchase);
      await typing.stop();
      await rig.remove(slot, SEAT);
      await rig.isCreditedOnce(purchase, SEAT);
      await readers.close();
      same('who has the keyboard', keyboardDriver(), 'usbhid');
      same('faults', rig.faults.length, 0);
    },
  },
  {
    name: 'a reader that is a keyboard too is unplugged while keys are pressed, and comes back',
    run: async (rig) => {
      const { readers, slot } = await rig.oneReader(SEAT);
      const purchase = await rig.card(slot, { seed: 42, seat: SEAT });
      const typing = typist(rig);
      await rig.host.ask('unplug', { seat: SEAT });
      await rig.until('it is gone', () => readers.slots().length === 0);
      await rig.host.ask('plug', { seat: SEAT });
      const again = await rig.slot(readers, 1);
      await rig.until('the card is seen', () => again.present());
      await rig.write(again, purchase);
      await typing.stop();
      await rig.remove(again, SEAT);
      await rig.isCreditedOnce(purchase, SEAT);
    },
  },
  ...METER_CARDS.filter((of) => chipOf(of) !== 'CPU').map((of): RigCase => ({
    name: `a purchase on a ${of} card is credited once`,
    // The service knows no memory cards: those are read by a reader's own commands.
    only: 'usb',
    run: async (rig) => {
      const { slot } = await rig.oneReader(SEAT);
      const purchase = await rig.card(slot, { seed: 43, of, seat: SEAT });
      await rig.write(slot, purchase);
      await rig.remove(slot, SEAT);
      await rig.isCreditedOnce(purchase, SEAT);
    },
  })),
];

/** Types until it is stopped. */
function typist(rig: Rig): { stop(): Promise<void> } {
  let isOver = false;
  const typing = (async () => {
    while (!isOver) {
      await rig.host.ask('press-key', {});
      await systemClock.sleep(TYPING_MS);
    }
  })();
  return {
    stop: async () => {
      isOver = true;
      await typing;
    },
  };
}

/** Which of the system's drivers has the keyboard; undefined where there is none, or nobody has it. */
function keyboardDriver(): string | undefined {
  for (const name of readdirSync(DEVICES)) {
    const folder = join(DEVICES, name);
    try {
      const kind = readFileSync(join(folder, 'bInterfaceClass'), 'utf8').trim();
      if (kind === HID_CLASS) return basename(readlinkSync(join(folder, 'driver')));
    } catch {
      // A device, and no interface of one; or nobody drives it.
    }
  }
  return undefined;
}
