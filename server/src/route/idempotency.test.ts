import type { Context } from 'koa';
import { describe, expect, it } from 'vitest';
import { intentOf } from './idempotency.ts';

const contextOf = (key: string, path = '/v1/admin/floats/f1/top-ups'): Context =>
  ({ path, get: (name: string) => (name === 'Idempotency-Key' ? key : '') }) as unknown as Context;
const KEY = '0198a0de-0000-4000-8000-00000000000a';
const idempotent = { idempotent: true } as const;

describe('an intention', () => {
  it('is its key and a digest of what is asked for, in whatever order it is said', () => {
    const one = intentOf(idempotent, contextOf(KEY), { fen: 1, reason: 'r' });
    expect(one?.key).toBe(KEY);
    expect(intentOf(idempotent, contextOf(KEY), { reason: 'r', fen: 1 })).toEqual(one);
    expect(intentOf(idempotent, contextOf(KEY), { fen: 2, reason: 'r' })?.digest).not.toBe(one?.digest);
    const elsewhere = intentOf(idempotent, contextOf(KEY, '/v1/admin/floats/f2/top-ups'), { fen: 1 });
    expect(elsewhere?.digest).not.toBe(one?.digest);
  });

  it.each(['', 'short', 'has spaces in the middle', 'x'.repeat(65)])(
    'is refused with the key “%s”',
    (key) => {
      expect(() => intentOf(idempotent, contextOf(key), {})).toThrow(
        expect.objectContaining({ code: 'request.malformed' }),
      );
    },
  );

  it('is asked for where the route says so, and nowhere else', () => {
    expect(intentOf({}, contextOf(''), {})).toBeUndefined();
  });
});
