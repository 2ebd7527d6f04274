import { EMPTY_SYSTEM } from '../fake-io.ts';
import { collectFacts } from './collect.ts';
import { judge } from './rules.ts';
import type { FindingId } from './finding.ts';
import type { Stat, System } from './system.ts';

export const ROOT_ONLY: Stat = { mode: 0o644, uid: 0, gid: 0 };
export const NODE = '/dev/bus/usb/001/007';

export interface Machine {
  /** Files by path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly links?: Readonly<Record<string, string>>;
  readonly stats?: Readonly<Record<string, Stat>>;
  readonly writable?: readonly string[];
  readonly systemctl?: Readonly<Record<string, string>>;
  readonly system?: Partial<System>;
}

/** A Linux machine of paths alone. */
export function machine({
  files = {},
  links = {},
  stats = {},
  writable = [],
  systemctl = {},
  system,
}: Machine): System {
  const paths = [...Object.keys(files), ...Object.keys(links)];
  return {
    ...EMPTY_SYSTEM,
    list: (folder) => [
      ...new Set(
        paths
          .filter((path) => path.startsWith(`${folder}/`))
          .map((path) => path.slice(folder.length + 1).split('/')[0] ?? ''),
      ),
    ],
    text: (path) => files[path],
    link: (path) => links[path],
    stat: (path) => stats[path],
    writable: (path) => writable.includes(path),
    run: (_, [, unit = '']) => Promise.resolve(systemctl[unit]),
    nameOf: (kind, id) => (id === 0 ? 'root' : kind === 'group' && id === 46 ? 'plugdev' : undefined),
    ...system,
  };
}

export const USB = '/sys/bus/usb/devices';
export const ACR38: Readonly<Record<string, string>> = {
  [`${USB}/1-2/idVendor`]: '072f\n',
  [`${USB}/1-2/idProduct`]: '90cc\n',
  [`${USB}/1-2/manufacturer`]: 'ACS\n',
  [`${USB}/1-2/product`]: 'CCID USB Reader\n',
  [`${USB}/1-2/busnum`]: '1\n',
  [`${USB}/1-2/devnum`]: '7\n',
  [`${USB}/1-2/1-2:1.0/bInterfaceClass`]: '0b\n',
  [`${USB}/usb1/idVendor`]: '1d6b\n',
  [`${USB}/usb1/idProduct`]: '0002\n',
  [`${USB}/usb1/1-0:1.0/bInterfaceClass`]: '09\n',
};

export async function found(on: Machine): Promise<FindingId[]> {
  return judge(await collectFacts(machine(on))).map(({ id }) => id);
}
