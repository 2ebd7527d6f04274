import { describe, expect, it } from 'vitest';
import { collectFacts } from './collect.ts';
import type { Facts } from './facts.ts';
import { judge } from './rules.ts';
import type { FindingId } from './finding.ts';
import { ROOT_ONLY, NODE, machine, USB, ACR38, found } from './fake-machine.ts';
import type { Machine } from './fake-machine.ts';

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
