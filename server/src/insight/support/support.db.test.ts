import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { openSupport } from '@bianmin/purchase/node/support/archive';
import { findingsOf } from '@bianmin/purchase/node/support/findings';
import type { SupportParts } from '@bianmin/purchase/api/support';
import type { Config } from '../../config/config.ts';
import { MongoLeases } from '../../adapters/mongo/leases.ts';
import { expectOthersRefused, serveAdmin, type AdminCalls } from '../../testing/admin-calls.ts';
import { openTestWeb, type TestWeb } from '../../testing/web.ts';
import { MIGRATIONS } from '../../upkeep/migrations/all.ts';
import { MigrationStore } from '../../upkeep/migrations/store.ts';
import { NoteStore } from '../alerts/note-store.ts';
import { neededIn } from './indexes.ts';
import { adminSupportRoutes } from './routes.ts';

const PATH = '/v1/admin/support';
const MINUTE = 60_000;
const SECRETS = {
  TOKEN_SECRET: '5e'.repeat(32),
  ENROL_CODE: 'CODE-NOBODY-HAS',
  ADMIN_PASSWORD: 'correct horse battery',
};

let s: TestWeb;
let clock: ManualClock;
let audited: string[];
let open: AdminCalls[] = [];
beforeAll(async () => {
  s = await openTestWeb();
  // As the gate leaves it, which a test's web does not pass.
  await new MigrationStore(s.t.db).made(MIGRATIONS.length, { by: 'a test', at: new Date() });
});
afterAll(() => s.close());
beforeEach(async () => {
  clock = new ManualClock();
  audited = [];
  for (const name of ['shardleases', 'processnotes']) await s.t.db.collection(name).deleteMany({});
  return async () => {
    await Promise.all(open.map((each) => each.close()));
    open = [];
  };
});

async function served(
  over: { config?: Partial<Config>; redis?: Redis; lines?: readonly string[] } = {},
): Promise<AdminCalls> {
  const { config, redis = s.t.redis, lines = [] } = over;
  const audit = {
    record: ({ action }: { action: string }) => Promise.resolve(void audited.push(action)),
  } as never;
  const deps = { ...{ clock, db: s.t.db, redis }, config: { ...s.config, ...config }, lines: () => lines };
  const calls = await serveAdmin(adminSupportRoutes({ audit, deps }), { log: pino({ level: 'silent' }) });
  open.push(calls);
  return calls;
}

async function archive(over: Parameters<typeof served>[0] = {}): Promise<SupportParts> {
  const { status, bytes } = await (await served(over)).file(PATH);
  expect(status).toBe(200);
  return openSupport(bytes).parts;
}

async function named(over: Parameters<typeof served>[0] = {}): Promise<string[]> {
  return findingsOf(await archive(over))
    .map(({ id, of }) => `${id}: ${of}`)
    .filter((each) => !/^(?:disk|memory)\.|^store\.slow/u.test(each));
}

/** The tests' server has neither a grid nor a public address. */
const ALONE = [
  'line.unreachable: grid connect ECONNREFUSED',
  'line.unreachable: public connect ECONNREFUSED',
];

describe('the archive of a server', () => {
  it('says how stores, indexes and migrations are, and of the rest that it is away', async () => {
    const parts = await archive();
    expect(parts).toMatchObject({
      kind: 'server',
      stores: [
        { name: 'mongodb', fault: null },
        { name: 'redis', fault: null, role: 'master' },
      ],
      work: { migrations: { unfinished: null }, indexesMissing: [], queue: expect.any(Array) as unknown },
    });
    expect((await named()).filter((each) => !ALONE.includes(each) && !each.includes('wechat'))).toEqual([]);
  });

  it('names the grid that refuses, and leases that no worker holds', async () => {
    const leases = new MongoLeases<number>(s.t.db, 'ShardLease');
    const now = new Date(clock.now());
    await leases.take(3, { holder: 'a worker', now, until: new Date(clock.now() + MINUTE) });
    expect((await named()).filter((each) => each.startsWith('lease'))).toEqual([]);
    clock.jump(11 * MINUTE);
    const found = await named();
    expect(found).toContain('lease.stale: orders 600 s');
    expect(found).toContain('line.unreachable: grid connect ECONNREFUSED');
  });

  it('names a worker that fell silent, and a Redis that is away', async () => {
    await new NoteStore(s.t.db).keep({ _id: 'w', kind: 'worker', at: new Date(clock.now()), faults: [] });
    clock.jump(5 * MINUTE);
    const away = new Redis('redis://127.0.0.1:1', {
      ...{ retryStrategy: () => null, maxRetriesPerRequest: 0, enableOfflineQueue: false },
    });
    away.on('error', () => undefined);
    const found = await named({ redis: away });
    away.disconnect();
    expect(found).toContain('process.silent: worker 300 s');
    expect(found.some((each) => each.startsWith('store.away: redis'))).toBe(true);
  });

  it('names an index that is missing', async ({ skip }) => {
    const terminals = s.t.db.collection('terminals');
    await terminals.dropIndexes();
    skip((await terminals.indexes()).length > 1, 'this engine keeps its indexes');
    const found = await named();
    expect(found.some((each) => each.startsWith('index.missing: terminals'))).toBe(true);
  });

  it('holds no secret of the configuration, and none that the log said', async () => {
    const said = {
      message: `opened with ${SECRETS.ADMIN_PASSWORD} by 古丽娜尔, 13899887766`,
      'bianmin.pin': '918273',
    };
    const text = JSON.stringify(await archive({ config: SECRETS, lines: [JSON.stringify(said)] }));
    expect(text).toContain('opened with');
    for (const secret of [...Object.values(SECRETS), '古丽娜尔', '13899887766', '918273']) {
      expect(text).not.toContain(secret);
    }
  });

  it('is a file with a name and an ETag, for its permission alone, and stands in the trail', async () => {
    const calls = await served();
    const { name, type } = await calls.file(PATH);
    expect([name, type]).toEqual([
      expect.stringMatching(/^attachment; filename="support-server-\d{14}\.zip"$/u),
      'application/zip',
    ]);
    expect(audited).toEqual(['support.fetch']);
    await expectOthersRefused(calls, adminSupportRoutes({} as never), (path) => path);
    const scoped = await calls.call('get', PATH, { as: 'carl|audit:read|650100' });
    expect(scoped.body['code']).toBe('auth.out-of-scope');
  });
});

describe('the list of indexes', () => {
  it('is read as it is written', () => {
    const list = 'alerts\n  key, -openedAt\n    key= sort -openedAt limit\n  until (TTL 1 days)\n\nmarks\n';
    expect([...neededIn(list)]).toEqual([['alerts', ['key, -openedAt', 'until']]]);
  });
});
