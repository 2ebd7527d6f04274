import type { UpdateFault } from '../policy/update-error.ts';

/** What the server means for this terminal: a version, where its feed is, and who signed it. */
export interface Offer {
  readonly version: string;
  /** At the server, ending with `/`. */
  readonly path: string;
  readonly manifest: string;
}

/** What the server is told of releases: what runs, what was given up, and what is about to happen. */
export interface Said {
  readonly version: string;
  readonly refused: string[];
  readonly step?: {
    readonly version: string;
    readonly is: 'installing' | 'failed';
    readonly code?: UpdateFault;
  };
}

/** A release that is downloaded. */
export interface Ready {
  readonly version: string;
  readonly installer: string;
}

/** Asks a feed and downloads; electron-updater behind `updater-port.ts`. */
export interface Updater {
  /** Asks a feed, and downloads what is newer and taken; resolves with what is ready. */
  download(feed: string, takes: (version: string) => boolean): Promise<Ready | undefined>;
  /** Ends the program and installs what is ready. */
  install(): void;
}

/** Says whose a release is. */
export interface Check {
  /** Throws an `UpdateError` where it is not ours. */
  open(offer: Offer): Signed;
}

/** An offer that was signed. */
interface Signed {
  /** Reads the installer. Throws an `UpdateError` where it is none of the signed files; the disk's own error. */
  verify(installer: string): Promise<void>;
}

/** Where releases come from, and what says whose they are. */
export interface ReleaseSource {
  readonly updater: Updater;
  readonly check: Check;
  /** Which release the server means for this terminal; it is told how the last ones fared. Fails where there is no answer. */
  readonly ask: (said: Said) => Promise<Offer | undefined>;
  /** The address of an offer's feed. */
  readonly feedOf: (path: string) => string;
}
