import type { ChipName } from '../chip/contract.ts';
import type { RegionData } from '../chip/region.ts';
import type { Clock } from '../clock.ts';
import type { UsbBus } from '../usb/ports.ts';
import { usage } from './args.ts';
import type { Dump } from './dump-form.ts';
import type { OpenReaders, ReaderChoice } from './readers.ts';

/** The meter's files of a card, as a layout finds them in what was read. */
export type MeterFiles = (chip: ChipName, read: readonly RegionData[]) => Dump['meter'];

/** What the tool has in a clone of the project alone: the installed package brings no simulator and no layout. */
export interface Project {
  /** The folder that recordings for tests lie in. */
  readonly fixtures: string;
  readonly openSimulator: (card: NonNullable<ReaderChoice['simulate']>, clock: Clock) => Promise<OpenReaders>;
  /** The bus of a sandbox's reader, by its address. */
  readonly openSandbox: (url: string) => Promise<UsbBus>;
  readonly meterFiles: MeterFiles;
}

/** The project, or `cli.usage` where the tool was installed without it. */
export function projectFor(option: string, project: Project | undefined): Project {
  if (project === undefined) throw usage(`${option} is there in a clone of the project only`);
  return project;
}
