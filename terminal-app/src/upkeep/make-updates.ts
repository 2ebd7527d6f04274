import { join } from 'node:path';
import type { Clock } from '@bianmin/card/clock';
import { feedOf, installWay, isSafeSource, KIND_OF, type InstallWay } from '../policy/feed.ts';
import { updateState } from '../policy/update-state.ts';
import { appImageReplacement, KeptInstallers, nsisReplacement } from './installers.ts';
import { KeptFile } from '../files/kept-file.ts';
import { wallHour } from '../policy/wall-hour.ts';
import type { Leaver } from './leaver.ts';
import type { Check, Offer, ReleaseSource, Said } from './release-source.ts';
import { Updates } from './updates.ts';
import { updaterFor } from './updater-port.ts';
import type { AutoUpdater } from './updater-port.ts';

type Kind = (typeof KIND_OF)[InstallWay];

export interface Installation {
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly app: { readonly isPackaged: boolean; getVersion(): string };
  readonly dataDir: string;
  readonly serverUrl: string;
  /** Asked for only where the program replaces itself: loading it needs an installed program. */
  readonly autoUpdater: () => AutoUpdater;
  readonly leaver: Leaver;
  /** Says whose a release of this kind is; undefined where it is not set whose releases are ours. */
  readonly check: (kind: Kind) => Check | undefined;
  /** The host's question to the server; fails where there is no answer. */
  readonly ask: (said: Said & { readonly kind: Kind }) => Promise<Offer | undefined>;
  /** Whether the terminal is in use, how long it was idle (ms), and what the server has not acknowledged. */
  readonly rest: () => Promise<{
    readonly busy: boolean;
    readonly idleMs: number;
    readonly undelivered: number;
  }>;
  readonly onFault: (where: string, error: unknown) => void;
}

/** The updates of this installation; undefined where the program does not replace itself. */
export function makeUpdates(init: Installation): Updates | undefined {
  const { env, clock, leaver, dataDir, app } = init;
  const appImage = env['APPIMAGE'] || undefined;
  const way = installWay({ platform: init.platform, isPackaged: app.isPackaged, appImage });
  if (way === undefined) return undefined;
  return new Updates({
    ...{ clock, version: app.getVersion(), running: appImage, onFault: init.onFault, chance: Math.random },
    file: new KeptFile(join(dataDir, 'update-state.json'), updateState),
    installers: new KeptInstallers(dataDir),
    replacement: way === 'nsis' || appImage === undefined ? nsisReplacement() : appImageReplacement(appImage),
    source: sourceFor(init, way),
    moment: async () => ({ ...(await init.rest()), hour: wallHour(clock.now()) }),
    close: () => leaver.close(),
    leave: (again) => leaver.leave(again),
  });
}

/** Undefined where nothing says whose releases are ours, or the server is not safe to take a program from. */
function sourceFor(init: Installation, way: InstallWay): ReleaseSource | undefined {
  const { serverUrl } = init;
  const kind = KIND_OF[way];
  const check = init.check(kind);
  if (check === undefined || !isSafeSource(serverUrl)) return undefined;
  return {
    ...{ updater: updaterFor(init.autoUpdater()), check },
    feedOf: (path) => feedOf(serverUrl, path),
    ask: (said) => init.ask({ kind, ...said }),
  };
}
