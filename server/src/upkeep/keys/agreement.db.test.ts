import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HashSeal } from '../../access/store/hash-seal.ts';
import { UserStore } from '../../access/store/users.ts';
import { KeyRecordStore } from './key-records.ts';
import { openKeys, sealAsOthersDo } from './open-keys.ts';
import { HASH, KeysWorld, ONE, ring, THREE, TWO } from '../../testing/keys-world.ts';

let w: KeysWorld;
beforeAll(async () => {
  w = await KeysWorld.open();
});
afterAll(() => w.close());
beforeEach(() => {
  w.fresh();
});

describe('a process with its keys', () => {
  it('refuses a key that is another than the database knows by that number, and says what to do', async () => {
    await w.begun(ring([1, ONE]));
    await expect(openKeys(w.db, ring([1, TWO]), w.now())).rejects.toMatchObject({
      code: 'keys.other',
      message: expect.stringMatching(/Put the right one into DATA_KEYS; a new key gets a number/u) as string,
    });
    await expect(sealAsOthersDo(w.db, ring([1, TWO]))).rejects.toMatchObject({ code: 'keys.other' });
  });

  it('refuses to begin without a version that values are under', async () => {
    await w.begun(ring([1, ONE]));
    await expect(openKeys(w.db, ring([2, TWO]), w.now())).rejects.toMatchObject({
      code: 'keys.missing',
      context: { version: 1 },
    });
    await new KeyRecordStore(w.db).mark(1, { emptiedAt: w.now() });
    await openKeys(w.db, ring([2, TWO]), w.now());
  });

  it('refuses so in a database from before versions were noted, too', async () => {
    await new UserStore(w.db, ONE).insert({
      ...{ _id: 'u', name: 'n', passwordHash: HASH, roles: [], status: 'active', createdAt: w.now() },
    });
    await expect(openKeys(w.db, ring([2, TWO]), w.now())).rejects.toMatchObject({ code: 'keys.missing' });
    await openKeys(w.db, ring([1, ONE], [2, TWO]), w.now());
  });
});

describe('a new secret of tokens', () => {
  const keys = ring([1, ONE]);

  it('signs once every process that lives has it, and no earlier', async () => {
    const first = await w.begun(keys, ring([1, TWO]));
    const tokens = ring([1, TWO], [2, THREE]);
    const second = await w.begun(keys, tokens);
    expect([await second.round(), tokens.sealing]).toEqual([0, 1]);
    await first.leave();
    expect([await second.round(), tokens.sealing]).toEqual([1, 2]);
    // The former one is taken out.
    const only = ring([2, THREE]);
    await w.begun(keys, only);
    await second.round();
    expect([tokens.sealing, only.sealing]).toEqual([2, 2]);
  });

  it('does not sign while a process has another by its number, or says nothing of secrets', async () => {
    const other = await w.begun(keys, ring([1, TWO], [2, ONE]));
    const tokens = ring([1, TWO], [2, THREE]);
    const agreement = await w.begun(keys, tokens);
    expect(tokens.sealing).toBe(1);
    await other.leave();
    const earlier = { kind: 'web', at: w.now(), versions: [1] } as const;
    await w.documentsOf('keyholders').insertOne({ _id: 'earlier', ...earlier });
    await agreement.round();
    expect(tokens.sealing).toBe(1);
    w.clock.jump(31_000);
    await agreement.round();
    expect(tokens.sealing).toBe(2);
  });
});

describe('a new version', () => {
  it('is sealed under once every process that lives has it', async () => {
    const old = ring([1, ONE]);
    const first = await w.begun(old);
    const renewed = ring([1, ONE], [2, TWO]);
    const second = await w.begun(renewed);
    expect(renewed.sealing).toBe(1);
    // The old one is restarted with both.
    await first.leave();
    expect([await second.round(), renewed.sealing]).toEqual([1, 2]);
    const third = ring([1, ONE], [2, TWO]);
    await w.begun(third);
    expect(third.sealing).toBe(2);
  });

  it('waits no longer for a process that was killed', async () => {
    await w.begun(ring([1, ONE]));
    const renewed = ring([1, ONE], [2, TWO]);
    const agreement = await w.begun(renewed);
    w.clock.jump(31_000);
    await agreement.round();
    expect(renewed.sealing).toBe(2);
  });

  it('is not used where a process without it comes between the two looks, and that one does not begin', async () => {
    await w.begun(ring([1, ONE]));
    w.clock.jump(31_000);
    const renewed = ring([1, ONE], [2, TWO]);
    const agreement = w.agreeing(renewed);
    await agreement.announce();
    await openKeys(w.db, renewed, w.now());
    const late = ring([1, ONE]);
    const records = new KeyRecordStore(w.db);
    const mark = KeyRecordStore.prototype.mark;
    let refused: unknown;
    KeyRecordStore.prototype.mark = async function (this: KeyRecordStore, ...call: Parameters<typeof mark>) {
      await mark.apply(records, call);
      if (call[1].proposedAt === undefined) return;
      const other = w.agreeing(late);
      await other.announce();
      refused = await openKeys(w.db, late, w.now()).catch((error: unknown) => error);
    };
    try {
      await agreement.round();
    } finally {
      KeyRecordStore.prototype.mark = mark;
    }
    expect(refused).toMatchObject({ code: 'keys.missing', context: { version: 2 } });
    expect(renewed.sealing).toBe(1);
  });

  it('and what earlier servers kept in clear waits for the last of those to end', async () => {
    const keys = ring([1, ONE]);
    await w.db.collection('processnotes').insertMany([{ at: w.now() }, { at: w.now() }]);
    const agreement = await w.begun(keys);
    expect(keys.sealsAll).toBe(false);
    expect(new HashSeal(keys, 'passwords').seal(HASH, 'u')).toBe(HASH);
    w.clock.jump(31_000);
    await w.db.collection('processnotes').insertOne({ at: w.now() });
    await agreement.round();
    expect(keys.sealsAll).toBe(true);
    expect(new HashSeal(keys, 'passwords').seal(HASH, 'u')).not.toContain('argon2');
  });
});
