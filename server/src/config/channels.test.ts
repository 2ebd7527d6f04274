import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { configSchema } from './config.ts';
import { testConfig } from '../testing/config.ts';
import { channelsFrom } from './channels.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const WECHAT = {
  WECHAT_APPID: 'wx',
  WECHAT_MCHID: '1600000000',
  WECHAT_SERIAL: 'AB',
  WECHAT_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  WECHAT_PLATFORM_KEYS: { PUB_KEY_ID_1: publicKey.export({ type: 'spki', format: 'pem' }).toString() },
  WECHAT_APIV3_KEY: '0'.repeat(32),
};
/** Only what every server has: what may be absent is. */
const optional = Object.entries(configSchema.shape).filter(([, schema]) => schema.isOptional());
const nothing = Object.fromEntries(
  optional.filter(([, schema]) => schema.parse(undefined) === undefined).map(([name]) => [name, undefined]),
);
const clock = new ManualClock();
const open = (settings: object): string[] => [
  ...channelsFrom({ ...testConfig(nothing), ...settings }, clock).keys(),
];

describe('the channels of a server', () => {
  it('are those that its configuration names', () => {
    expect(open({})).toEqual([]);
    expect(open(WECHAT)).toEqual(['wechat']);
  });

  it('one that is half configured stops the server, which names what is missing and no value', () => {
    expect(() => open({ ...WECHAT, WECHAT_APIV3_KEY: undefined })).toThrow(/Set WECHAT_APIV3_KEY too/);
    expect(() => open({ WECHAT_PRIVATE_KEY: WECHAT.WECHAT_PRIVATE_KEY })).toThrow(
      /^(?!.*BEGIN).*WECHAT_APPID/s,
    );
  });

  it('a page inside WeChat needs the secret of an official account', () => {
    const products = { WECHAT_PRODUCTS: ['code', 'in-wallet'] };
    expect(() => open({ ...WECHAT, ...products })).toThrow(/WECHAT_APP_SECRET/);
    expect(open({ ...WECHAT, ...products, WECHAT_APP_SECRET: 's' })).toEqual(['wechat']);
  });
});
