import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { generateKeyPairSync } from 'node:crypto';
import { mongo } from 'mongoose';
import { PaymentKeyStore } from '../../money/payment-keys/key-store.ts';
import { testConfig } from '../../testing/config.ts';
import { KeyStatus } from './key-status.ts';
import { KeysWorld, ONE, ring, THREE, TWO } from '../../testing/keys-world.ts';

let w: KeysWorld;
beforeAll(async () => {
  w = await KeysWorld.open();
});
afterAll(() => w.close());
beforeEach(() => {
  w.fresh();
});

describe('what is told of keys', () => {
  it('is their age, their state and how far a change is, and never a key', async () => {
    const [old, keys] = [ring([1, ONE]), ring([1, ONE], [2, TWO])];
    const config = testConfig({
      DATA_KEYS: keys,
      TOKEN_SECRETS: ring([1, THREE], [2, TWO]),
      COMMAND_SIGN_KEY: 'a sign key',
      INVOICE_KEY: '44'.repeat(32),
    });
    const status = new KeyStatus({ db: w.db, config, clock: w.clock });
    const first = await w.begun(old);
    await w.plant(old, 2);
    const agreement = await w.begun(keys);
    const waiting = await status.now();
    expect(waiting.data).toMatchObject({
      versions: [
        { version: 1, state: 'sealing' },
        { version: 2, state: 'waiting', usedSince: null },
      ],
      lacking: 1,
    });
    const sign = waiting.others.find(({ name }) => name === 'COMMAND_SIGN_KEY');
    expect(sign).toMatchObject({ guide: 'command', since: w.now().toISOString(), notAfter: null });
    const tokens = waiting.others.filter(({ guide }) => guide === 'token').map(({ name }) => name);
    expect(tokens).toEqual(['TOKEN_SECRET', 'TOKEN_SECRET 2']);
    await first.leave();
    await agreement.round();
    w.clock.jump(3_600_000);
    await agreement.announce();
    await w.resealed(keys);
    const done = await status.now();
    expect(done.data).toMatchObject({
      versions: [
        { version: 1, state: 'empty' },
        { version: 2, state: 'sealing' },
      ],
      lacking: 0,
      work: { version: 2, left: {}, unreadable: 0 },
    });
    expect(done.data.work?.doneAt).not.toBeNull();
    expect(done.data.work?.renewed).toBeGreaterThan(15);
    // The same key, though what tells it is made with another data key by now.
    const later = done.others.find(({ name }) => name === 'COMMAND_SIGN_KEY');
    expect(later).toMatchObject({ since: sign?.since ?? '' });
    expect(later?.fingerprint).not.toBe(sign?.fingerprint);
    const text = JSON.stringify([waiting, done, await w.dump()]);
    for (const secret of ['a sign key', '44'.repeat(32), ...keys.secretTexts()])
      expect(text).not.toContain(secret);
  });

  it('has the keys of channels that were uploaded, and asks once for all', async () => {
    const keys = ring([1, ONE]);
    await w.begun(keys);
    const config = testConfig({ DATA_KEYS: keys, WECHAT_PLATFORM_KEYS: {} });
    const status = new KeyStatus({ db: w.db, config, clock: w.clock });
    const before = (await status.now()).others;
    const uploads = new PaymentKeyStore(w.db, keys);
    const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({
      type: 'spki',
      format: 'pem',
    }) as string;
    await uploads.insert({
      ...{ _id: 'k', channel: 'wechat', whose: 'theirs', serial: 'PUB_KEY_ID_9', pem, fingerprint: 'f' },
      ...{ status: 'active', createdAt: w.now(), createdBy: 'u' },
    });
    w.clock.jump(3_600_000);
    const find = vi.spyOn(mongo.Collection.prototype, 'find');
    const { others } = await status.now();
    const asked = find.mock.contexts.filter(
      (collection) => (collection as mongo.Collection).collectionName === 'keynotes',
    );
    find.mockRestore();
    expect(asked).toHaveLength(1);
    const [uploaded, ...more] = others.filter(
      ({ fingerprint }) => !before.some((each) => each.fingerprint === fingerprint),
    );
    expect(more).toEqual([]);
    expect(uploaded).toMatchObject({
      ...{ name: 'WECHAT_PLATFORM_KEYS', guide: 'channel', since: w.now().toISOString() },
    });
    expect(others.find(({ name }) => name === 'GRID_SIGN_KEY')).toEqual(
      before.find(({ name }) => name === 'GRID_SIGN_KEY'),
    );
  });
});
