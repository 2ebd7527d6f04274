import type { Logger } from 'pino';
import { BOX_RELEASE_PATH, type BoxRelease, type BoxReleaseManifest } from '@bianmin/shared/api/box-release';
import { MANIFEST_NAME, markOf, readManifest, verifyPackage } from './folder.ts';

/** A release whose package was read and found whole. */
export interface CheckedRelease extends BoxReleaseManifest {
  readonly folder: string;
}

interface Looked {
  readonly mark: string;
  readonly file: string | undefined;
  readonly release: CheckedRelease | undefined;
}

/**
 * The newest release of the home box's package: a folder with `release.json` and the package. The package is read
 * once, and again when either file changed. A folder that is not as agreed holds no release: boxes are told so, the
 * log has why at level error, once a fault.
 */
export class BoxReleases {
  readonly #folder: string | undefined;
  readonly #log: Pick<Logger, 'error' | 'info'>;
  #looked: Looked | undefined;
  #looking: Promise<Looked> | undefined;

  /** `folder` absent: this server has no releases. */
  constructor(init: { folder: string | undefined; log: Pick<Logger, 'error' | 'info'> }) {
    this.#folder = init.folder;
    this.#log = init.log;
  }

  /** Throws never. */
  async current(): Promise<CheckedRelease | undefined> {
    const folder = this.#folder;
    if (folder === undefined) return undefined;
    const before = this.#looked;
    if (before !== undefined && (await this.#mark(folder, before.file)) === before.mark)
      return before.release;
    // Whoever else asks meanwhile waits for the same reading.
    this.#looking ??= this.#look(folder).finally(() => {
      this.#looking = undefined;
    });
    this.#looked = await this.#looking;
    return this.#looked.release;
  }

  #mark(folder: string, file: string | undefined): Promise<string> {
    return markOf(folder, file === undefined ? [MANIFEST_NAME] : [MANIFEST_NAME, file]);
  }

  async #look(folder: string): Promise<Looked> {
    let file: string | undefined;
    let mark = await this.#mark(folder, undefined);
    try {
      const manifest = await readManifest(folder);
      file = manifest.file;
      // From before the package is read: what is written meanwhile is looked at again.
      mark = await this.#mark(folder, file);
      await verifyPackage(folder, manifest);
      const { versionCode, versionName, sha256 } = manifest;
      this.#log.info({ versionCode, versionName, sha256 }, 'a release of the box is served');
      return { mark, file, release: { ...manifest, folder } };
    } catch (error) {
      this.#log.error({ err: error }, 'no release of the box is served');
      return { mark, file, release: undefined };
    }
  }
}

/** What a box is told. */
export function releaseView({ file, versionCode, versionName, ...rest }: CheckedRelease): BoxRelease {
  const { sha256, signerSha256, bytes } = rest;
  return { versionCode, versionName, path: BOX_RELEASE_PATH + file, sha256, signerSha256, bytes };
}
