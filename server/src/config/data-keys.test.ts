import { describe, expect, it } from 'vitest';
import { loadConfig } from './config.ts';
import { dataKeysFrom } from './data-keys.ts';

const [A, B] = ['0a'.repeat(32), '0b'.repeat(32)];
const ENV = {
  STORES: 'open',
  MONGODB_URI: 'mongodb://127.0.0.1/x',
  REDIS_URL: 'redis://127.0.0.1',
  PUBLIC_URL: 'https://bianmin.example',
  TOKEN_SECRET: '11'.repeat(32),
  GRID_URL: 'https://grid.example',
  GRID_AGENT: 'agent',
  GRID_SIGN_KEY: '22'.repeat(32),
  GRID_PUBLIC_KEY: `04${'33'.repeat(64)}`,
};

describe('the keys of data', () => {
  it('are every version that DATA_KEYS has, one ring for all that is made of the configuration', () => {
    const config = loadConfig({ ...ENV, DATA_KEYS: `1:${A},\n 2:${B}` });
    expect(config.DATA_KEYS.versions).toEqual([1, 2]);
  });

  it.each([
    [{ DATA_KEY: A }, A],
    [{}, '11'.repeat(32)],
  ])('are version 1 alone of what earlier configurations have: %j', (more, key) => {
    const ring = loadConfig({ ...ENV, ...more }).DATA_KEYS;
    expect([ring.versions, ring.secretTexts()]).toEqual([[1], [key]]);
    expect(dataKeysFrom({ ...ENV, ...more }).secretTexts()).toEqual([key]);
  });

  it.each([
    ['what is no key', { DATA_KEYS: `1:${A},2:short` }, /write each key as VERSION:KEY .*openssl rand/u],
    ['a key without a version', { DATA_KEYS: A }, /write each key as VERSION:KEY/u],
    ['a version twice', { DATA_KEYS: `2:${A},2:${B}` }, /version 2 stands there twice/u],
    ['a key twice', { DATA_KEYS: `1:${A},2:${A}` }, /versions 1 and 2 are the same key; make a new one/u],
    ['nothing', { DATA_KEYS: ' ' }, /name at least one key/u],
    ['both variables', { DATA_KEYS: `1:${A}`, DATA_KEY: A }, /put DATA_KEY into it as 1:KEY/u],
  ])('refuse %s with a sentence that says what to do, and no key', (_, more, sentence) => {
    for (const read of [() => loadConfig({ ...ENV, ...more }), () => dataKeysFrom({ ...ENV, ...more })]) {
      expect(read).toThrow(sentence);
      expect(read).not.toThrow(/0a0a|0b0b/u);
    }
  });

  it('are named apart where tokens have several secrets', () => {
    const { TOKEN_SECRET: _, ...env } = ENV;
    const tokens = { ...env, TOKEN_SECRETS: `1:${A}` };
    expect(() => loadConfig(tokens)).toThrow(/put what TOKEN_SECRET was into DATA_KEYS as 1:KEY/u);
    const config = loadConfig({ ...tokens, DATA_KEYS: `1:${B}` });
    expect([config.TOKEN_SECRETS.secretTexts(), config.DATA_KEYS.secretTexts()]).toEqual([[A], [B]]);
    expect(() => loadConfig({ ...tokens, DATA_KEYS: `1:${B}`, TOKEN_SECRET: A })).toThrow(
      /put TOKEN_SECRET into it as 1:KEY/u,
    );
    expect(() => loadConfig(env)).toThrow(/set TOKEN_SECRETS to 1:KEY/u);
  });

  it('are asked for where a command has none', () => {
    expect(() => dataKeysFrom({})).toThrow(/Set DATA_KEYS/u);
  });
});
