import { describe, expect, it } from 'vitest';
import { EMPTY_SYSTEM, FakeIo } from '../fake-io.ts';
import { collectFacts } from './collect.ts';
import type { DeviceFact, Facts } from './facts.ts';
import { judge, type FindingId } from './rules.ts';
import type { Stat, System } from './system.ts';
import { udevRule } from './udev.ts';

const ROOT_ONLY: Stat = { mode: 0o644, uid: 0, gid: 0 };
const NODE = '/dev/bus/usb/001/007';

interface Machine {
  /** Files by path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly links?: Readonly<Record<string, string>>;
  readonly stats?: Readonly<Record<string, Stat>>;
  readonly writable?: readonly string[];
  readonly systemctl?: Readonly<Record<string, string>>;
  readonly system?: Partial<System>;
}

/** A Linux machine of paths alone. */
function machine({
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

const USB = '/sys/bus/usb/devices';
const ACR38: Readonly<Record<string, string>> = {
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

async function found(on: Machine): Promise<FindingId[]> {
  return judge(await collectFacts(machine(on))).map(({ id }) => id);
}

describe('what a machine shows', () => {
  it('is a reader by its class and its model, with its node and who owns it; hubs are none', async () => {
    const facts = await collectFacts(machine({ files: ACR38, stats: { [NODE]: ROOT_ONLY } }));
    expect(facts.devices).toEqual([
      {
        id: '1-2',
        vendorId: 0x072f,
        productId: 0x90cc,
        name: 'ACS CCID USB Reader',
        model: 'acr38u-ccid',
        kind: 'ccid',
        drivers: [],
        nodes: [
          { path: NODE, kind: 'usb', owner: 'root:root 0644', group: 'root', writable: false, heldBy: [] },
        ],
      },
    ]);
  });

  it('is who holds a node, as far as processes may be looked into', async () => {
    const facts = await collectFacts(
      machine({
        files: {
          ...ACR38,
          '/proc/12/comm': 'pcscd\n',
          '/proc/12/cmdline': '/usr/sbin/pcscd',
          '/proc/13/comm': 'kthread\n',
          '/proc/13/cmdline': '',
          '/proc/14/comm': 'other\n',
          '/proc/14/cmdline': 'other',
        },
        links: { '/proc/12/fd/9': NODE, '/proc/12/fd/10': NODE },
        stats: { [NODE]: ROOT_ONLY },
      }),
    );
    expect(facts.devices[0]?.nodes[0]?.heldBy).toEqual([{ pid: 12, name: 'pcscd' }]);
    expect(facts.pcscd).toMatchObject({ running: true, pid: 12 });
    expect(facts.hiddenProcesses).toBe(1);
  });

  it('is the hidraw node of a HID reader', async () => {
    const facts = await collectFacts(
      machine({
        files: {
          ...ACR38,
          [`${USB}/1-2/1-2:1.0/bInterfaceClass`]: '03\n',
          [`${USB}/1-2/1-2:1.0/0003:072F:90CC.0001/hidraw/hidraw0/dev`]: '240:0\n',
        },
        links: { [`${USB}/1-2/1-2:1.0/driver`]: '../../../bus/usb/drivers/usbhid' },
        stats: { [NODE]: ROOT_ONLY, '/dev/hidraw0': ROOT_ONLY },
      }),
    );
    expect(facts.devices[0]).toMatchObject({ kind: 'hid', drivers: ['usbhid'] });
    expect(facts.devices[0]?.nodes.map(({ path }) => path)).toEqual([NODE, '/dev/hidraw0']);
    expect(judge(facts).map(({ id }) => id)).toEqual(['reader', 'no-rights']);
  });
});

describe('what is made of it', () => {
  const open = { stats: { [NODE]: ROOT_ONLY }, writable: [NODE] };

  it.each<[string, Machine, FindingId[]]>([
    ['no USB at all', {}, ['no-usb']],
    [
      'USB without a reader',
      { files: { [`${USB}/usb1/idVendor`]: '1d6b', [`${USB}/usb1/idProduct`]: '2' } },
      ['no-reader'],
    ],
    ['a reader that may be used', { files: ACR38, ...open }, ['reader', 'pcscd-none']],
    ['a reader that may not', { files: ACR38, stats: open.stats }, ['reader', 'no-rights', 'pcscd-none']],
    ['a reader without its node', { files: ACR38 }, ['reader', 'node-missing', 'pcscd-none']],
    [
      'a service that starts at need',
      { files: ACR38, stats: open.stats, systemctl: { 'pcscd.socket': 'active' } },
      ['reader', 'pcscd-would-own'],
    ],
    [
      'a service that does not let us in',
      {
        files: ACR38,
        stats: { ...open.stats, '/run/pcscd/pcscd.comm': ROOT_ONLY },
        systemctl: { 'pcscd.socket': 'active' },
      },
      ['reader', 'pcscd-would-own', 'pcscd-closed'],
    ],
    [
      'a reader that the service holds',
      {
        files: { ...ACR38, '/proc/12/comm': 'pcscd\n' },
        links: { '/proc/12/fd/9': NODE },
        stats: open.stats,
      },
      ['reader', 'pcscd-owns'],
    ],
    [
      'a reader that another program holds',
      { files: { ...ACR38, '/proc/12/comm': 'vendor-tool\n' }, links: { '/proc/12/fd/9': NODE }, ...open },
      ['reader', 'held', 'pcscd-none'],
    ],
    [
      'a reader that a kernel driver holds',
      { files: ACR38, links: { [`${USB}/1-2/1-2:1.0/driver`]: '/drivers/pn533_usb' }, ...open },
      ['reader', 'kernel-driver', 'pcscd-none'],
    ],
    [
      'a reader that the table does not have',
      { files: { ...ACR38, [`${USB}/1-2/idVendor`]: '1234' }, ...open },
      ['unknown-model', 'pcscd-none'],
    ],
    [
      'a package that does not load',
      {
        files: ACR38,
        ...open,
        system: { loads: (name) => Promise.resolve(name === 'usb' ? 'no binding' : true) },
      },
      ['reader', 'pcscd-none', 'package-missing'],
    ],
    ['Windows', { system: { platform: 'win32' } }, ['windows']],
    ['macOS', { system: { platform: 'darwin' } }, ['macos']],
    ['another system', { system: { platform: 'other' } }, ['other-platform']],
  ])('%s', async (_, on, ids) => {
    expect(await found(on)).toEqual(ids);
  });

  it('tells others’ processes only to those who are not root', async () => {
    const facts: Facts = { ...(await collectFacts(machine({ files: ACR38, ...open }))), hiddenProcesses: 3 };
    expect(judge(facts).map(({ id }) => id)).toContain('hidden-processes');
    const root = { ...facts, user: { name: 'root', uid: 0, groups: ['root'] } };
    expect(judge(root).map(({ id }) => id)).not.toContain('hidden-processes');
  });
});

describe('the way out of missing rights', () => {
  const device: DeviceFact = {
    ...{
      id: '1-2',
      vendorId: 0x072f,
      productId: 0x90cc,
      name: 'ACS',
      model: 'acr38u-ccid',
      kind: 'ccid',
      drivers: [],
    },
    nodes: [{ path: NODE, kind: 'usb', owner: 'root:root 0664', group: 'root', writable: false, heldBy: [] }],
  };
  const facts: Facts = {
    platform: 'linux',
    user: { name: 'clerk', uid: 1000, groups: ['clerk'] },
    plugged: [device],
    devices: [device],
    usbVisible: true,
    pcscd: { running: false, pid: undefined, service: undefined, socket: undefined, clientSocket: 'absent' },
    packages: {},
    hiddenProcesses: 0,
  };
  const linesFor = (on: Facts): readonly string[] =>
    judge(on).find(({ id }) => id === 'no-rights')?.lines ?? [];

  it('is a rule for exactly this device, the reload and the group', () => {
    expect(linesFor(facts)).toEqual([
      '# /etc/udev/rules.d/70-bianmin-card-reader.rules',
      'SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ATTR{idVendor}=="072f", ATTR{idProduct}=="90cc", MODE="0660", GROUP="plugdev", TAG+="uaccess"',
      'sudo udevadm control --reload && sudo udevadm trigger',
      'sudo usermod -aG plugdev clerk',
    ]);
  });

  it('is the group alone where a rule is there already', () => {
    const nodes = [
      { ...device.nodes[0], owner: 'root:plugdev 0660', group: 'plugdev' },
    ] as DeviceFact['nodes'];
    expect(linesFor({ ...facts, devices: [{ ...device, nodes }] })).toEqual([
      'sudo usermod -aG plugdev clerk',
    ]);
  });

  it('covers the hidraw node of a HID reader', () => {
    expect(udevRule({ ...device, kind: 'hid' }).split('\n')[1]).toBe(
      'SUBSYSTEM=="hidraw", ATTRS{idVendor}=="072f", ATTRS{idProduct}=="90cc", MODE="0660", GROUP="plugdev", TAG+="uaccess"',
    );
  });
});

describe('doctor', () => {
  it('says what is there and what to do in plain words, and ends with 1 where something is in the way', async () => {
    const io = new FakeIo();
    io.system = machine({ files: ACR38, stats: { [NODE]: ROOT_ONLY } });
    const { code, out } = await io.run('doctor');
    expect(code).toBe(1);
    expect(out).toContain(
      'Plugged in:\n  1-2  072F:90CC  ACS CCID USB Reader (reader acr38u-ccid)\n  usb1  1D6B:0002',
    );
    expect(out).toContain('✓ 072F:90CC ACS CCID USB Reader: reader, model acr38u-ccid, ccid');
    expect(out).toContain(
      `✗ 072F:90CC ACS CCID USB Reader: ${NODE} belongs to root:root 0644; clerk (groups clerk)`,
    );
    expect(out).toContain('    sudo udevadm control --reload');
    const chinese = await io.run('doctor --lang zh');
    expect(chinese.out).toContain('无权使用');
    expect(out + chinese.out).not.toMatch(/\{(?!idVendor|idProduct|DEVTYPE)\w+\}/);
  });

  it('gives facts and findings to programs, and ends with 0 where nothing is in the way', async () => {
    const io = new FakeIo();
    io.system = machine({ files: ACR38, stats: { [NODE]: ROOT_ONLY }, writable: [NODE] });
    const { code, out } = await io.run('doctor --json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      facts: { platform: 'linux', devices: [{ model: 'acr38u-ccid' }] },
      findings: [
        { id: 'reader', severity: 'ok', what: 'reader, model acr38u-ccid, ccid' },
        { id: 'pcscd-none', do: expect.stringContaining('None is needed') as string },
      ],
    });
  });
});
