import type { Connection } from 'mongoose';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { HeadSeal } from '../access/head-seal.ts';
import { HashSeal } from '../access/store/hash-seal.ts';
import { UserStore } from '../access/store/users.ts';
import { sealHolder } from '../kernel/holder.ts';
import { KeyRing } from '../kernel/key-ring.ts';
import { NumberSeal } from '../kernel/sealed-number.ts';
import { SecretSeal } from '../kernel/secret-seal.ts';
import { householdKey } from '../money/discount/desk.ts';
import { PaymentKeyStore } from '../money/payment-keys/key-store.ts';
import { PayerDigest } from '../orders/model/payer-digest.ts';
import { MongoOrderStore } from '../orders/store/mongo-orders.ts';
import { KeyAgreement } from '../upkeep/keys/agreement.ts';
import { openKeys } from '../upkeep/keys/open-keys.ts';
import { Resealer } from '../upkeep/keys/resealer.ts';
import { ResealStore } from '../upkeep/keys/reseal-store.ts';
import type { Doc } from '../upkeep/keys/sealed-values.ts';
import { openTestContext, type TestContext } from './context.ts';
import { keptLog } from './log-lines.ts';
import { sampleOrder, samplePayment } from './order-samples.ts';

export const [ONE, TWO, THREE] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2), Buffer.alloc(32, 3)];
export const ring = (...secrets: readonly [number, Buffer][]): KeyRing => new KeyRing(new Map(secrets));
export const HOLDER = 'ab'.repeat(16);
export const HASH = '$argon2id$v=19$m=64,t=1,p=1$c2FsdA$aGFzaA';

/** Processes with versions of keys on one database, and what they seal there. */
export class KeysWorld {
  readonly #t: TestContext;
  readonly log = keptLog().log;
  db: Connection;
  clock = new ManualClock();

  private constructor(t: TestContext) {
    this.#t = t;
    this.db = t.another();
  }

  static async open(): Promise<KeysWorld> {
    return new KeysWorld(await openTestContext());
  }

  /** An empty database, and the first moment. */
  fresh(): void {
    this.db = this.#t.another();
    this.clock = new ManualClock();
  }

  close(): Promise<void> {
    return this.#t.close();
  }

  now(): Date {
    return new Date(this.clock.now());
  }

  agreeing(keys: KeyRing, tokens = ring([1, THREE])): KeyAgreement {
    return new KeyAgreement({ db: this.db, keys, tokens, kind: 'web', clock: this.clock });
  }

  /** A process that has begun. */
  async begun(keys: KeyRing, tokens?: KeyRing): Promise<KeyAgreement> {
    const agreement = this.agreeing(keys, tokens);
    await agreement.announce();
    await openKeys(this.db, keys, this.now());
    await agreement.round();
    return agreement;
  }

  documentsOf(name: string) {
    return this.db.collection<Doc>(name);
  }

  /** One of each value that needs a key, many orders, as processes with `keys` stored them. */
  async plant(keys: KeyRing, orders: number): Promise<void> {
    const numbers = new NumberSeal(keys);
    const secret = (purpose: string, of: string): string =>
      new SecretSeal(keys, purpose).seal('a secret', of);
    const store = new MongoOrderStore({ db: this.db, seal: numbers, wrote: () => undefined });
    const payer = keys.sealsAll
      ? new PayerDigest(keys).of({ orderNo: 'x', channel: 'wechat', payerId: 'p' })
      : 'AAAAAAAAAAAAAAAA';
    for (let no = 0; no < orders; no += 1) {
      await store.insert(
        sampleOrder({
          _id: `2603011000${String(no).padStart(8, '0')}`,
          ...{ idempotencyKey: `k${no}`, meterNo: `m${no}`, customerNo: `65010000${no}`, holder: HOLDER },
          payments: [samplePayment({ no: `p${no}`, payer })],
          dueAt: null,
        }),
      );
    }
    const kept = await this.documentsOf('orders').findOne({});
    await this.documentsOf('orders_archive').insertOne({ ...kept, _id: 'archived' });
    const binding = { customer: numbers.seal('65'), holder: sealHolder(numbers, HOLDER) };
    await this.documentsOf('bindings').insertOne({ _id: 'b', payerId: 'p', ...binding });
    await this.documentsOf('boxBindings').insertOne({ _id: 'b', payerId: 't', ...binding });
    await this.documentsOf('consents').insertOne({ _id: 'n', org: 'c', ...binding });
    await this.documentsOf('replacements').insertOne({ _id: 'r', customerNo: numbers.seal('66') });
    await this.documentsOf('complaints').insertOne({ _id: 'c', text: numbers.seal('words of a payer') });
    await this.documentsOf('invoices').insertOne({ _id: 'i', buyer: numbers.seal('["title","tax"]') });
    await this.documentsOf('exports').insertOne({
      _id: 'e',
      request: { search: { customerNo: numbers.seal('67') } },
    });
    await this.documentsOf('approvals').insertOne({
      _id: 'a',
      content: { sealed: numbers.seal('68'), other: 1 },
    });
    const hashes = { passwords: new HashSeal(keys, 'passwords'), pins: new HashSeal(keys, 'staff pins') };
    await this.documentsOf('users').insertOne({
      _id: 'u',
      passwordHash: hashes.passwords.seal(HASH, 'u'),
      proposed: { reset: 'r', passwordHash: hashes.passwords.seal(HASH, 'u') },
      totp: { sealed: secret('bianmin second factors', 'u'), lastStep: 1 },
      totpProposed: secret('bianmin second factors', 'u'),
    });
    await this.documentsOf('staffpins').insertOne({ _id: 'u', hash: hashes.pins.seal(HASH, 'u') });
    await this.documentsOf('householdfiles').insertOne({
      _id: 'f',
      hash: secret('bianmin digests of files', 'f'),
    });
    await this.documentsOf('alertdestinations').insertOne({
      _id: 'd',
      sealed: secret('bianmin alert destinations', 'd'),
    });
    await new PaymentKeyStore(this.db, keys).insert({
      ...{
        _id: 'k',
        channel: 'wechat',
        whose: 'ours',
        fingerprint: 'f',
        status: 'active',
        createdAt: this.now(),
      },
      ...{ createdBy: 'u', pem: 'a private key' },
    });
    const head = { writer: 'w', n: 3, digest: 'd' };
    const seal = new HeadSeal(keys).of(head);
    await this.documentsOf('audit-heads').insertOne({ _id: 'w', n: 3, digest: 'd', at: this.now(), seal });
    const known = { community: 'north', tags: ['elderly'] };
    await this.documentsOf('households').insertOne({
      _id: householdKey(keys)('collection-v1', '650100000'),
      ...known,
    });
  }

  /** Everything that is sealed, as one with these keys reads it; throws where something does not open. */
  async read(keys: KeyRing): Promise<unknown> {
    const store = new MongoOrderStore({ db: this.db, seal: new NumberSeal(keys), wrote: () => undefined });
    const orders = await Promise.all(
      (await this.documentsOf('orders').find({}).sort({ _id: 1 }).toArray()).map(({ _id }) => store.get(_id)),
    );
    const user = await new UserStore(this.db, keys).get('u');
    const hashes = new HashSeal(keys, 'passwords');
    const key = await new PaymentKeyStore(this.db, keys).active(this.now());
    return {
      orders: orders.map((order) => [order?.customerNo, order?.holder]),
      hashes: [user?.passwordHash, user?.proposed?.passwordHash].map((hash) => hashes.open(hash ?? '', 'u')),
      totp: new SecretSeal(keys, 'bianmin second factors').open(user?.totp?.sealed ?? '', 'u'),
      pem: key.map(({ pem }) => pem),
    };
  }

  async dump(): Promise<string> {
    const names = (await this.db.listCollections()).map(({ name }) => name);
    const all = await Promise.all(names.map((name) => this.documentsOf(name).find({}).toArray()));
    return JSON.stringify(all);
  }

  /** Goes on while something is done, as a real one. */
  readonly running = {
    now: (): number => {
      this.clock.jump(1);
      return this.clock.now();
    },
  };

  /** Rounds until there is nothing to do, over what must wait. */
  async resealed(keys: KeyRing, init: { most?: number } = {}): Promise<void> {
    const resealer = new Resealer({ db: this.db, keys, clock: this.running, log: this.log });
    for (let round = 0; round < (init.most ?? 400); round += 1) {
      const stands = await new ResealStore(this.db).get();
      if (stands?.doneAt !== undefined && stands.target === keys.sealing) return;
      if ((await resealer.round()) === 0) this.clock.jump(61_000);
    }
    if (init.most === undefined) throw new Error('It does not come to an end.');
    await resealer.leave();
  }
}
