import { describe, expect, it } from 'vitest';
import { ARGON2ID, hashPassword, isOutdated, verifyPassword } from './password.ts';
import { PASSWORD } from '../testing/fresh-access.ts';

describe('passwords', () => {
  it('are kept as a salted hash that only the same password fits', async () => {
    const cost = { ...ARGON2ID, memoryCost: 64, timeCost: 1 };
    const [one, two] = [await hashPassword(PASSWORD, cost), await hashPassword(PASSWORD, cost)];
    expect(one).not.toBe(two);
    expect(await verifyPassword(PASSWORD, one)).toBe(true);
    expect(await verifyPassword(`${PASSWORD}!`, one)).toBe(false);
    expect(await verifyPassword(PASSWORD, 'nonsense')).toBe(false);
  });

  it('are hashed at the cost that OWASP advises', async () => {
    const hash = await hashPassword(PASSWORD);
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verifyPassword(PASSWORD, hash)).toBe(true);
    expect(isOutdated(hash)).toBe(false);
  });
});
