import { createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { PaymentKeyRequest } from '@bianmin/purchase/api/payments';
import type { Config } from '../../config/config.ts';
import { isSigned, trustOf } from '../../gateways/payment/alipay/keys.ts';
import { channelsFrom } from '../../config/channels.ts';
import { SwappableChannel } from '../../gateways/payment/swappable.ts';
import { openAccess, type TestAccess } from '../../testing/access.ts';
import { testConfig } from '../../testing/config.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { FakeChannel } from '../../testing/fake-channel.ts';
import { ANNA, BORIS, HERE } from '../../testing/staff-world.ts';
import { WALLETS } from '../../gateways/payment/wallets.ts';
import { PaymentKeyStore } from './key-store.ts';
import { withUploaded } from './overlay.ts';
import { KeyRotation } from './rotation.ts';

const pair = (bits = 2048) => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
};
const ours = pair();
const theirs = pair();
const next = pair();

let t: TestContext;
let clock: ManualClock;
let access: TestAccess;
let store: PaymentKeyStore;
let config: Config;
let rotation: KeyRotation;

beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.empty();
  t.db.deleteModel(/.*/u);
  clock = new ManualClock();
  access = await openAccess(t, clock);
  config = testConfig({
    WECHAT_PRIVATE_KEY: ours.privateKey,
    WECHAT_PLATFORM_KEYS: { PUB_KEY_ID_1: theirs.publicKey },
  });
  store = new PaymentKeyStore(t.db, config.DATA_KEYS);
  await store.prepare();
  const { approvals } = access;
  rotation = new KeyRotation({ store, approvals, config, clock, build: (of) => channelsFrom(of, clock) });
});

const upload = (over: Partial<PaymentKeyRequest> = {}): PaymentKeyRequest => ({
  ...{ key: randomUUID(), channel: 'wechat', whose: 'theirs', pem: next.publicKey, serial: 'PUB_KEY_ID_2' },
  reason: 'The platform changes its key.',
  ...over,
});
const allow = (id: string) => access.approvals.decide({ id, checker: BORIS, accept: true, where: HERE });
const now = async (): Promise<Config> => withUploaded(config, await store.active(new Date(clock.now())));

describe('keys of channels', () => {
  it('count once a second person allows them, beside those before; retired, no more', async () => {
    const body = upload();
    const approval = await rotation.request(body, ANNA, HERE);
    expect(Object.keys((await now()).WECHAT_PLATFORM_KEYS ?? {})).toEqual(['PUB_KEY_ID_1']);
    await expect(
      access.approvals.decide({ id: approval._id, checker: ANNA, accept: true, where: HERE }),
    ).rejects.toMatchObject({ code: 'approval.same-person' });
    expect((await allow(approval._id)).status).toBe('done');
    const keys = (await now()).WECHAT_PLATFORM_KEYS;
    expect(keys).toEqual({ PUB_KEY_ID_1: theirs.publicKey, PUB_KEY_ID_2: next.publicKey });
    const retiring = await rotation.requestRetiring({ id: body.key, reason: 'It is over.' }, ANNA, HERE);
    await allow(retiring._id);
    expect(await now()).toEqual(config);
    expect((await rotation.list()).map(({ status }) => status)).toEqual(['retired']);
    expect(await t.db.collection('paymentkeys').findOne({ sealed: { $exists: true } })).toBeNull();
  });

  it('are in clear nowhere: not in the database, not before the second person, not in the trail', async () => {
    const approval = await rotation.request(
      upload({ whose: 'ours', pem: next.privateKey, serial: '2' }),
      ANNA,
      HERE,
    );
    await allow(approval._id);
    const all = await Promise.all(
      (await t.db.listCollections()).map(({ name }) => t.db.collection(name).find().toArray()),
    );
    const body = next.privateKey.split('\n')[1] ?? '';
    expect(JSON.stringify(all)).not.toContain(body);
    expect(JSON.stringify(await rotation.list())).not.toContain(body);
    expect((await now()).WECHAT_PRIVATE_KEY).toBe(next.privateKey);
    expect((await now()).WECHAT_SERIAL).toBe('2');
    const other = new PaymentKeyStore(t.another(), Buffer.alloc(32, 9));
    await expect(other.active(new Date())).resolves.toEqual([]);
    // Sealed for its own record: moved to another's place it does not open.
    await t.db
      .collection('paymentkeys')
      .insertOne({ ...(await t.db.collection('paymentkeys').findOne()), _id: randomUUID() as never });
    await expect(now()).rejects.toThrow();
  });

  it('count from the time that was named', async () => {
    const activeFrom = new Date(clock.now() + 3_600_000).toISOString();
    await allow((await rotation.request(upload({ activeFrom }), ANNA, HERE))._id);
    expect(await now()).toEqual(config);
    clock.jump(3_600_000);
    expect(Object.keys((await now()).WECHAT_PLATFORM_KEYS ?? {})).toHaveLength(2);
  });

  it.each<[string, Partial<PaymentKeyRequest>]>([
    ['no key at all', { pem: 'x'.repeat(200) }],
    ['two at once', { pem: next.publicKey + theirs.publicKey }],
    ['a private key as theirs', { pem: next.privateKey }],
    ['a public key as ours', { whose: 'ours' }],
    ['one without the serial that WeChat Pay names it by', { serial: undefined }],
    ['a weak one of ours', { whose: 'ours', pem: pair(1024).privateKey }],
    ['one of a channel that is not there', { channel: 'bestpay' }],
  ])('that are %s are refused before anybody is asked', async (_, over) => {
    await expect(rotation.request(upload(over), ANNA, HERE)).rejects.toMatchObject({
      code: 'payment.key-unusable',
    });
    expect(await access.approvals.list('open', ANNA.scope)).toEqual([]);
    expect(await rotation.list()).toEqual([]);
  });

  it('that were not allowed are thrown away, and cannot be allowed afterwards', async () => {
    const approval = await rotation.request(upload(), ANNA, HERE);
    await store.dropProposedBefore(new Date(clock.now() + 1));
    expect(await allow(approval._id)).toMatchObject({ status: 'failed', failure: 'request.not-found' });
  });

  it('of Alipay are believed side by side, also where the first is bare', () => {
    const bare = theirs.publicKey.replace(/-----[^-]+-----|\n/gu, '');
    const both = withUploaded(testConfig({ ALIPAY_PUBLIC_KEY: bare }), [
      { channel: 'alipay', whose: 'theirs', pem: next.publicKey },
    ]).ALIPAY_PUBLIC_KEY;
    const signed = (by: { privateKey: string }) =>
      createSign('RSA-SHA256').update('words').sign(by.privateKey, 'base64');
    const trust = trustOf(both, undefined);
    expect([theirs, next, ours].map((by) => isSigned(trust, undefined, 'words', signed(by)))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('are told of without being told', () => {
    const facts = WALLETS.wechat.keysOf(config);
    expect(facts).toMatchObject([
      { name: 'WECHAT_PRIVATE_KEY', whose: 'ours', kind: 'private-key', notAfter: null },
      { name: 'WECHAT_PLATFORM_KEYS', whose: 'theirs', kind: 'public-key', serial: 'PUB_KEY_ID_1' },
      { name: 'WECHAT_APIV3_KEY', kind: 'secret', fingerprint: null },
    ]);
    expect(facts[0]?.fingerprint).toMatch(/^[0-9a-f]{64}$/u);
    expect(WALLETS.wechat.keysOf(testConfig())[0]).toMatchObject({ kind: 'unreadable' });
  });
});

describe('a channel that can be swapped', () => {
  it('goes on as the new one, also for who was asked before', async () => {
    const first = new FakeChannel('wechat', clock);
    const second = new FakeChannel('wechat', clock);
    const channel = new SwappableChannel(first);
    const request = {
      ...{ paymentNo: '260301100000000001p1', amountFen: 100, description: 'd', terminalId: 't' },
      ...{ expiresAt: new Date(clock.now() + 1000), notifyUrl: 'http://n' },
    };
    await channel.create(request);
    channel.swap(second);
    expect(await channel.query(request.paymentNo)).toMatchObject({ status: 'not-found' });
    await channel.create(request);
    expect(second.trades.size).toBe(1);
    expect(() => {
      channel.swap(new FakeChannel('alipay', clock));
    }).toThrow();
  });
});
