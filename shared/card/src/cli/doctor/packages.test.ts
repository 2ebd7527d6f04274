import { describe, expect, it } from 'vitest';
import { collectFacts } from './collect.ts';
import { ACR38, machine, NODE, ROOT_ONLY, type Machine } from './fake-machine.ts';
import type { Finding } from './finding.ts';
import { judge } from './rules.ts';

const ABSENT = (name: string): string => `Cannot find package '${name}' imported from /x/node-system.js`;
const reader: Machine = { files: ACR38, stats: { [NODE]: ROOT_ONLY }, writable: [NODE] };
const served: Machine = { ...reader, systemctl: { 'pcscd.socket': 'active' } };

async function findings(on: Machine, failing: Readonly<Record<string, string>>): Promise<Finding[]> {
  const loads = (name: string): Promise<true | string> => Promise.resolve(failing[name] ?? true);
  return judge(await collectFacts(machine({ ...on, system: { ...on.system, loads } })));
}

describe('an optional package', () => {
  it.each<[string, Machine, string, string, Partial<Finding>]>([
    ['that drives this reader', reader, 'usb', ABSENT('usb'), { id: 'package-absent', severity: 'problem' }],
    [
      'that the service makes needless',
      served,
      'usb',
      ABSENT('usb'),
      { id: 'package-absent', severity: 'note' },
    ],
    [
      'that the service is reached by',
      served,
      '@pokusew/pcsclite',
      ABSENT('@pokusew/pcsclite'),
      { id: 'package-absent', severity: 'problem', values: { name: '@pokusew/pcsclite' } },
    ],
    [
      'of a way that no reader here goes',
      reader,
      'node-hid',
      "Cannot find module 'node-hid'",
      { id: 'package-absent', severity: 'note' },
    ],
    [
      'whose library the system lacks',
      served,
      '@pokusew/pcsclite',
      'libpcsclite.so.1: cannot open shared object file: No such file or directory',
      {
        id: 'library-missing',
        severity: 'problem',
        values: { name: '@pokusew/pcsclite', library: 'libpcsclite.so.1', debian: 'libpcsclite1' },
      },
    ],
    [
      'with a library of another name',
      reader,
      'usb',
      'libother.so.2: cannot open shared object file: No such file or directory',
      { id: 'library-missing', values: { name: 'usb', library: 'libother.so.2', debian: 'libother.so.2' } },
    ],
    [
      'that was compiled for another Node',
      served,
      '@pokusew/pcsclite',
      "The module '/x/pcsclite.node' was compiled against a different Node.js version using NODE_MODULE_VERSION 115.",
      { id: 'package-other-node', severity: 'problem', values: { name: '@pokusew/pcsclite' } },
    ],
    [
      'that does not load for another reason',
      reader,
      'usb',
      "Cannot find module '../build/usb.node'",
      { id: 'package-missing', severity: 'problem' },
    ],
  ])('%s', async (...row) => {
    const [, on, name, why, finding] = row;
    const found = (await findings(on, { [name]: why })).filter(({ values }) => values['name'] === name);
    expect(found).toEqual([expect.objectContaining(finding)]);
  });

  it('is told of on Windows only where it is the way there', async () => {
    const windows: Machine = { system: { platform: 'win32' } };
    const found = await findings(windows, {
      usb: ABSENT('usb'),
      '@pokusew/pcsclite': ABSENT('@pokusew/pcsclite'),
    });
    expect(found.map(({ id, severity }) => `${id} ${severity}`)).toEqual([
      'windows note',
      'package-absent note',
      'package-absent problem',
    ]);
  });
});

describe('a Node', () => {
  it.each([
    ['18.20.8', true],
    ['20.18.3', true],
    ['20.19.0', false],
    ['21.7.3', true],
    ['22.11.0', true],
    ['22.12.0', false],
    ['23.11.1', true],
    ['24.0.0', false],
    ['25.1.0', false],
  ])('%s is too old: %s', async (node, tooOld) => {
    const found = judge(await collectFacts(machine({ ...reader, system: { node } })));
    expect(found.filter(({ id }) => id === 'node-too-old')).toEqual(
      tooOld ? [{ id: 'node-too-old', severity: 'problem', values: { node } }] : [],
    );
  });
});
