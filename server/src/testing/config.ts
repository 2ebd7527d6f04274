import { configSchema, withKeys, type Config } from '../config/config.ts';

/** A configuration that is whole but reaches nothing; tests override what they use. */
export function testConfig(override: Partial<Config> = {}): Config {
  const base = configSchema.parse({
    STORES: 'open',
    MONGODB_URI: 'mongodb://127.0.0.1:1/none',
    REDIS_URL: 'redis://127.0.0.1:1',
    PORT: '0',
    PUBLIC_URL: 'http://127.0.0.1:8080',
    LOG_LEVEL: 'silent',
    TOKEN_SECRET: '11'.repeat(32),
    GRID_URL: 'http://127.0.0.1:1',
    GRID_AGENT: 'agent',
    GRID_SIGN_KEY: '22'.repeat(32),
    GRID_PUBLIC_KEY: `04${'33'.repeat(64)}`,
    ADMIN_TOTP: 'optional',
    WECHAT_APPID: 'wx',
    WECHAT_MCHID: '1',
    WECHAT_SERIAL: '1',
    WECHAT_PRIVATE_KEY: 'none',
    WECHAT_PLATFORM_KEYS: '{}',
    WECHAT_APIV3_KEY: '0'.repeat(32),
  });
  return { ...withKeys(base), ...override };
}
