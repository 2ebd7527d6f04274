import type { Clock } from '../clock.ts';
import { codeOf } from '../errors.ts';
import { openHidBus } from '../node/hid-bus.ts';
import { openPcscPort } from '../node/pcsc-port.ts';
import { openUsbBus } from '../node/usb-bus.ts';
import { hidReaderBus } from '../reader/hid-bus.ts';
import { READER_MODELS } from '../reader/models.ts';
import { watchPcscReaders } from '../reader/pcsc-readers.ts';
import { watchReaders, type Readers } from '../reader/readers.ts';
import { Stop } from '../stop.ts';
import type { UsbBus } from '../usb/ports.ts';
import { projectFor, type Project } from './project.ts';
import type { Driven, OpenReaders, ReaderChoice, Via } from './readers.ts';

/** The service tells of its readers one by one after it answers. */
const FIRST_READER_MS = 1_000;

type Faults = { readonly where: string; readonly error: unknown }[];
interface Source {
  readonly readers: Readers;
  readonly driven: Driven;
}

/**
 * The readers that are asked for. Of those plugged in here: through the PC/SC service where it runs, else over USB,
 * never both, since each would take the reader from the other. What cannot be opened is noted in `faults`.
 * `cli.usage` for a simulated or sandbox reader without `project`.
 */
export async function openReaders(
  choice: ReaderChoice,
  clock: Clock,
  project?: Project,
): Promise<OpenReaders> {
  if (choice.simulate !== undefined) {
    return projectFor('--simulate', project).openSimulator(choice.simulate, clock);
  }
  const faults: Faults = [];
  const sources =
    choice.sandbox === undefined
      ? await pluggedIn(choice.via, clock, faults)
      : [
          {
            readers: await watch(
              await projectFor('--sandbox', project).openSandbox(choice.sandbox),
              faults,
              clock,
            ),
            driven: 'sandbox' as const,
          },
        ];
  const slots = (): ReturnType<OpenReaders['slots']> =>
    sources.flatMap(({ readers, driven }) => readers.slots().map((slot) => ({ slot, driven })));
  const onChange = (listener: () => void): (() => void) => {
    const offs = sources.map(({ readers }) => readers.onChange(listener));
    return () => {
      for (const off of offs) off();
    };
  };
  if (sources.length > 0 && slots().length === 0) await firstOf(onChange, clock);
  return {
    ...{ slots, onChange, faults },
    close: async () => {
      await Promise.all(sources.map(({ readers }) => readers.close()));
    },
  };
}

async function pluggedIn(via: Via | undefined, clock: Clock, faults: Faults): Promise<Source[]> {
  const sources: Source[] = [];
  const attempt = async (where: Via, driven: Driven, open: () => Promise<Readers>): Promise<void> => {
    try {
      sources.push({ readers: await open(), driven });
    } catch (error) {
      // No service is no fault, unless it was asked for.
      if (codeOf(error) !== 'pcsc.no-service' || via === 'pcsc') faults.push({ where, error });
    }
  };
  if (via === undefined || via === 'pcsc') {
    await attempt('pcsc', 'pcsc', async () => watchPcscReaders(await openPcscPort({ clock }), clock));
  }
  if (via === 'usb' || (via === undefined && sources.length === 0)) {
    await attempt('usb', 'ccid-usb', async () => watch(await openUsbBus(clock), faults, clock));
  }
  // None of the HID readers is the service's: they are there beside it.
  if (via === 'hid' || (via === undefined && READER_MODELS.some(({ hid }) => hid !== undefined))) {
    await attempt('hid', 'hid', async () =>
      watch(hidReaderBus(await openHidBus(clock), clock), faults, clock),
    );
  }
  return sources;
}

function watch(bus: UsbBus, faults: Faults, clock: Clock): Promise<Readers> {
  return watchReaders(
    bus,
    (device, error) => {
      faults.push({ where: device.product ?? device.id, error });
    },
    clock,
  );
}

async function firstOf(onChange: (listener: () => void) => () => void, clock: Clock): Promise<void> {
  const found = new Stop();
  const off = onChange(() => {
    found.stop();
  });
  await clock.sleep(FIRST_READER_MS, found.signal).catch(() => undefined);
  off();
}
