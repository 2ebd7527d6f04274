import { BOX_RELEASE_PATH, type BoxRelease, type BoxReleaseManifest } from '@bianmin/shared/api/box-release';
import { isNewer } from './group.ts';
import type { Releases } from './releases.ts';
import type { RolloutStore } from './rollout-store.ts';

/** A package that is on the disk as it was signed. */
export interface BoxPackage extends BoxReleaseManifest {
  readonly folder: string;
}

/** Which package boxes are told of: the newest one that two persons have let go, and nobody has halted. */
export class BoxPackages {
  readonly #init: { releases: Releases; rollouts: RolloutStore };

  constructor(init: { releases: Releases; rollouts: RolloutStore }) {
    this.#init = init;
  }

  async current(): Promise<BoxPackage | undefined> {
    const { releases, rollouts } = this.#init;
    const offering = await rollouts.offering('box');
    for (const { releaseId } of offering.sort((a, b) => (isNewer(a.release, b.release) ? -1 : 1))) {
      const opened = await releases.servable(releaseId);
      const { box, version, files } = opened?.manifest ?? {};
      const file = files?.[0];
      if (opened === undefined || box === undefined || version === undefined || file === undefined) continue;
      const { name, sha256, bytes } = file;
      return { ...box, versionName: version, file: name, sha256, bytes, folder: releases.folderOf(opened) };
    }
    return undefined;
  }
}

/** What a box is told. */
export function packageView({ file, versionCode, versionName, ...rest }: BoxPackage): BoxRelease {
  const { sha256, signerSha256, bytes } = rest;
  return { versionCode, versionName, path: BOX_RELEASE_PATH + file, sha256, signerSha256, bytes };
}
