import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { codeOf } from '@bianmin/card/errors';
import { isNewer, type ReleaseKind } from '@bianmin/purchase/api/release';
import type { ReleaseOffer } from '@bianmin/purchase/api/release-offer';
import type { SignedTimes } from '@bianmin/purchase/api/release-root';
import { openRelease } from '@bianmin/purchase/node/signed-release';
import { UpdateError } from '../policy/update-error.ts';
import type { HostEnvironment } from './env.ts';
import type { ReleaseTrust } from './release-trust.ts';

export interface ReleaseCheck {
  /**
   * Throws `update.unsigned` where too few have signed it, or it is of another kind or version than it says; `update.expired`;
   * `update.older` where it is not newer than what runs; a `TrustError` of a clock, which says nothing about the release.
   */
  open(offer: Pick<ReleaseOffer, 'manifest' | 'version'>): {
    /** Throws `update.other-bytes` where the installer is none of the signed files; the disk's own error. */
    verify(installer: string): Promise<void>;
  };
}

export interface ReleaseCheckInit {
  readonly kind: ReleaseKind;
  /** The release that runs. */
  readonly running: string;
  /** Asked when a release is offered: it comes with the host. */
  readonly trust: () => Pick<ReleaseTrust, 'root' | 'requireFresh'>;
}

/** Of each kind; undefined where this terminal was told of nobody who may release. */
export function releaseChecks(of: {
  readonly settings: Pick<HostEnvironment, 'BIANMIN_RELEASE_ROOT' | 'BIANMIN_RELEASE_KEY'>;
  readonly running: string;
  /** The host's, which comes later; there is one where the settings name somebody. */
  readonly trust: () => ReleaseTrust | undefined;
}): (kind: ReleaseKind) => ReleaseCheck | undefined {
  const { BIANMIN_RELEASE_ROOT: root, BIANMIN_RELEASE_KEY: key } = of.settings;
  const trust = (): ReleaseTrust => {
    const known = of.trust();
    if (known === undefined) throw new TypeError('The host knows nobody who may release.');
    return known;
  };
  return (kind) =>
    root === undefined && key === undefined ? undefined : releaseCheck({ kind, running: of.running, trust });
}

/** Whose a release is, whether it is still good, and whether an installer is what was signed. */
export function releaseCheck({ kind, running, trust }: ReleaseCheckInit): ReleaseCheck {
  return {
    open({ manifest, version }) {
      const opened = openRelease(manifest, trust().root);
      if (opened?.kind !== kind || opened.version !== version) {
        throw new UpdateError({
          code: 'update.unsigned',
          message: 'Too few of the signers have signed this release. Have another one sign it.',
        });
      }
      requireFresh(trust(), opened);
      if (!isNewer(version, running)) {
        throw new UpdateError({
          code: 'update.older',
          message: 'This release is no newer than the one that runs. Publish it with a higher version.',
        });
      }
      return {
        async verify(installer) {
          const hash = createHash('sha512');
          await pipeline(createReadStream(installer), hash);
          const digest = hash.digest('base64');
          if (opened.files.some(({ sha512 }) => sha512 === digest)) return;
          throw new UpdateError({
            code: 'update.other-bytes',
            message: 'The installer is not a file of the signed release. It is not started.',
          });
        },
      };
    },
  };
}

function requireFresh(trust: Pick<ReleaseTrust, 'requireFresh'>, times: SignedTimes): void {
  try {
    trust.requireFresh(times);
  } catch (error) {
    // The server is told, and offers it no more. What a wrong clock says is no fault of the release.
    if (codeOf(error) === 'trust.clock') throw error;
    throw new UpdateError({
      code: 'update.expired',
      message: 'This release was signed too long ago. Sign it again, and upload it once more.',
      cause: error,
    });
  }
}
