import { canonicalJson, sha256Hex } from '../../../../server/src/kernel/canonical.ts';
import { stopped, through, type Attack, type Outcome } from '../attack.ts';
import { never, type Patch } from '../patch.ts';
import type { World } from '../world.ts';

const CHECK = 'server/src/access/audit-check.ts';

interface Entry {
  readonly _id: string;
  readonly writer: string;
  readonly n: number;
  readonly digest: string;
  readonly prev: string;
  readonly target: string;
}

/** Somebody who can write to the database does something to the trail, and it is read. */
function tampering(init: {
  readonly attack: string;
  readonly name: string;
  readonly short?: true;
  readonly removes: readonly Patch[];
  /** A fault that must be found; absent: any that was not there before. */
  readonly fault: string;
  readonly tamper: (world: World, chain: readonly Entry[]) => Promise<void>;
}): Attack {
  const { fault, tamper, ...attack } = init;
  return {
    ...attack,
    attempt: async (world): Promise<Outcome> => {
      const { token } = await world.member(['audit:read']);
      const verify = async (): Promise<string> =>
        (await world.staff(token, '/v1/admin/audit/verification')).text;
      const entries = world.db.collection<Entry>('audit');
      const newest = await entries.find().sort({ at: -1 }).limit(1).next();
      if (newest === null) throw new Error('The trail is empty.');
      const kept = await entries.find().toArray();
      const heads = await world.db.collection('audit-heads').find().toArray();
      const before = await verify();
      const chain = kept.filter(({ writer }) => writer === newest.writer).sort((a, b) => a.n - b.n);
      await tamper(world, chain);
      const after = await verify();
      // For the attacks to come.
      for (const entry of kept) await entries.replaceOne({ _id: entry._id }, entry, { upsert: true });
      for (const head of heads) await world.db.collection('audit-heads').replaceOne({ _id: head._id }, head);
      const found = countOf(after, fault) > countOf(before, fault);
      return found
        ? stopped(`the check names it: ${fault}`)
        : through('the check finds nothing more than before');
    },
  };
}

const countOf = (verdict: string, fault: string): number => verdict.split(`"${fault}"`).length - 1;

/** As an entry's digest is made. */
function digested({ digest: _, ...entry }: Entry): string {
  return sha256Hex(canonicalJson(entry));
}

export const trail: readonly Attack[] = [
  tampering({
    attack: 'trail-changed',
    name: 'Who can write to the database changes what the trail says that they did',
    short: true,
    removes: [never(CHECK, 'digestOf(unsigned) !== digest')],
    fault: 'changed',
    tamper: async (world, chain) => {
      const entry = chain[Math.floor(chain.length / 2)];
      await world.db
        .collection<Entry>('audit')
        .updateOne({ _id: entry?._id ?? '' }, { $set: { target: 'somebody-else' } });
    },
  }),
  tampering({
    attack: 'trail-removed',
    name: 'Who can write to the database removes one entry from the middle',
    removes: [never(CHECK, 'entry.n !== (before?.n ?? 0) + 1')],
    fault: 'gap',
    tamper: async (world, chain) => {
      const entry = chain[Math.floor(chain.length / 2)];
      await world.db.collection<Entry>('audit').deleteOne({ _id: entry?._id ?? '' });
    },
  }),
  tampering({
    attack: 'trail-cut-off',
    name: 'Who can write to the database cuts the end of the trail off',
    removes: [never(CHECK, 'head !== null && head.n > last')],
    fault: 'cut-off',
    tamper: async (world, chain) => {
      await world.db.collection<Entry>('audit').deleteOne({ _id: chain.at(-1)?._id ?? '' });
    },
  }),
  tampering({
    attack: 'trail-written-anew',
    name: 'Who can write to the database writes the end of the trail anew, digests and all',
    removes: [never(CHECK, 'entry.n === head?.n && entry.digest !== head.digest')],
    fault: 'head-differs',
    tamper: async (world, chain) => {
      const last = chain.at(-1);
      if (last === undefined) return;
      const changed = { ...last, target: 'somebody-else' };
      await world.db
        .collection<Entry>('audit')
        .replaceOne({ _id: last._id }, { ...changed, digest: digested(changed) });
    },
  }),
  tampering({
    attack: 'trail-head-forged',
    name: 'Who can write to the database cuts the end off, and sets the head back to it',
    removes: [never(CHECK, 'head !== null && !this.#heads.seal.fits(head, head.seal)')],
    fault: 'head-forged',
    tamper: async (world, chain) => {
      const [kept, last] = chain.slice(-2);
      if (kept === undefined || last === undefined) throw new Error('The chain is too short.');
      await world.db.collection<Entry>('audit').deleteOne({ _id: last._id });
      const head = { $set: { n: kept.n, digest: kept.digest } };
      await world.db.collection<{ _id: string }>('audit-heads').updateOne({ _id: kept.writer }, head);
    },
  }),
];
