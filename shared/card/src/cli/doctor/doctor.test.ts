import { describe, expect, it } from 'vitest';
import { FakeIo } from '../fake-io.ts';
import { collectFacts } from './collect.ts';
import { judge } from './rules.ts';
import { ROOT_ONLY, NODE, machine, USB, ACR38 } from './fake-machine.ts';

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
