import {
  BOX_RELEASE_PATH,
  type BoxRelease,
  type BoxReleaseManifest,
} from '@bianmin/purchase/api/box-release';
import { PROVINCE } from '@bianmin/purchase/api/org';
import { isNewer, type ReleaseManifest } from '@bianmin/purchase/api/release';
import type { Releases } from './releases.ts';
import type { Rollout, RolloutStore } from './rollout-store.ts';

/** A package that is on the disk as it was signed. */
export interface BoxPackage extends BoxReleaseManifest {
  readonly folder: string;
  /** As it was signed. */
  readonly manifest: string;
}

/**
 * Which package boxes are told of that cannot say who they are, an older shell or one that is not accepted: the newest one
 * that all boxes of the province may have by now.
 */
export class BoxPackages {
  readonly #init: { releases: Releases; rollouts: RolloutStore };

  constructor(init: { releases: Releases; rollouts: RolloutStore }) {
    this.#init = init;
  }

  async current(): Promise<BoxPackage | undefined> {
    const { releases, rollouts } = this.#init;
    const offering = await rollouts.offering('box');
    for (const { releaseId } of offering
      .filter(isForAll)
      .sort((a, b) => (isNewer(a.release, b.release) ? -1 : 1))) {
      const opened = await releases.servable(releaseId);
      const made = opened === undefined ? undefined : packageOf(opened.manifest);
      if (opened !== undefined && made !== undefined) {
        return { ...made, folder: releases.folderOf(opened), manifest: opened.release.signed };
      }
    }
    return undefined;
  }
}

/** Whether a rollout has come to everybody. */
function isForAll({ org, terminals, stages, stage }: Rollout): boolean {
  return org === PROVINCE && terminals.length === 0 && stages[stage]?.permille === 1000;
}

/** The one package of a manifest; undefined where it is none of a box. */
export function packageOf({ box, version, files }: ReleaseManifest): BoxReleaseManifest | undefined {
  const [file] = files;
  if (box === undefined || file === undefined) return undefined;
  const { name, sha256, bytes } = file;
  return { ...box, versionName: version, file: name, sha256, bytes };
}

/** What a box is told. */
export function packageView({ file, versionCode, versionName, ...rest }: BoxPackage): BoxRelease {
  const { sha256, signerSha256, bytes, manifest } = rest;
  return { versionCode, versionName, path: BOX_RELEASE_PATH + file, sha256, signerSha256, bytes, manifest };
}
