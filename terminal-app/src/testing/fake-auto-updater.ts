import { EventEmitter } from 'node:events';

/** electron-updater's `autoUpdater` with a feed of one release. */
export class FakeAutoUpdater extends EventEmitter {
  logger: unknown = console;
  autoDownload = false;
  autoInstallOnAppQuit = true;
  feed: unknown;
  /** What the feed offers, and the file that it becomes. */
  offer: { version: string; file: string } | undefined;
  /** What happens when it is told to install. */
  onInstall: () => void = () => undefined;
  installs: boolean[][] = [];
  isUpdateSupported: (info: { version: string }) => boolean | Promise<boolean> = () => true;

  setFeedURL(options: unknown): void {
    this.feed = options;
  }

  async checkForUpdates(): Promise<{ downloadPromise?: Promise<unknown> } | null> {
    const { offer } = this;
    if (offer === undefined || !(await this.isUpdateSupported({ version: offer.version }))) return {};
    this.emit('update-downloaded', { version: offer.version, downloadedFile: offer.file });
    return { downloadPromise: Promise.resolve([offer.file]) };
  }

  quitAndInstall(...flags: boolean[]): void {
    this.installs.push(flags);
    this.onInstall();
  }
}

/** The one that `vi.mock('electron-updater', …)` gives; made anew by `resetAutoUpdater`. */
export const electronUpdater = { autoUpdater: new FakeAutoUpdater() };

export function resetAutoUpdater(): FakeAutoUpdater {
  electronUpdater.autoUpdater = new FakeAutoUpdater();
  return electronUpdater.autoUpdater;
}
