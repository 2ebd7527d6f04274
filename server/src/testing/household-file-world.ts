import type { Connection } from 'mongoose';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { AdminPrincipal } from '../access/sessions.ts';
import type { Approval } from '../access/store/approvals.ts';
import { OrgStore } from '../access/store/orgs.ts';
import { MongoLeases } from '../adapters/mongo/leases.ts';
import { WHOLE_PROVINCE } from '../kernel/scope.ts';
import { householdKey, type HouseholdKey } from '../money/discount/desk.ts';
import { HouseholdFileCarrier } from '../money/discount/import/carrier.ts';
import type { HouseholdFile } from '../money/discount/import/file.ts';
import { HouseholdFileStore } from '../money/discount/import/file-store.ts';
import { HouseholdFiles } from '../money/discount/import/household-files.ts';
import { PartCarrier } from '../money/discount/import/part-carrier.ts';
import { RuleScope } from '../money/discount/rule-scope.ts';
import { DiscountRuleStore } from '../money/discount/rule-store.ts';
import { DiscountRules } from '../money/discount/rules.ts';
import { openAccess, type TestAccess } from './access.ts';
import type { TestContext } from './context.ts';
import { partsOf, sha256Of } from './household-file-text.ts';
import { keptLog, type LogLine } from './log-lines.ts';
import { MemoryBudgets } from './memory-discounts.ts';
import { NORTH, SOUTH, URUMQI, KASHGAR } from './memory-orgs.ts';
import { ANNA, BORIS, HERE } from './staff-world.ts';
import type { BudgetStore } from '../money/discount/budget-store.ts';

/** A file that somebody begins to send. */
export function sampleFile(over: Partial<HouseholdFile> = {}): HouseholdFile {
  return {
    ...{ _id: '00000000-0000-4000-8000-000000000007', status: 'receiving', scope: WHOLE_PROVINCE },
    ...{
      maker: { id: 'somebody', name: 'somebody' },
      orgPath: ['province'],
      bytes: 100,
      sha256: '0'.repeat(64),
    },
    ...{
      createdAt: new Date(0),
      expiresAt: new Date('2099-01-01T00:00:00Z'),
      offset: 0,
      lines: 0,
      taken: [],
    },
    ...{ rows: 0, repeated: 0, wrong: 0, troubles: [], communities: {}, tags: {}, carried: 0 },
    outcome: { applied: 0, newer: 0, elsewhere: 0 },
    ...over,
  };
}

export const GRID = 'g';
/** What the state of a digest is sealed with. */
export const FILE_KEYS = Buffer.alloc(32, 3);

interface Parts {
  readonly db: Connection;
  readonly access: TestAccess;
  readonly clock: ManualClock;
  readonly key: HouseholdKey;
}

/** Households by files and by the form, on a database of their own, with two communities of two prefectures. */
export class HouseholdFileWorld {
  readonly db: Connection;
  readonly access: TestAccess;
  readonly clock: ManualClock;
  readonly key: HouseholdKey;
  readonly store: HouseholdFileStore;
  readonly households: DiscountRuleStore;
  readonly files: HouseholdFiles;
  readonly rules: DiscountRules;
  readonly lines: readonly LogLine[];
  readonly #orgs: OrgStore;
  readonly #log = keptLog();

  private constructor({ db, access, clock, key }: Parts) {
    [this.db, this.access, this.clock, this.key] = [db, access, clock, key];
    this.lines = this.#log.lines;
    this.#orgs = new OrgStore(db);
    this.store = new HouseholdFileStore(db, FILE_KEYS);
    this.households = new DiscountRuleStore(db, this.#orgs);
    const { approvals } = access;
    const shared = { approvals, scope: new RuleScope(this.#orgs), key, grid: GRID, clock };
    this.files = new HouseholdFiles({ ...shared, files: this.store, orgs: this.#orgs });
    this.rules = new DiscountRules({
      ...{ ...shared, rules: this.households, budgets: new MemoryBudgets() as unknown as BudgetStore },
    });
  }

  static async open(
    t: TestContext,
    key: HouseholdKey = householdKey(Buffer.alloc(32, 1)),
  ): Promise<HouseholdFileWorld> {
    const db = t.another();
    const clock = new ManualClock();
    const access = await openAccess({ ...t, db }, clock);
    const world = new HouseholdFileWorld({ db, access, clock, key });
    await Promise.all([world.store.prepare(), world.households.prepare()]);
    for (const [_id, parent, name] of [
      [NORTH, URUMQI, '北社区'],
      [SOUTH, KASHGAR, '南社区'],
    ] as const) {
      const names = { 'zh-CN': name, en: _id };
      const path = ['province', parent, _id];
      await access.stores.orgs.insert({ ...{ _id, kind: 'community', names, parent, path }, version: 1 });
    }
    return world;
  }

  /** A worker; `of`: what it does otherwise. */
  carrier(
    of: { files?: HouseholdFileStore; households?: DiscountRuleStore; key?: HouseholdKey } = {},
  ): HouseholdFileCarrier {
    const { files = this.store, households: rules = this.households, key = this.key } = of;
    return new HouseholdFileCarrier({
      ...{ files, parts: new PartCarrier({ rules, key }), approvals: this.access.stores.approvals },
      ...{ leases: new MongoLeases<string>(this.db, 'JobLease'), clock: this.clock, log: this.#log.log },
    });
  }

  /** Sent to its end; gives how it stands then. */
  async sent(file: Uint8Array, { maker = ANNA, most = 256 * 1024 } = {}): Promise<HouseholdFile> {
    let at = await this.files.begin({ bytes: file.length, sha256: sha256Of(file) }, maker);
    for (const bytes of partsOf(file.subarray(at.offset), most)) {
      at = await this.files.append(at._id, { offset: at.offset, bytes }, maker);
    }
    return at;
  }

  /** The same, and a second person asked for it. */
  async asked(file: Uint8Array, of: { maker?: AdminPrincipal; most?: number } = {}): Promise<Approval> {
    const { _id } = await this.sent(file, of);
    return this.files.finish(_id, 'The list of May.', of.maker ?? ANNA, HERE);
  }

  /** Of a file that was sent. */
  async allowedFile(id: string): Promise<Approval> {
    return this.decided(await this.files.finish(id, 'The list of May.', ANNA, HERE));
  }

  /** A second person decides, a moment later. */
  async decided({ _id }: Pick<Approval, '_id'>, accept = true): Promise<Approval> {
    this.clock.jump(1_000);
    return this.access.approvals.decide({ id: _id, checker: BORIS, accept, where: HERE });
  }

  /** The same, allowed. */
  async allowed(file: Uint8Array, of: { maker?: AdminPrincipal; most?: number } = {}): Promise<Approval> {
    return this.decided(await this.asked(file, of));
  }

  /** By the form, allowed. */
  async entered(customerNo: string, community: string, tags: string[]): Promise<void> {
    const request = { households: [{ customerNo, community, tags }], reason: 'By hand.' };
    await this.decided(await this.rules.requestHouseholds(request, ANNA, HERE));
  }

  /** Rounds until there is nothing to do. */
  async carry(carrier = this.carrier()): Promise<void> {
    while ((await carrier.round()) > 0);
    await carrier.stop();
  }

  /** What is known of it: its organisation and tags. */
  async known(customerNo: string): Promise<string | undefined> {
    const found = await this.households.household(this.key(GRID, customerNo));
    return found === null ? undefined : [found.community, ...found.tags].join(' ');
  }

  /** The file that was sent last. */
  async newest(): Promise<HouseholdFile | undefined> {
    return (await this.files.list(WHOLE_PROVINCE))[0];
  }

  /** Everything that is kept, as text. */
  async dump(): Promise<string> {
    const names = (await this.db.listCollections()).map(({ name }) => name);
    const all = await Promise.all(names.map((name) => this.db.collection(name).find({}).toArray()));
    return JSON.stringify(all);
  }
}
