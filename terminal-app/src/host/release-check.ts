import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { ReleaseKind } from '@bianmin/shared/api/release';
import type { ReleaseOffer } from '@bianmin/shared/api/release-offer';
import { releaseKeyOf } from '@bianmin/shared/node/signed-document';
import { openRelease } from '@bianmin/shared/node/signed-release';
import { UpdateError } from '../policy/update-error.ts';

export interface ReleaseCheck {
  /** Throws `update.unsigned` where it was signed by another key, or is of another kind or version than it says. */
  open(offer: Pick<ReleaseOffer, 'manifest' | 'version'>): {
    /** Throws `update.other-bytes` where the installer is none of the signed files; the disk's own error. */
    verify(installer: string): Promise<void>;
  };
}

/**
 * Whose a release is: the key that this kiosk was set up with has signed its manifest, and the manifest names the installer.
 * `publicKey`: SubjectPublicKeyInfo in base64. Throws `TypeError` where it is none.
 */
export function releaseCheck(publicKey: string, kind: ReleaseKind): ReleaseCheck {
  const key = releaseKeyOf(publicKey);
  return {
    open({ manifest, version }) {
      const opened = openRelease(manifest, key);
      if (opened?.kind !== kind || opened.version !== version) {
        throw new UpdateError({
          code: 'update.unsigned',
          message:
            'The release key has not signed this release. Sign it, or set BIANMIN_RELEASE_KEY to the key that did.',
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
