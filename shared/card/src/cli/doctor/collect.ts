import type { Facts, PcscdFact } from './facts.ts';
import { openNodes, pluggedDevices, processNamed, readersAmong } from './linux.ts';
import type { System } from './system.ts';

/** Loaded on demand, and absent where their build failed. */
const PACKAGES = ['usb', 'node-hid', '@pokusew/pcsclite'] as const;
/** pcsc-lite's own default. */
const SOCKET = '/run/pcscd/pcscd.comm';

/** Looks at the machine once. Opens no device and no card. */
export async function collectFacts(system: System): Promise<Facts> {
  const linux = system.platform === 'linux';
  const open = linux ? openNodes(system) : { byPath: new Map(), hidden: 0 };
  const plugged = linux ? pluggedDevices(system) : [];
  const packages: Record<string, true | string> = {};
  for (const name of PACKAGES) packages[name] = await system.loads(name);
  return {
    platform: system.platform,
    user: system.user(),
    plugged,
    devices: readersAmong(system, open, plugged),
    usbVisible: !linux || plugged.length > 0,
    pcscd: linux ? await pcscdOf(system) : NO_PCSCD,
    packages,
    node: system.node,
    hiddenProcesses: open.hidden,
  };
}

const NO_PCSCD: PcscdFact = {
  running: false,
  pid: undefined,
  service: undefined,
  socket: undefined,
  clientSocket: 'absent',
};

async function pcscdOf(system: System): Promise<PcscdFact> {
  const pid = processNamed(system, 'pcscd');
  const state = async (unit: string): Promise<string | undefined> => {
    const said = (await system.run('systemctl', ['is-active', unit]))?.trim();
    return said === undefined || said === '' ? undefined : said;
  };
  return {
    running: pid !== undefined,
    pid,
    service: await state('pcscd.service'),
    socket: await state('pcscd.socket'),
    clientSocket: system.stat(SOCKET) === undefined ? 'absent' : system.writable(SOCKET) ? 'open' : 'closed',
  };
}
