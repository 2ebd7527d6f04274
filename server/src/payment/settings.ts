import type { Config } from '../config.ts';

/** A configuration in which these variables are set. */
export type With<Name extends keyof Config> = Config & {
  readonly [N in Name]-?: Exclude<Config[N], undefined>;
};

/**
 * Whether a channel's variables are set; false where none of them is: then this server does not have the
 * channel. Throws, naming variables and never a value, where only some are set.
 */
export function hasChannel<Name extends keyof Config>(
  config: Config,
  names: readonly Name[],
): config is With<Name> {
  const missing = names.filter((name) => config[name] === undefined);
  if (missing.length === 0) return true;
  if (missing.length === names.length) return false;
  throw new Error(
    `Configuration is not usable. Set ${missing.join(', ')} too, or none of ${names.join(', ')}.`,
  );
}
