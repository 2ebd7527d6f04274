import { WALLETS } from '../../gateways/payment/wallets.ts';
import type { Config } from '../../config/config.ts';
import type { OpenKey } from './key-store.ts';

type Upload = Pick<OpenKey, 'channel' | 'whose' | 'pem' | 'serial' | 'certificate'>;

/**
 * The configuration with uploaded keys in it. A channel's keys stand beside those of the environment, so that what was signed
 * with either is believed; ours stands in the place of the one before it, since one signs.
 */
export function withUploaded(config: Config, keys: readonly Upload[]): Config {
  return keys.reduce((before, key) => ({ ...before, ...WALLETS[key.channel].withKey(before, key) }), config);
}
