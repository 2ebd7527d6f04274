import { WHOLE_PROVINCE, type Scope } from '../../../kernel/scope.ts';
import type { HouseholdKey } from '../desk.ts';
import type { KnownHousehold } from '../rule.ts';
import { othersAmong } from '../rule-scope.ts';
import type { DiscountRuleStore } from '../rule-store.ts';
import type { FilePart, FileRow, HouseholdFile, Outcome } from './file.ts';

/** Households in one trip to the database. */
const BATCH = 1_000;
/** Trips under way at a time: each waits for the journal. */
const AT_ONCE = 4;

/** A household and what else it is called. */
interface Named {
  readonly household: KnownHousehold;
  readonly former: readonly string[];
}

export interface PartCarrierInit {
  readonly rules: Pick<
    DiscountRuleStore,
    'householdsAmong' | 'newerAmong' | 'setHouseholds' | 'dropHouseholds'
  >;
  readonly key: Pick<HouseholdKey, 'isCurrent'>;
}

/** Makes households what a part says of them, as of when its file was allowed. Carried again, it comes to the same. */
export class PartCarrier {
  readonly #init: PartCarrierInit;

  constructor(init: PartCarrierInit) {
    this.#init = init;
  }

  /** What became of them; `key-changed` where households are named by a key that none of the part's names is under. */
  async carry(
    part: FilePart,
    { scope, allowedAt }: Pick<HouseholdFile, 'scope' | 'allowedAt'>,
  ): Promise<Outcome | 'key-changed'> {
    if (allowedAt === undefined) throw new Error('Nobody has allowed this file.');
    const named = part.rows.map((row) => this.#named(row, allowedAt));
    if (named.includes(undefined)) return 'key-changed';
    // Those of which the same is said lie together, so that the database changes them together.
    const all = named.filter((each) => each !== undefined).sort(bySaying);
    const own = without(all, await this.#others(all, scope));
    const set = without(own, await this.#newer(own, allowedAt));
    const refused = await this.#set(set, allowedAt);
    const newer = own.length - set.length + refused;
    return { applied: own.length - newer, newer, elsewhere: all.length - own.length };
  }

  /** By the name of now: the key may have been changed since the part was received. */
  #named({ key, former = [], community, tags }: FileRow, since: Date): Named | undefined {
    const names = [key, ...former];
    const name = names.find((each) => this.#init.key.isCurrent?.(each) ?? true);
    if (name === undefined) return undefined;
    const household = { _id: name, community, tags, since };
    return { household, former: names.filter((each) => each !== name) };
  }

  /** Names of households that only people with a wider scope move. */
  async #others(all: readonly Named[], scope: Scope): Promise<ReadonlySet<string>> {
    if (scope === WHOLE_PROVINCE) return new Set();
    const names = all.flatMap(({ household, former }) => [household._id, ...former]);
    return othersAmong(await this.#init.rules.householdsAmong(names), scope);
  }

  /** Former names of which something newer is known; of the present ones the database says so itself. */
  async #newer(all: readonly Named[], since: Date): Promise<ReadonlySet<string>> {
    const former = all.flatMap((each) => each.former);
    return new Set(former.length === 0 ? [] : await this.#init.rules.newerAmong(former, since));
  }

  /** Gives of how many something newer is known. */
  async #set(all: readonly Named[], since: Date): Promise<number> {
    const { rules } = this.#init;
    let newer = 0;
    for (let at = 0; at < all.length; at += BATCH * AT_ONCE) {
      const refused = await Promise.all(
        batchesOf(all.slice(at, at + BATCH * AT_ONCE)).map((batch) => rules.setHouseholds(batch)),
      );
      newer += refused.reduce((sum, n) => sum + n, 0);
    }
    const former = all.flatMap((each) => each.former);
    if (former.length > 0) await rules.dropHouseholds(former, since);
    return newer;
  }
}

const saysOf = ({ household: { community, tags } }: Named): string => [community, ...tags].join();

function bySaying(one: Named, other: Named): number {
  const [a, b] = [saysOf(one), saysOf(other)];
  return a < b ? -1 : Number(a > b);
}

function without(all: readonly Named[], names: ReadonlySet<string>): readonly Named[] {
  if (names.size === 0) return all;
  return all.filter(({ household, former }) => ![household._id, ...former].some((name) => names.has(name)));
}

function batchesOf(all: readonly Named[]): KnownHousehold[][] {
  const households = all.map(({ household }) => household);
  const batches: KnownHousehold[][] = [];
  for (let at = 0; at < households.length; at += BATCH) batches.push(households.slice(at, at + BATCH));
  return batches;
}
