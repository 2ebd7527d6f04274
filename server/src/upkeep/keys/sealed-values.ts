import type { mongo } from 'mongoose';
import { HeadSeal } from '../../access/head-seal.ts';
import { HashSeal } from '../../access/store/hash-seal.ts';
import { openHolder, sealHolder } from '../../kernel/holder.ts';
import { versionOf, type KeyRing } from '../../kernel/key-ring.ts';
import { NumberSeal } from '../../kernel/sealed-number.ts';
import { SecretSeal } from '../../kernel/secret-seal.ts';
import { KeyContentSeal } from '../../money/payment-keys/key-store.ts';
import { PayerDigest } from '../../orders/model/payer-digest.ts';

export interface Doc extends mongo.Document {
  readonly _id: string;
}

/** One value of a document that is to be another. */
export interface Change {
  /** Dotted. */
  readonly path: string;
  readonly from: string;
  /** Absent: it goes. */
  readonly to?: string;
  /** What must still hold besides the value itself. */
  readonly only?: Readonly<Record<string, unknown>>;
}

/** What of a collection is sealed, or made with a key. */
export interface SealedValues {
  /** Its name; documents have a text as `_id`. */
  readonly collection: string;
  readonly fields: readonly string[];
  /** What of a document is under an old version, or not sealed yet. Throws where a value is not what any key of ours made. */
  readonly changesOf: (document: Doc) => Change[];
  /** What an earlier server would have stored. Needs version 1. */
  readonly earlierOf: (document: Doc) => Change[];
  /** What is not changed but is over by itself before long: looked at again until there is none. */
  readonly passing?: true;
}

/** One sort of value: how it is opened and made, and whether it is as it should be. */
interface Sort {
  isCurrent(value: string): boolean;
  renew(value: string, id: string): string;
  earlier(value: string, id: string): string;
}

/** Every value in the database that needs a key: what a key is changed by. A test plants one of each and looks for what is missing here. */
export function sealedValues(keys: KeyRing): SealedValues[] {
  const first = keys.has(1) ? earlierRing(keys) : undefined;
  const numbers = numbersOf(keys, first);
  const holders = holdersOf(keys);
  const secrets = (purpose: string): Sort => secretsOf((ring) => new SecretSeal(ring, purpose), keys, first);
  const hashes = (of: 'passwords' | 'staff pins'): Sort => hashesOf(new HashSeal(keys, of));
  const ofOrders = { customerNo: numbers, holder: holders };
  const ofBindings = { customer: numbers, holder: holders };
  return [
    withPayers(simple('orders', ofOrders), keys),
    withPayers(simple('orders_archive', ofOrders), keys),
    simple('bindings', ofBindings),
    simple('boxBindings', ofBindings),
    simple('consents', ofBindings),
    simple('replacements', { customerNo: numbers }),
    simple('complaints', { text: numbers }),
    simple('invoices', { buyer: numbers }),
    simple('exports', { 'request.search.customerNo': numbers }),
    simple('approvals', { 'content.sealed': numbers }),
    simple('users', {
      passwordHash: hashes('passwords'),
      'proposed.passwordHash': hashes('passwords'),
      'totp.sealed': secrets('bianmin second factors'),
      totpProposed: secrets('bianmin second factors'),
    }),
    simple('staffpins', { hash: hashes('staff pins') }),
    simple('alertdestinations', { sealed: secrets('bianmin alert destinations') }),
    simple('householdfiles', { hash: secrets('bianmin digests of files') }),
    simple('paymentkeys', { sealed: secretsOf((ring) => new KeyContentSeal(ring), keys, first) }),
    heads(keys, first),
    passing('oneTimeCodes', 'mac', keys),
    passing('cardsessions', 'salt', keys),
    passing('households', '_id', keys),
  ];
}

/** As an earlier server had it: version 1, and what it kept in clear in clear. */
function earlierRing(keys: KeyRing): KeyRing {
  const ring = keys.only(1);
  ring.sealsAll = false;
  return ring;
}

function simple(collection: string, sorts: Readonly<Record<string, Sort>>): SealedValues {
  const each = (document: Doc, to: (sort: Sort, value: string) => string | undefined): Change[] =>
    Object.entries(sorts).flatMap(([path, sort]) => {
      const from = valueAt(document, path);
      if (typeof from !== 'string') return [];
      const made = to(sort, from);
      return made === undefined || made === from ? [] : [{ path, from, to: made }];
    });
  return {
    collection,
    fields: Object.keys(sorts),
    changesOf: (document) =>
      each(document, (sort, value) => (sort.isCurrent(value) ? undefined : sort.renew(value, document._id))),
    earlierOf: (document) => each(document, (sort, value) => sort.earlier(value, document._id)),
  };
}

function numbersOf(keys: KeyRing, first: KeyRing | undefined): Sort {
  const seal = new NumberSeal(keys);
  return {
    isCurrent: (value) => seal.isCurrent(value),
    renew: (value) => seal.seal(seal.open(value)),
    earlier: (value) => new NumberSeal(needed(first)).seal(seal.open(value)),
  };
}

function holdersOf(keys: KeyRing): Sort {
  const seal = new NumberSeal(keys);
  const isSealed = (value: string): boolean => openHolder(seal, value) !== value;
  return {
    isCurrent: (value) => (isSealed(value) ? keys.sealsAll && seal.isCurrent(value) : !keys.sealsAll),
    renew: (value) => sealHolder(seal, openHolder(seal, value)),
    earlier: (value) => openHolder(seal, value),
  };
}

function hashesOf(seal: HashSeal): Sort {
  return {
    isCurrent: (value) => seal.isCurrent(value),
    renew: (value, id) => seal.seal(seal.open(value, id), id),
    earlier: (value, id) => seal.open(value, id),
  };
}

interface BoundSeal {
  seal(clear: string, of: string): string;
  open(sealed: string, of: string): string;
}

function secretsOf(under: (ring: KeyRing) => BoundSeal, keys: KeyRing, first: KeyRing | undefined): Sort {
  const seal = under(keys);
  return {
    isCurrent: (value) => versionOf(value).version === keys.sealing,
    renew: (value, id) => seal.seal(seal.open(value, id), id),
    // It is another text each time it is sealed: what is under version 1 already stays.
    earlier: (value, id) =>
      versionOf(value).version === 1 ? value : under(needed(first)).seal(seal.open(value, id), id),
  };
}

/** Heads of the audit trail. One that does not fit its seal stays as it is: a new seal would say that it did. */
function heads(keys: KeyRing, first: KeyRing | undefined): SealedValues {
  const seal = new HeadSeal(keys);
  const anew = (document: Doc, under: HeadSeal): Change[] => {
    const {
      _id: writer,
      n,
      digest,
      seal: from,
    } = document as Doc & { n: number; digest: string; seal: string };
    const head = { writer, n, digest };
    if (!seal.fits(head, from)) throw new Error('This head was not sealed by this server.');
    const to = under.of(head);
    return to === from ? [] : [{ path: 'seal', from, to }];
  };
  return {
    collection: 'audit-heads',
    fields: ['n', 'digest', 'seal'],
    changesOf: (document) =>
      versionOf((document as Doc & { seal: string }).seal).version === keys.sealing
        ? []
        : anew(document, seal),
    earlierOf: (document) => anew(document, new HeadSeal(needed(first))),
  };
}

/** Who paid is known again within a payment's life alone: of an order at rest an old digest goes. */
function withPayers(values: SealedValues, keys: KeyRing): SealedValues {
  const old = (document: Doc, isOld: (payer: string) => boolean): Change[] => {
    const { payments = [], version } = document as Doc & { payments?: { payer?: string }[]; version: number };
    const only = { version, dueAt: { $exists: false } };
    return payments.flatMap(({ payer }, at) =>
      payer === undefined || !isOld(payer) ? [] : [{ path: `payments.${at}.payer`, from: payer, only }],
    );
  };
  const isOld = (payer: string): boolean =>
    PayerDigest.versionOf(payer) !== keys.sealing &&
    (keys.sealsAll || PayerDigest.versionOf(payer) !== undefined);
  return {
    collection: values.collection,
    fields: [...values.fields, 'payments.payer', 'version', 'dueAt'],
    changesOf: (document) => [...values.changesOf(document), ...old(document, isOld)],
    earlierOf: (document) => [...values.earlierOf(document), ...old(document, () => true)],
  };
}

/** What ends by itself, or is made anew by another walk. */
function passing(collection: string, field: string, keys: KeyRing): SealedValues {
  return {
    collection,
    fields: [field],
    changesOf: (document) => {
      const from = valueAt(document, field);
      if (typeof from !== 'string' || versionOf(from).version === keys.sealing) return [];
      return [{ path: field, from }];
    },
    earlierOf: () => [],
    passing: true,
  };
}

function needed(ring: KeyRing | undefined): KeyRing {
  if (ring !== undefined) return ring;
  throw new Error('An earlier server reads version 1 alone. Put it into DATA_KEYS.');
}

function valueAt(document: Doc, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (at, name) =>
        typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[name] : undefined,
      document,
    );
}
