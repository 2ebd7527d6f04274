import { CPU_ONLY_MODELS } from '../../reader/cpu-only-models.ts';
import { READER_MODELS } from '../../reader/models.ts';
import { deviceText } from '../../usb/device-text.ts';
import type { DeviceFact, NodeFact, PluggedFact } from './facts.ts';
import type { System } from './system.ts';

const USB = '/sys/bus/usb/devices';
const MODELS = [...READER_MODELS, ...CPU_ONLY_MODELS];
/** bInterfaceClass, hex as the kernel writes it: USB-IF's list. */
const CLASS = { smartCard: '0b', hid: '03' } as const;

/** Processes by the device nodes that they have open. */
export interface OpenNodes {
  readonly byPath: ReadonlyMap<string, readonly { readonly pid: number; readonly name: string }[]>;
  /** Processes that we may not look into. */
  readonly hidden: number;
}

/** Every USB device that the kernel knows, hubs included. */
export function pluggedDevices(system: System): PluggedFact[] {
  return system.list(USB).flatMap((id) => {
    const text = (file: string): string => system.text(`${USB}/${id}/${file}`)?.trim() ?? '';
    const [vendorId, productId] = [parseInt(text('idVendor'), 16), parseInt(text('idProduct'), 16)];
    if (Number.isNaN(vendorId) || Number.isNaN(productId)) return [];
    const said = [text('manufacturer'), text('product')].map(deviceText);
    const name = said.filter((part) => part !== '').join(' ');
    return [{ id, vendorId, productId, name }];
  });
}

/** The readers among them, by what they say of themselves or by the table of models. */
export function readersAmong(system: System, open: OpenNodes, plugged: readonly PluggedFact[]): DeviceFact[] {
  return plugged.flatMap((device) => {
    const { id, vendorId, productId } = device;
    const at = `${USB}/${id}`;
    const text = (file: string): string => system.text(`${at}/${file}`)?.trim() ?? '';
    // Interfaces lie within their device: 1-2/1-2:1.0.
    const interfaces = system.list(at).filter((entry) => entry.startsWith(`${id}:`));
    const classes = interfaces.map((entry) => text(`${entry}/bInterfaceClass`));
    const known = MODELS.find((m) => m.vendorId === vendorId && m.productId === productId);
    const ccid = classes.includes(CLASS.smartCard);
    if (known === undefined && !ccid) return [];
    const drivers = interfaces.flatMap(
      (entry) => system.link(`${at}/${entry}/driver`)?.split('/').at(-1) ?? [],
    );
    return [
      {
        ...device,
        model: known?.id,
        kind: ccid ? 'ccid' : classes.includes(CLASS.hid) ? 'hid' : 'vendor',
        drivers: [...new Set(drivers)],
        nodes: nodesOf(system, open, { at, bus: text('busnum'), address: text('devnum'), interfaces }),
      },
    ];
  });
}

interface Place {
  readonly at: string;
  readonly bus: string;
  readonly address: string;
  readonly interfaces: readonly string[];
}

function nodesOf(system: System, open: OpenNodes, { at, bus, address, interfaces }: Place): NodeFact[] {
  const usb = `/dev/bus/usb/${bus.padStart(3, '0')}/${address.padStart(3, '0')}`;
  const hidraw = interfaces.flatMap((entry) =>
    // 1-2:1.0/0003:072F:90CC.0001/hidraw/hidraw0
    system
      .list(`${at}/${entry}`)
      .filter((child) => /^[0-9A-F]{4}:[0-9A-F]{4}:[0-9A-F]{4}\./.test(child))
      .flatMap((child) => system.list(`${at}/${entry}/${child}/hidraw`))
      .map((node) => `/dev/${node}`),
  );
  const fact = (path: string, kind: NodeFact['kind']): NodeFact => {
    const stat = system.stat(path);
    return {
      path,
      kind,
      owner:
        stat === undefined
          ? undefined
          : `${system.nameOf('user', stat.uid) ?? stat.uid}:${system.nameOf('group', stat.gid) ?? stat.gid} ${stat.mode.toString(8).padStart(4, '0')}`,
      group: stat === undefined ? undefined : (system.nameOf('group', stat.gid) ?? String(stat.gid)),
      writable: stat !== undefined && system.writable(path),
      heldBy: open.byPath.get(path) ?? [],
    };
  };
  return [fact(usb, 'usb'), ...hidraw.map((path) => fact(path, 'hidraw'))];
}

/** Looks into every process for device nodes; those of others stay closed to all but root. */
export function openNodes(system: System): OpenNodes {
  const byPath = new Map<string, { pid: number; name: string }[]>();
  let hidden = 0;
  for (const entry of system.list('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const descriptors = system.list(`/proc/${entry}/fd`);
    // Kernel threads have neither command line nor files; any other without files is one that we may not look into.
    if (descriptors.length === 0 && system.text(`/proc/${entry}/cmdline`) !== '') hidden += 1;
    const name = system.text(`/proc/${entry}/comm`)?.trim() ?? '';
    const paths = new Set(descriptors.map((fd) => system.link(`/proc/${entry}/fd/${fd}`) ?? ''));
    for (const path of paths) {
      if (!path.startsWith('/dev/bus/usb/') && !path.startsWith('/dev/hidraw')) continue;
      byPath.set(path, [...(byPath.get(path) ?? []), { pid: Number(entry), name }]);
    }
  }
  return { byPath, hidden };
}

/** The first process of a name, by the kernel's fifteen letters of it. */
export function processNamed(system: System, name: string): number | undefined {
  const pid = system
    .list('/proc')
    .find((entry) => /^\d+$/.test(entry) && system.text(`/proc/${entry}/comm`)?.trim() === name);
  return pid === undefined ? undefined : Number(pid);
}
