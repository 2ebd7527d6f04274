import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { READER_MODELS } from '@bianmin/card/reader/models';
import { CLOSE_WITHIN_MS } from '../../../terminal-app/src/policy/leaving.ts';
import { STUCK_MS } from '../../../terminal-app/src/policy/crashes.ts';
import { ALIVE_MS, LOOK_MS } from '../../../terminal-app/src/upkeep/upkeep.ts';
import { rulesProblems } from './rules-syntax.ts';
import { kioskUdevRules } from './udev.ts';

const LINUX = join(import.meta.dirname, 'linux');
const read = (name: string): string => readFileSync(join(LINUX, name), 'utf8');
const unit = read('bianmin-kiosk.service');
/** The values of a key, in order. */
const valuesOf = (text: string, key: string): string[] =>
  [...text.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value]) => value ?? '');
const has = (tool: string): boolean => spawnSync(tool, ['--version']).status === 0;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bianmin-image-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the unit', () => {
  it.skipIf(!has('systemd-analyze'))('is one that systemd takes', () => {
    // The compositor is not installed where this is tested; nothing else is changed.
    const path = join(folder, 'bianmin-kiosk.service');
    const verify = (text: string) => {
      writeFileSync(path, text.replace('/usr/bin/cage', '/bin/true'));
      const { status, stderr } = spawnSync(
        'systemd-analyze',
        ['verify', '--man=no', '--recursive-errors=no', path],
        {
          encoding: 'utf8',
        },
      );
      return { status, said: stderr.split('\n').filter((line) => line.includes('bianmin-kiosk.service')) };
    };
    expect(verify(unit)).toEqual({ status: 0, said: [] });
    expect(verify(unit.replace('WatchdogSec=60', 'WatchdogSec=often')).said.join()).toContain('often');
    expect(verify(unit.replace('NoNewPrivileges', 'NoNewPrivilege')).said.join()).toContain('NoNewPrivilege');
  });

  it.skipIf(!has('systemd-analyze'))('leaves less to attack than systemd calls medium', () => {
    const path = join(folder, 'bianmin-kiosk.service');
    copyFileSync(join(LINUX, 'bianmin-kiosk.service'), path);
    const security = (threshold: number) =>
      spawnSync('systemd-analyze', ['security', '--offline=true', `--threshold=${threshold}`, path], {
        encoding: 'utf8',
      });
    const { status, stdout } = security(40);
    const score = /Overall exposure level for .*: ([\d.]+)/.exec(stdout)?.[1];
    process.stdout.write(`systemd-analyze security: ${score ?? 'no score'}\n`);
    expect(Number(score)).toBeLessThan(4);
    expect(status).toBe(0);
    expect(security(1).status).not.toBe(0);
  });

  it('waits longer for a sign of life than the kiosk between two, and longer for its end than the host needs', () => {
    const seconds = (key: string): number => Number(valuesOf(unit, key)[0]) * 1000;
    expect(seconds('WatchdogSec')).toBeGreaterThan(2 * (ALIVE_MS + LOOK_MS));
    expect(seconds('TimeoutStopSec')).toBeGreaterThan(CLOSE_WITHIN_MS);
    expect(seconds('TimeoutStartSec')).toBeGreaterThan(STUCK_MS);
    expect(valuesOf(unit, 'Restart')).toEqual(['always']);
    expect(valuesOf(unit, 'StartLimitIntervalSec')).toEqual(['0']);
    expect(valuesOf(unit, 'NotifyAccess')).toEqual(['all']);
  });

  it('has its data where the other files make it, and the app where updates replace it', () => {
    const environment = valuesOf(unit, 'Environment');
    const [start = ''] = valuesOf(unit, 'ExecStart');
    const appImage =
      environment.find((line) => line.startsWith('APPIMAGE='))?.slice('APPIMAGE='.length) ?? '-';
    expect(start).toContain(` ${appImage} `);
    const folders = [...read('tmpfiles.conf').matchAll(/^d (\S+)/gm)].map(([, path]) => path);
    expect(folders).toContain('/var/lib/bianmin-kiosk/data');
    expect(environment).toContain('BIANMIN_DATA_DIR=/var/lib/bianmin-kiosk/data');
    expect(
      valuesOf(unit, 'StateDirectory')[0]
        ?.split(' ')
        .map((path) => `/var/lib/${path}`),
    ).toEqual(folders);
    const [user] = valuesOf(unit, 'User');
    expect(read('sysusers.conf')).toContain(`u ${user ?? '-'} `);
    expect(read('tmpfiles.conf')).not.toMatch(/\d+[dhms]\s*$/m);
  });

  it('reaches readers and printer, and no disk', () => {
    const devices = valuesOf(unit, 'DeviceAllow');
    for (const device of ['char-usb_device', 'char-hidraw', 'char-usb'])
      expect(devices).toContain(`${device} rw`);
    expect(devices.filter((device) => device.startsWith('block'))).toEqual([]);
    expect(valuesOf(unit, 'DevicePolicy')).toEqual(['closed']);
    for (const key of ['PrivateDevices', 'MemoryDenyWriteExecute']) expect(valuesOf(unit, key)).toEqual([]);
  });
});

describe('the other files', () => {
  it.skipIf(!has('systemd-sysusers'))('make a user that systemd takes', () => {
    const run = spawnSync('systemd-sysusers', ['--dry-run', join(LINUX, 'sysusers.conf')], {
      encoding: 'utf8',
    });
    expect([run.status, run.stderr.split('\n').filter((line) => /sysusers\.conf:\d/.test(line))]).toEqual([
      0,
      [],
    ]);
  });

  it.skipIf(!has('systemd-tmpfiles'))('make folders that systemd takes', () => {
    const lines = (text: string): string[] => {
      const path = join(folder, 'tmpfiles.conf');
      // Who owns them is a user that is not here.
      writeFileSync(path, text.replaceAll('bianmin-kiosk bianmin-kiosk -', '- - -'));
      const args = ['--create', `--root=${folder}`, path];
      return spawnSync('systemd-tmpfiles', args, { encoding: 'utf8' })
        .stderr.split('\n')
        .filter((line) => line !== '');
    };
    expect(lines(read('tmpfiles.conf'))).toEqual([]);
    expect(lines('d /var/lib/bianmin-kiosk 0999 - - -\n')).not.toEqual([]);
  });

  it('keep logs within bounds', () => {
    expect(valuesOf(read('journald.conf'), 'SystemMaxUse')).toEqual(['200M']);
    expect(valuesOf(read('logind.conf'), 'NAutoVTs')).toEqual(['0']);
  });
});

describe('the udev rules', () => {
  const rules = read('70-bianmin-card-reader.rules');

  it('are those of the table of readers: run build/ship/image/main.ts', () => {
    expect(rules).toBe(kioskUdevRules());
    for (const { name } of READER_MODELS) expect(rules).toContain(`# ${name}\n`);
  });

  it('are rules that udev takes', () => {
    expect(rulesProblems(rules)).toEqual([]);
  });

  it.each([
    ['MODE="0660"', 'it compares nothing'],
    ['SUBSYSTEM=="usb"', 'it assigns nothing'],
    ['SUBSYSTEM=="usb", MODE="660"', '660 is no mode'],
    ['SUBSYSTEM=="usb", ATTR{idVendor}=="072F", MODE="0660"', 'small letters'],
    ['SUBSYSTEM=="usb" MODE="0660"', 'is no pair'],
    ['SUBSYSTEM="usb", KERNEL=="a", MODE="0660"', 'SUBSYSTEM cannot be assigned'],
  ])('and %s is none', (line, problem) => {
    expect(rulesProblems(`# a\n${line}\n`).join()).toContain(problem);
  });
});
