import { describe, expect, it } from 'vitest';
import { KeyRing } from '../../kernel/key-ring.ts';
import { ARGON2ID, hashPassword, verifyPassword } from '../password.ts';
import { HashSeal } from './hash-seal.ts';

const KEY = Buffer.alloc(32, 7);
const CHEAP = { ...ARGON2ID, memoryCost: 64, timeCost: 1 };

describe('a PIN’s hash, as it is stored', () => {
  const seal = new HashSeal(KEY, 'staff pins');

  it('says nothing to who has the database alone: no million tries find the PIN', async () => {
    const stored = seal.seal(await hashPassword('918273', CHEAP), 'u-anna');
    expect(stored).not.toContain('argon2');
    // What a thief would do with it.
    expect(await verifyPassword('918273', stored)).toBe(false);
    expect(() => new HashSeal(Buffer.alloc(32, 8), 'staff pins').open(stored, 'u-anna')).toThrow();
    expect(await verifyPassword('918273', seal.open(stored, 'u-anna'))).toBe(true);
  });

  it('is good for its owner alone: put into another’s document it opens nothing', () => {
    expect(() => seal.open(seal.seal('$argon2id$x', 'u-anna'), 'u-zhang')).toThrow();
    expect(() => new HashSeal(KEY, 'passwords').open(seal.seal('$argon2id$x', 'u'), 'u')).toThrow();
  });

  it('from before it was sealed is read as it is, and is not as a new one would be', () => {
    expect(seal.open('scrypt$2$8$1$a$b', 'u')).toBe('scrypt$2$8$1$a$b');
    expect(seal.isCurrent('$argon2id$x')).toBe(false);
    expect(seal.isCurrent(seal.seal('$argon2id$x', 'u'))).toBe(true);
  });

  it('stays as it was while an earlier server may read it', () => {
    const ring = new KeyRing(new Map([[1, KEY]]));
    ring.sealsAll = false;
    expect(new HashSeal(ring, 'staff pins').seal('$argon2id$x', 'u')).toBe('$argon2id$x');
  });
});
