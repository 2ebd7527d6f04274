import { describe, expect, it } from 'vitest';
import { codeOf } from '@bianmin/card/errors';
import { withoutPassword } from '../kernel/without-password.ts';
import { requireGuarded, type StoreSettings } from './stores.ts';

const GOOD = {
  STORES: 'guarded',
  MONGODB_URI: 'mongodb://u:p@m0:27017,m1/bianmin?replicaSet=r&tls=true&w=majority',
  REDIS_URL: 'rediss://bianmin:p@redis-cache:6379',
  REDIS_QUEUE_URL: 'rediss://:p@redis-queue:6379/1',
} as const;

function said(over: Partial<StoreSettings>): string | undefined {
  try {
    requireGuarded({ ...GOOD, ...over });
    return undefined;
  } catch (error) {
    expect(codeOf(error)).toBe('store.unguarded');
    const { message } = error as Error;
    for (const value of Object.values(over))
      if (value?.includes('://') === true) expect(message).not.toContain(value);
    return message;
  }
}

describe('a guarded store', () => {
  it.each<[string, Partial<StoreSettings>]>([
    ['with a password and TLS', {}],
    ['of a name service, which brings TLS', { MONGODB_URI: 'mongodb+srv://u:p@cluster.example/bianmin' }],
    ['that a certificate opens', { MONGODB_URI: 'mongodb://m/b?tls=true&authMechanism=MONGODB-X509' }],
    ['by the option of before', { MONGODB_URI: 'mongodb://u:p@m/b?ssl=true' }],
  ])('is one %s', (_, over) => {
    expect(said(over)).toBeUndefined();
  });

  it.each<[string, Partial<StoreSettings>, RegExp]>([
    [
      'MongoDB without a user',
      { MONGODB_URI: 'mongodb://m/b?tls=true' },
      /MONGODB_URI names no user and password\. Write/,
    ],
    ['MongoDB without a password', { MONGODB_URI: 'mongodb://u@m/b?tls=true' }, /MONGODB_URI names no user/],
    ['MongoDB with an empty one', { MONGODB_URI: 'mongodb://u:@m/b?tls=true' }, /MONGODB_URI names no user/],
    [
      'MongoDB in clear',
      { MONGODB_URI: 'mongodb://u:p@m/b' },
      /MONGODB_URI does not ask for TLS\. Write tls=true/,
    ],
    [
      'a name service without TLS',
      { MONGODB_URI: 'mongodb+srv://u:p@m/b?tls=false' },
      /does not ask for TLS/,
    ],
    [
      'MongoDB with any certificate',
      { MONGODB_URI: 'mongodb://u:p@m/b?tls=true&tlsInsecure=true' },
      /Take tlsInsecure away/,
    ],
    ['what is no address', { MONGODB_URI: 'somewhere' }, /MONGODB_URI names no user/],
    [
      'Redis without a password',
      { REDIS_URL: 'rediss://r:6379' },
      /REDIS_URL names no password\. Write rediss/,
    ],
    ['Redis in clear', { REDIS_URL: 'redis://:p@r:6379' }, /REDIS_URL does not ask for TLS\./],
    [
      'the queue without either',
      { REDIS_QUEUE_URL: 'redis://r' },
      /REDIS_QUEUE_URL names no password.*REDIS_QUEUE_URL does not ask/,
    ],
    ['Redis that is no address', { REDIS_URL: 'r' }, /REDIS_URL names no password/],
  ])('is not %s', (_, over, message) => {
    expect(said(over)).toMatch(message);
    expect(said(over)).toContain('docs/operations/stores.md');
  });
});

describe('an open store', () => {
  const open = (over: Partial<StoreSettings>): string | undefined =>
    said({
      ...{
        STORES: 'open',
        MONGODB_URI: 'mongodb://127.0.0.1:1,localhost/b',
        REDIS_URL: 'redis://127.0.0.1:2',
      },
      ...{ REDIS_QUEUE_URL: 'redis://[::1]:3', ...over },
    });

  it('is one of this machine alone', () => {
    expect(open({})).toBeUndefined();
    expect(open({ MONGODB_URI: 'mongodb://%2Frun%2Fmongodb.sock/b' })).toBeUndefined();
    for (const over of [
      { MONGODB_URI: 'mongodb://127.0.0.1,m1/b' },
      { MONGODB_URI: 'mongodb://127.0.0.1.example.org/b' },
      { REDIS_URL: 'redis://localhost.example.org' },
      { REDIS_QUEUE_URL: 'rediss://u:p@10.0.0.1' },
      { REDIS_URL: 'localhost:6379' },
    ]) {
      expect(open(over), JSON.stringify(over)).toMatch(/STORES=open is for stores of this machine alone/);
    }
  });
});

it('a stranger has an address without what it is opened by', () => {
  expect(withoutPassword(GOOD.MONGODB_URI)).toBe(
    'mongodb://m0:27017,m1/bianmin?replicaSet=r&tls=true&w=majority',
  );
  expect(withoutPassword(GOOD.REDIS_QUEUE_URL)).toBe('rediss://redis-queue:6379/1');
  expect(withoutPassword('redis://r')).toBe('redis://r');
});
