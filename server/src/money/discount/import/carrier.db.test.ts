import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KeyRing } from '../../../kernel/key-ring.ts';
import { scopeOf } from '../../../kernel/scope.ts';
import { openTestContext, type TestContext } from '../../../testing/context.ts';
import { Killed } from '../../../testing/crashing-store.ts';
import { fileOf } from '../../../testing/household-file-text.ts';
import { FILE_KEYS, GRID, HouseholdFileWorld } from '../../../testing/household-file-world.ts';
import { NORTH, SOUTH, URUMQI } from '../../../testing/memory-orgs.ts';
import { staffMember } from '../../../testing/staff-members.ts';
import { OrgStore } from '../../../access/store/orgs.ts';
import { householdKey } from '../desk.ts';
import { DiscountRuleStore } from '../rule-store.ts';
import { HouseholdFileStore } from './file-store.ts';
import { KEEP_MS } from './fitness.ts';

let t: TestContext;
let w: HouseholdFileWorld;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  w = await HouseholdFileWorld.open(t);
});

const ofUrumqi = staffMember('uma', undefined, scopeOf(URUMQI));
const linesOf = (n: number, rest: string) => Array.from({ length: n }, (_, each) => `${100 + each},${rest}`);
const partsLeft = () => w.db.collection('householdfileparts').countDocuments({});
const allKnown = async () =>
  (await w.db.collection('households').find({}).toArray()).map(
    (each) => `${each['community'] as string} ${String(each['tags'])}`,
  );

describe('a file that was allowed', () => {
  it('is carried out whole, in place of what was known, and its parts are gone', async () => {
    await w.entered('100', SOUTH, ['veteran']);
    const { status } = await w.allowed(fileOf(linesOf(30, `${NORTH},elderly`)), { most: 100 });
    expect([status, await w.known('100')]).toEqual(['done', `${SOUTH} veteran`]);
    expect(await w.newest()).toMatchObject({ status: 'allowed', carried: 0 });
    await w.carry();
    expect(new Set(await allKnown())).toEqual(new Set([`${NORTH} elderly`]));
    expect(await w.newest()).toMatchObject({
      ...{
        status: 'done',
        outcome: { applied: 30, newer: 0, elsewhere: 0 },
        endedAt: new Date(w.clock.now()),
      },
    });
    expect(await partsLeft()).toBe(0);
    expect(await w.carrier().round()).toBe(0);
  });

  it('counts the later of two lines about one household, also in two parts', async () => {
    await w.allowed(fileOf([`100,${NORTH},a`, ...linesOf(9, `${NORTH},x`).slice(1), `100,${SOUTH},b`]), {
      most: 60,
    });
    await w.carry();
    expect(await w.known('100')).toBe(`${SOUTH} b`);
  });

  it('is not begun before it was allowed, and never once refused', async () => {
    const asked = await w.asked(fileOf(linesOf(2, `${NORTH},`)));
    await w.carry();
    expect([await allKnown(), await partsLeft()]).toEqual([[], 1]);
    await w.decided(asked, false);
    await w.carry();
    expect([await allKnown(), await partsLeft()]).toEqual([[], 0]);
    expect(await w.newest()).toMatchObject({ status: 'refused' });
  });

  it('cannot be allowed after it was left for too long, or when an organisation of it is gone', async () => {
    const left = await w.asked(fileOf(linesOf(1, `${NORTH},`)));
    w.clock.jump(KEEP_MS - 86_400_000);
    expect(await w.decided(left)).toMatchObject({ status: 'failed', failure: 'discount.file-unfit' });
    const gone = await w.asked(fileOf(linesOf(2, `${NORTH},`)));
    await w.access.stores.orgs.remove(NORTH, 1);
    expect(await w.decided(gone)).toMatchObject({ status: 'failed', failure: 'request.malformed' });
    await w.carry();
    expect([await allKnown(), await partsLeft()]).toEqual([[], 0]);
  });

  it('ends as failed where its parts are gone', async () => {
    await w.allowed(fileOf(linesOf(2, `${NORTH},`)));
    await w.db.collection('householdfileparts').deleteMany({});
    await w.carry();
    expect(await w.newest()).toMatchObject({ status: 'failed', failure: 'parts-gone' });
  });
});

describe('what is newer', () => {
  it('stays, whether by the form or by a file, when an earlier file goes on after it', async () => {
    await w.allowed(fileOf(linesOf(4, `${NORTH},first`)), { most: 40 });
    // The worker was away meanwhile.
    await w.entered('101', SOUTH, ['form']);
    await w.allowed(fileOf([`102,${SOUTH},second`]));
    await w.carry();
    expect(await Promise.all(['100', '101', '102', '103'].map((no) => w.known(no)))).toEqual([
      ...[`${NORTH} first`, `${SOUTH} form`, `${SOUTH} second`, `${NORTH} first`],
    ]);
    const [second, first] = await w.store.list(scopeOf(undefined), 2);
    expect([first?.outcome, second?.outcome]).toEqual([
      { applied: 3, newer: 1, elsewhere: 0 },
      { applied: 1, newer: 0, elsewhere: 0 },
    ]);
  });

  it('stays also of the form, whose approval is carried out late', async () => {
    const asked = await w.rules.requestHouseholds(
      { households: [{ customerNo: '100', community: SOUTH, tags: ['form'] }], reason: 'By hand.' },
      ...([staffMember('anna'), { ip: '', traceId: '' }] as const),
    );
    const set = w.households.setHousehold.bind(w.households);
    w.households.setHousehold = () => Promise.reject(new Error('The process dies.'));
    await expect(w.decided(asked)).rejects.toThrow('dies');
    w.households.setHousehold = set;
    await w.allowed(fileOf([`100,${NORTH},file`]));
    await w.carry();
    w.clock.jump(60_000);
    expect(await w.access.approvals.resume(() => undefined)).toBe(1);
    expect(await w.known('100')).toBe(`${NORTH} file`);
  });

  it('is not what somebody made at the same moment and allowed earlier', async () => {
    const [early, late] = [new Date(1_000), new Date(2_000)];
    await w.households.setHousehold({ _id: 'k', community: NORTH, tags: [], since: late });
    const both = [
      { _id: 'k', community: SOUTH, tags: [], since: early },
      { _id: 'l', community: SOUTH, tags: [], since: early },
    ];
    expect(await w.households.setHouseholds(both)).toBe(1);
    expect(
      (await w.households.householdsAmong(['k', 'l'])).map(({ community }) => community).toSorted(),
    ).toEqual([NORTH, SOUTH]);
    expect(await w.households.setHouseholds(both.map((each) => ({ ...each, since: late })))).toBe(0);
  });
});

describe('a file of people of one organisation', () => {
  it('leaves households that others have, and says how many', async () => {
    await w.entered('100', SOUTH, ['theirs']);
    await w.entered('101', URUMQI, ['ours']);
    await w.allowed(fileOf(linesOf(3, `${NORTH},elderly`)), { maker: ofUrumqi });
    await w.carry();
    expect(await Promise.all(['100', '101', '102'].map((no) => w.known(no)))).toEqual([
      ...[`${SOUTH} theirs`, `${NORTH} elderly`, `${NORTH} elderly`],
    ]);
    expect((await w.newest())?.outcome).toEqual({ applied: 2, newer: 0, elsewhere: 1 });
  });
});

describe('a worker that is killed', () => {
  const STEPS = [
    ...['firstAllowed', 'part', 'carried', 'end', 'dropParts', 'householdsAmong', 'setHouseholds'],
  ] as const;
  type Step = (typeof STEPS)[number];

  /** `of` whose method of that name kills the process at its call of this number, before or after it has done its work. */
  function killing<T extends object>(of: T, step: Step, at: { call: number; after: boolean }): T {
    const own = Reflect.get(of, step) as ((...args: unknown[]) => Promise<unknown>) | undefined;
    if (own === undefined) return of;
    let calls = 0;
    const dies = async (...args: unknown[]): Promise<unknown> => {
      calls += 1;
      if (calls !== at.call) return own.apply(of, args);
      if (at.after) await own.apply(of, args);
      throw new Killed(step);
    };
    return Object.assign(of, { [step]: dies });
  }

  it.each(
    STEPS.flatMap((step) =>
      [1, 2].flatMap((call) => [false, true].map((after) => [step, call, after] as const)),
    ),
  )(
    'in %s, call %i (after it: %s), is followed by one that comes to the same end',
    async (step, call, after) => {
      await w.entered('100', SOUTH, ['theirs']);
      await w.allowed(fileOf([...linesOf(6, `${NORTH},a`), `103,${URUMQI},b`]), {
        maker: ofUrumqi,
        most: 60,
      });
      await w.entered('104', NORTH, ['form']);
      const killed = { call, after };
      const files = killing(new HouseholdFileStore(w.db, FILE_KEYS), step, killed);
      const households = killing(new DiscountRuleStore(w.db, new OrgStore(w.db)), step, killed);
      await w
        .carrier({ files, households })
        .round()
        .catch((error: unknown) => {
          if (!(error instanceof Killed)) throw error;
        });
      // Its lease is over.
      w.clock.jump(61_000);
      await w.carry();
      expect(await Promise.all(['100', '101', '103', '104', '105'].map((no) => w.known(no)))).toEqual([
        ...[`${SOUTH} theirs`, `${NORTH} a`, `${URUMQI} b`, `${NORTH} form`, `${NORTH} a`],
      ]);
      expect(await w.newest()).toMatchObject({
        status: 'done',
        outcome: { applied: 5, newer: 1, elsewhere: 1 },
      });
      expect(await partsLeft()).toBe(0);
    },
  );
});

describe('two workers', () => {
  it('carry one file once, and one that stops is followed by the other', async () => {
    await w.allowed(fileOf(linesOf(20, `${NORTH},a`)), { most: 60 });
    const [one, other] = [w.carrier(), w.carrier()];
    expect((await Promise.all([one.round(), other.round()])).toSorted()).toEqual([0, 1]);
    expect(await w.newest()).toMatchObject({ status: 'done', outcome: { applied: 20 } });
    await w.allowed(fileOf(linesOf(20, `${NORTH},b`)), { most: 60 });
    await one.stop();
    expect([await one.round(), await other.round()]).toEqual([0, 1]);
  });
});

describe('the key of households', () => {
  const ONE: [number, Buffer] = [1, Buffer.alloc(32, 1)];
  const TWO: [number, Buffer] = [2, Buffer.alloc(32, 2)];
  const ring = (sealing: number, ...secrets: [number, Buffer][]) => {
    const keys = new KeyRing(new Map(secrets));
    keys.sealWith(sealing);
    return keys;
  };

  it('that was changed before a file was carried names its households anew, once each', async () => {
    const both = await HouseholdFileWorld.open(t, householdKey(ring(1, ONE, TWO)));
    await both.entered('100', SOUTH, ['old']);
    await both.allowed(fileOf(linesOf(2, `${NORTH},a`)));
    const now = householdKey(ring(2, ONE, TWO));
    await both.carry(both.carrier({ key: now }));
    const names = (await both.db.collection<{ _id: string }>('households').find({}).toArray()).map(
      ({ _id }) => _id,
    );
    expect(names.toSorted()).toEqual(['100', '101'].map((no) => now(GRID, no)).toSorted());
    expect((await both.newest())?.outcome).toEqual({ applied: 2, newer: 0, elsewhere: 0 });
  });

  it('that is newer than a file ends it as failed', async () => {
    await w.allowed(fileOf(linesOf(2, `${NORTH},a`)));
    await w.carry(w.carrier({ key: householdKey(ring(2, ONE, TWO)) }));
    expect(await w.newest()).toMatchObject({ status: 'failed', failure: 'key-changed' });
    expect([await allKnown(), await partsLeft()]).toEqual([[], 0]);
  });

  it('leaves what is newer under a former name', async () => {
    const both = await HouseholdFileWorld.open(t, householdKey(ring(2, ONE, TWO)));
    await both.allowed(fileOf(linesOf(2, `${NORTH},a`)));
    const former = householdKey(ring(1, ONE))(GRID, '100');
    const since = new Date(both.clock.now() + 1);
    await both.households.setHousehold({ _id: former, community: SOUTH, tags: ['newer'], since });
    await both.carry();
    expect((await both.newest())?.outcome).toEqual({ applied: 1, newer: 1, elsewhere: 0 });
    expect(await both.households.household(former)).toMatchObject({ tags: ['newer'] });
  });
});
