import { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { AndroidShellPage } from '@bianmin/purchase/android/shell';
import { ShellLink } from '../src/box/shell-link.ts';
import { KeyStore, newKeys } from './keys.ts';
import { MemoryStore, ShellModel, type ShellHttp, type ShellStore } from './shell-model.ts';

export interface ShellRig {
  readonly clock: ManualClock;
  readonly shell: ShellModel;
  readonly link: ShellLink;
  readonly keys: KeyStore;
  /** As after a power cut: another page over the same store. */
  readonly reopen: () => ShellLink;
}

/** A page's link to the model of the shell, on a clock that stands still. */
export function shellRig(
  init: { alg?: 'ES256' | 'RS256'; http?: ShellHttp; store?: ShellStore } = {},
): ShellRig {
  const clock = new ManualClock();
  const keys = new KeyStore(newKeys(init.alg ?? 'ES256'));
  const shell = new ShellModel({
    facts: {
      appVersion: '0.1.0',
      androidApi: 22,
      model: 'EC6108',
      engine: 'Chrome/39',
      serverUrl: 'https://server.test/base',
      helpPhone: '0991-95598',
      sandbox: true,
    },
    keys,
    renewKeys: async () => new KeyStore(newKeys(keys.alg)),
    store: init.store ?? new MemoryStore(),
    http: init.http ?? (() => Promise.reject(new Error('No network.'))),
    time: () => ({ epochMs: clock.now(), monotonicMs: clock.monotonic(), trusted: true }),
    launch: { token: 'a'.repeat(22), backUrl: 'http://portal.test/back' },
  });
  const install = (page: AndroidShellPage): void => {
    shell.page = page;
  };
  const open = (): ShellLink => new ShellLink({ shell, clock, install });
  return { clock, shell, link: open(), keys, reopen: open };
}
