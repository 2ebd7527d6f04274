import manifest from '../../package.json' with { type: 'json' };

/** This terminal's release. */
export const HOST_VERSION: string = manifest.version;
