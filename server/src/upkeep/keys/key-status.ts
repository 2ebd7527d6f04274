import type { AdminKeys, DataKeyState } from '@bianmin/purchase/api/admin-keys';
import type { Connection } from 'mongoose';
import type { Clock } from '@bianmin/card/clock';
import { collectionOf } from '../../adapters/mongo/connection.ts';
import type { Config } from '../../config/config.ts';
import { keyFactsOf } from '../../config/key-facts.ts';
import type { KeyRing } from '../../kernel/key-ring.ts';
import { PaymentKeyStore } from '../../money/payment-keys/key-store.ts';
import { withUploaded } from '../../money/payment-keys/overlay.ts';
import { KeyHolderStore } from './key-holders.ts';
import { KeyNoteStore } from './key-notes.ts';
import { KeyRecordStore, type KeyRecord } from './key-records.ts';
import { ResealStore } from './reseal-store.ts';
import { sealedValues } from './sealed-values.ts';

/** What there is of keys, how old it is, and how far a change has come. Never a key. */
export class KeyStatus {
  readonly #db: Connection;
  readonly #config: Config;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #keys: KeyRing;

  constructor({ db, config, clock }: { db: Connection; config: Config; clock: Pick<Clock, 'now'> }) {
    this.#db = db;
    this.#config = config;
    this.#clock = clock;
    this.#keys = config.DATA_KEYS;
  }

  async now(): Promise<AdminKeys> {
    const [data, others, terminals] = await Promise.all([this.#data(), this.#others(), this.#terminals()]);
    return { data, others, terminals };
  }

  /** So that a key's age is known though nobody looks. */
  async note(): Promise<number> {
    return (await this.#others()).length;
  }

  async #data(): Promise<AdminKeys['data']> {
    const [records, living, work] = await Promise.all([
      new KeyRecordStore(this.#db).all(),
      new KeyHolderStore(this.#db).living(new Date(this.#clock.now())),
      this.#work(),
    ]);
    const newest = records.at(-1)?.version ?? 1;
    return {
      versions: records.map((record) => ({
        version: record.version,
        state: stateOf(record, this.#keys),
        firstSeenAt: record.firstSeenAt.toISOString(),
        usedSince: record.usedSince?.toISOString() ?? null,
        emptiedAt: record.emptiedAt?.toISOString() ?? null,
      })),
      lacking: living.filter(({ versions }) => !versions.includes(newest)).length,
      work,
    };
  }

  async #work(): Promise<AdminKeys['data']['work']> {
    const progress = await new ResealStore(this.#db).get();
    if (progress === undefined) return null;
    const { target, walk, collection, looked, renewedInAll, unreadable } = progress;
    const left = walk > 1 && progress.doneAt === undefined ? progress.lastLeft : progress.left;
    const counts = await Promise.all(
      sealedValues(this.#keys).map((each) =>
        collectionOf(this.#db, each.collection).estimatedDocumentCount(),
      ),
    );
    return {
      ...{ version: target, walk, collection, looked, renewed: renewedInAll, left: { ...left }, unreadable },
      documents: counts.reduce((sum, count) => sum + count, 0),
      beganAt: progress.beganAt.toISOString(),
      movedAt: progress.movedAt.toISOString(),
      doneAt: progress.doneAt?.toISOString() ?? null,
      stoppedAt: progress.stoppedAt?.toISOString() ?? null,
    };
  }

  async #others(): Promise<AdminKeys['others']> {
    const now = new Date(this.#clock.now());
    const uploads = await new PaymentKeyStore(this.#db, this.#keys).active(now);
    const facts = keyFactsOf(withUploaded(this.#config, uploads));
    const notes = await new KeyNoteStore(this.#db, this.#keys).noted(facts, now);
    return facts.map(({ name, guide, notAfter }, index) => ({
      ...{ name, guide, fingerprint: notes[index]?.fingerprint ?? '' },
      since: (notes[index]?.since ?? now).toISOString(),
      notAfter: notAfter?.toISOString() ?? null,
    }));
  }

  async #terminals(): Promise<AdminKeys['terminals']> {
    const terminals = collectionOf<{ _id: string; enrolledAt: Date }>(this.#db, 'terminals');
    const [count, [oldest]] = await Promise.all([
      terminals.estimatedDocumentCount(),
      terminals
        .find({}, { projection: { enrolledAt: 1 } })
        .sort({ enrolledAt: 1, _id: 1 })
        .limit(1)
        .toArray(),
    ]);
    return { count, oldest: oldest?.enrolledAt.toISOString() ?? null };
  }
}

function stateOf({ version, usedSince, emptiedAt }: KeyRecord, keys: KeyRing): DataKeyState {
  if (version === keys.sealing) return 'sealing';
  if (emptiedAt !== undefined) return keys.has(version) ? 'empty' : 'gone';
  return usedSince === undefined ? 'waiting' : 'read';
}
