/** Why a folder holds no release that boxes may be told of. */
export type ReleaseFaultCode =
  | 'release.no-manifest'
  | 'release.bad-manifest'
  | 'release.no-package'
  | 'release.other-length'
  | 'release.other-bytes';

/** Said to operators in the log; a box hears that there is no release. */
export class ReleaseError extends Error {
  override readonly name = 'ReleaseError';
  readonly code: ReleaseFaultCode;

  constructor(init: { code: ReleaseFaultCode; message: string; cause?: unknown }) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.code = init.code;
  }
}
