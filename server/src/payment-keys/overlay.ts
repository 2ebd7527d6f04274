import type { Config } from '../config.ts';
import type { OpenKey } from './key-store.ts';

type Upload = Pick<OpenKey, 'channel' | 'whose' | 'pem' | 'serial' | 'certificate'>;

/**
 * The configuration with uploaded keys in it. A channel's keys stand beside those of the environment, so that what was signed
 * with either is believed; ours stands in the place of the one before it, since one signs.
 */
export function withUploaded(config: Config, keys: readonly Upload[]): Config {
  return keys.reduce(withOne, config);
}

function withOne(config: Config, key: Upload): Config {
  const { channel, whose, pem, serial = '', certificate } = key;
  if (whose === 'ours') {
    switch (channel) {
      case 'wechat':
        return { ...config, WECHAT_PRIVATE_KEY: pem, WECHAT_SERIAL: serial };
      case 'alipay':
        return {
          ...config,
          ALIPAY_PRIVATE_KEY: pem,
          ...(certificate === undefined ? {} : { ALIPAY_APP_CERT: certificate }),
        };
      case 'bestpay':
        return {
          ...config,
          BESTPAY_PRIVATE_KEY: pem,
          BESTPAY_PKCS12: undefined,
          BESTPAY_PKCS12_PASSWORD: undefined,
        };
    }
  }
  switch (channel) {
    case 'wechat':
      return { ...config, WECHAT_PLATFORM_KEYS: { ...config.WECHAT_PLATFORM_KEYS, [serial]: pem } };
    case 'alipay': {
      const name = pem.includes('CERTIFICATE') ? 'ALIPAY_CERT' : 'ALIPAY_PUBLIC_KEY';
      return { ...config, [name]: beside(config[name], pem) };
    }
    case 'bestpay':
      return { ...config, BESTPAY_PUBLIC_KEY: beside(config.BESTPAY_PUBLIC_KEY, pem) };
  }
}

/** Alipay's bare base64 becomes PEM, which can stand beside another. */
function beside(known: string | undefined, pem: string): string {
  if (known === undefined) return pem;
  const first = known.includes('-----BEGIN')
    ? known
    : `-----BEGIN PUBLIC KEY-----\n${known.trim()}\n-----END PUBLIC KEY-----`;
  return `${first.trim()}\n${pem.trim()}\n`;
}
