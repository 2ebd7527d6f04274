import { describe, expect, it } from 'vitest';
import type { DeviceFact, Facts } from './facts.ts';
import { judge } from './rules.ts';
import { udevRule } from './udev.ts';
import { NODE } from './fake-machine.ts';

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
    node: '20.19.0',
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
