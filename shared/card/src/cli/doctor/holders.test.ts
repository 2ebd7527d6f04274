import { describe, expect, it } from 'vitest';
import { collectFacts } from './collect.ts';
import { ACR38, found, machine, NODE, ROOT_ONLY, USB, type Machine } from './fake-machine.ts';
import { judge } from './rules.ts';

/** A reader that some program has claimed: its interface is usbfs', and the process is another user's. */
const claimed: Machine = {
  files: { ...ACR38, '/proc/40/comm': 'vendor-tool\n', '/proc/40/cmdline': '/opt/vendor-tool' },
  links: { [`${USB}/1-2/1-2:1.0/driver`]: '../../../bus/usb/drivers/usbfs' },
  stats: { [NODE]: ROOT_ONLY },
  writable: [NODE],
};

describe('a reader that is held (EBUSY)', () => {
  it('by a program that cannot be looked into is held all the same', async () => {
    expect(await found(claimed)).toEqual(['reader', 'held-unseen', 'pcscd-none', 'hidden-processes']);
  });

  it('by a service that cannot be looked into is the service’s', async () => {
    const on = { ...claimed, files: { ...claimed.files, '/proc/12/comm': 'pcscd\n' } };
    expect(await found(on)).toEqual(['reader', 'pcscd-owns', 'hidden-processes']);
  });

  it('by a program that shows itself is told once', async () => {
    const on = { ...claimed, links: { ...claimed.links, '/proc/40/fd/9': NODE } };
    expect(await found(on)).toEqual(['reader', 'held', 'pcscd-none']);
  });

  it('is something in the way, unless the service has it', async () => {
    const [, held] = judge(await collectFacts(machine(claimed)));
    expect(held).toMatchObject({ id: 'held-unseen', severity: 'problem' });
  });
});

describe('a reader that is known not to drive memory cards', () => {
  it('is told to be for CPU cards alone', async () => {
    const files = { ...ACR38, [`${USB}/1-2/idVendor`]: '058f\n', [`${USB}/1-2/idProduct`]: '9540\n' };
    const on = machine({ files, stats: { [NODE]: ROOT_ONLY }, writable: [NODE] });
    const facts = await collectFacts(on);
    expect(judge(facts).map(({ id, severity }) => `${id} ${severity}`)).toEqual([
      'reader ok',
      'cpu-only note',
      'pcscd-none ok',
    ]);
  });
});
