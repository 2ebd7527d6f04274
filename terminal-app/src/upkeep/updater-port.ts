import type { Ready, Updater } from './release-source.ts';

/** As much of electron-updater's `autoUpdater` as is used. */
export interface AutoUpdater {
  logger: unknown;
  autoDownload: boolean;
  autoInstallOnAppQuit: boolean;
  isUpdateSupported: (info: never) => boolean | Promise<boolean>;
  setFeedURL(options: { provider: 'generic'; url: string; useMultipleRangeRequest: boolean }): void;
  on(
    event: 'update-downloaded',
    listener: (event: { version: string; downloadedFile: string }) => void,
  ): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  checkForUpdates(): Promise<{ readonly downloadPromise?: Promise<unknown> | null } | null>;
  quitAndInstall(isSilent: boolean, isForceRunAfter: boolean): void;
}

/**
 * electron-updater behind our port. It verifies what it downloads by the feed: SHA-512, and on Windows the publisher. Whose the
 * feed is, it does not know: `Check` does.
 */
export function updaterFor(autoUpdater: AutoUpdater): Updater {
  // Its log would quote addresses; it never installs on its own.
  autoUpdater.logger = null;
  autoUpdater.autoDownload = true;
  autoUpdater.autoInstallOnAppQuit = false;
  const supported = autoUpdater.isUpdateSupported;
  let ready: Ready | undefined;
  autoUpdater.on('update-downloaded', ({ version, downloadedFile }) => {
    ready = { version, installer: downloadedFile };
  });
  // A failure is also what the promises below reject with.
  autoUpdater.on('error', () => undefined);
  return {
    download: async (feed, takes) => {
      ready = undefined;
      // Our server gives one part at each request.
      autoUpdater.setFeedURL({ provider: 'generic', url: feed, useMultipleRangeRequest: false });
      autoUpdater.isUpdateSupported = async (info: { version: string }) =>
        takes(info.version) && (await supported(info as never));
      await (
        await autoUpdater.checkForUpdates()
      )?.downloadPromise;
      return ready;
    },
    install: () => {
      autoUpdater.quitAndInstall(true, true);
    },
  };
}
