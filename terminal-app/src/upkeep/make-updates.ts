import { join } from 'node:path';
import type { Clock } from '@bianmin/shared/clock';
import { installWay, updateFeed } from '../policy/feed.ts';
import { updateState } from '../policy/update-state.ts';
import { appImageReplacement, KeptInstallers, nsisReplacement } from './installers.ts';
import { KeptFile } from './kept-file.ts';
import type { Leaver } from './leaver.ts';
import { Updates } from './updates.ts';
import { updaterFor } from './updater-port.ts';
import type { AutoUpdater } from './updater-port.ts';

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
  /** Whether somebody is there, how long nobody was (ms), and what the server has not acknowledged. */
  readonly rest: () => Promise<{
    readonly busy: boolean;
    readonly idleMs: number;
    readonly undelivered: number;
  }>;
  readonly onFault: (where: string, error: unknown) => void;
}

/** The updates of this installation; undefined where the program does not replace itself or has no safe feed. */
export function makeUpdates(init: Installation): Updates | undefined {
  const { env, clock, leaver, dataDir, app } = init;
  const appImage = env['APPIMAGE'] || undefined;
  const way = installWay({ platform: init.platform, isPackaged: app.isPackaged, appImage });
  const feed = updateFeed({ updateUrl: env['BIANMIN_UPDATE_URL'], serverUrl: init.serverUrl });
  if (way === undefined || feed === undefined) return undefined;
  return new Updates({
    ...{ clock, version: app.getVersion(), running: appImage, onFault: init.onFault, chance: Math.random },
    file: new KeptFile(join(dataDir, 'update-state.json'), updateState),
    installers: new KeptInstallers(dataDir),
    replacement: way === 'nsis' || appImage === undefined ? nsisReplacement() : appImageReplacement(appImage),
    updater: updaterFor(init.autoUpdater(), feed),
    moment: async () => ({ ...(await init.rest()), hour: new Date(clock.now()).getHours() }),
    close: () => leaver.close(),
    leave: (again) => leaver.leave(again),
  });
}
