import { describe, expect, it } from 'vitest';
import { readRedisUrl, redisAddress, strangersAddress } from './address.ts';

describe('the address of a Redis', () => {
  it.each([
    ['redis://h', { tls: false, user: '', password: '', hosts: ['h'], db: 0 }],
    ['rediss://u:p%40q@h:6380/3', { tls: true, user: 'u', password: 'p@q', hosts: ['h:6380'], db: 3 }],
    [
      'rediss+sentinel://:p@a:1,b:2,[::1]:3/bianmin/4',
      { tls: true, user: '', password: 'p', hosts: ['a:1', 'b:2', '[::1]:3'], name: 'bianmin', db: 4 },
    ],
  ])('%s is read', (url, read) => {
    expect(readRedisUrl(url)).toEqual(read);
  });

  it.each([
    '',
    'h',
    'http://h',
    'redis://',
    'redis://a,b',
    'redis+sentinel://a,b',
    'redis+sentinel://a/',
    'redis://h/x',
  ])('“%s” is none', (url) => {
    expect(readRedisUrl(url)).toBeUndefined();
  });

  it('names sentinels with their usual port, and the same user and password for them', () => {
    expect(redisAddress('rediss+sentinel://u:p@a,[::1]:3/bianmin/2', {})).toMatchObject({
      sentinels: [
        { host: 'a', port: 26379 },
        { host: '::1', port: 3 },
      ],
      ...{ name: 'bianmin', db: 2, username: 'u', password: 'p' },
      ...{
        sentinelUsername: 'u',
        sentinelPassword: 'p',
        enableTLSForSentinelMode: true,
        failoverDetector: true,
      },
    });
  });

  it('is without what opens it for a stranger', () => {
    expect(strangersAddress(redisAddress('rediss://u:p@h:1', {}))).toMatchObject({ url: 'rediss://h:1' });
    const stranger = strangersAddress(redisAddress('redis+sentinel://u:p@a/bianmin', {}));
    expect(stranger).not.toHaveProperty('password');
    expect(stranger).not.toHaveProperty('username');
  });

  it('is given up where a line answers that it is no primary any more, and asked again', () => {
    const { reconnectOnError } = redisAddress('redis://h', {});
    expect(reconnectOnError(new Error("READONLY You can't write against a read only replica."))).toBe(2);
    expect(reconnectOnError(new Error('ERR unknown command'))).toBe(false);
  });
});
