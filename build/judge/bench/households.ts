import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from 'mongoose';
import { pino } from 'pino';
import { systemClock } from '@bianmin/card/node/system-clock';
import { HOUSEHOLD_PART_BYTES } from '@bianmin/purchase/api/household-file';
import { Approvals } from '../../../server/src/access/approvals.ts';
import { ApprovalClaimStore } from '../../../server/src/access/store/approval-claims.ts';
import { ApprovalStore } from '../../../server/src/access/store/approvals.ts';
import { OrgStore } from '../../../server/src/access/store/orgs.ts';
import { FIRST_ORGS } from '../../../server/src/access/xinjiang.ts';
import { connectDatabase } from '../../../server/src/adapters/mongo/connection.ts';
import { MongoLeases } from '../../../server/src/adapters/mongo/leases.ts';
import type { AdminPrincipal } from '../../../server/src/kernel/principal.ts';
import { WHOLE_PROVINCE } from '../../../server/src/kernel/scope.ts';
import { householdKey } from '../../../server/src/money/discount/desk.ts';
import { HouseholdFileCarrier } from '../../../server/src/money/discount/import/carrier.ts';
import { HouseholdFileStore } from '../../../server/src/money/discount/import/file-store.ts';
import { HouseholdFiles } from '../../../server/src/money/discount/import/household-files.ts';
import { PartCarrier } from '../../../server/src/money/discount/import/part-carrier.ts';
import { RuleScope } from '../../../server/src/money/discount/rule-scope.ts';
import { DiscountRuleStore } from '../../../server/src/money/discount/rule-store.ts';
import { openDatabase } from '../../kit/db/open.ts';
import { namedUri } from '../../kit/db/given.ts';
import type { BenchContext, BenchResult } from './bench.ts';

/** Those of the province. */
const HOUSEHOLDS = 2_820_000;
const GOAL_PER_SECOND = 5_000;
const TAGS = ['', 'elderly', 'low-income', 'elderly low-income'];

/** A file of households, received in parts as the console sends them, carried out, and the same once more, when all are known. */
export async function benchHouseholds({ report, orders }: BenchContext): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'bianmin-households-'));
  const init = { dir: folder, durable: true, progress: report, given: 'own-name' } as const;
  const database = await openDatabase(init);
  try {
    const db = await connectDatabase(namedUri(database.uri, 'bianmin'));
    try {
      const households = orders ?? HOUSEHOLDS;
      const rows: { name: string; perSecond: number }[] = [];
      const measured = async (name: string, work: () => Promise<unknown>): Promise<void> => {
        const began = performance.now();
        await work();
        const perSecond = Math.round((households * 1000) / (performance.now() - began));
        report(`${name}: ${perSecond} households a second`);
        rows.push({ name, perSecond });
      };
      const { files, store, carrier } = await open(db);
      const file = fileOf(households);
      for (const name of ['', 'Again']) {
        let id = '';
        await measured(`received${name}`, async () => {
          id = await sent(files, file);
        });
        await store.allow(id, 'bench', new Date(systemClock.now()));
        await measured(`carried${name}`, () => carrier.round());
      }
      const known = await db.collection('households').countDocuments({});
      return {
        rows: rows.map((row) => ({ bench: 'households', ...row, households, goal: GOAL_PER_SECOND })),
        engine: database.engine,
        faults: known === households ? [] : [`${known} households are known of ${households}`],
        missed: rows
          .filter(({ perSecond }) => perSecond < GOAL_PER_SECOND)
          .map(
            ({ name, perSecond }) => `${name} did ${perSecond} a second, and ${GOAL_PER_SECOND} is the goal`,
          ),
      };
    } finally {
      if (database.engine === 'given') await db.dropDatabase();
      await db.close();
    }
  } finally {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const MAKER: AdminPrincipal = {
  ...{ kind: 'admin', userId: 'bench', name: 'bench', permissions: new Set(['discount:manage']) },
  scope: WHOLE_PROVINCE,
  session: {
    ...{ id: '', kind: 'bearer', next: 'ready', fresh: true, freshFactors: true, csrf: null, idle: null },
    expiresAt: new Date('2099-01-01'),
  },
};

/** As web and worker have them. */
async function open(db: Connection) {
  const orgs = new OrgStore(db);
  await orgs.prepare(FIRST_ORGS);
  const rules = new DiscountRuleStore(db, orgs);
  const store = new HouseholdFileStore(db, Buffer.alloc(32, 1));
  await Promise.all([rules.prepare(), store.prepare()]);
  const key = householdKey(Buffer.alloc(32, 1));
  const approvals = new ApprovalStore(db);
  const files = new HouseholdFiles({
    ...{ files: store, orgs, scope: new RuleScope(orgs), key, grid: 'bench', clock: systemClock },
    approvals: new Approvals({
      store: approvals,
      claims: new ApprovalClaimStore(db),
      audit: { record: () => Promise.resolve() },
      clock: systemClock,
    }),
  });
  const carrier = new HouseholdFileCarrier({
    ...{ files: store, parts: new PartCarrier({ rules, key }), approvals },
    ...{
      leases: new MongoLeases<string>(db, 'JobLease'),
      clock: systemClock,
      log: pino({ level: 'silent' }),
    },
  });
  return { files, store, carrier };
}

interface WholeFile {
  readonly parts: readonly Buffer[];
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

/** Gives the file's id. */
async function sent(files: HouseholdFiles, { parts, bytes, sha256 }: WholeFile): Promise<string> {
  const { _id } = await files.begin({ bytes, sha256 }, MAKER);
  let offset = 0;
  for (const part of parts) ({ offset } = await files.append(_id, { offset, bytes: part }, MAKER));
  return _id;
}

/** In parts as the console cuts it. Names of organisations make its lines as long as they are. */
function fileOf(households: number): WholeFile {
  const places = FIRST_ORGS.slice(1).map(({ names }) => names['zh-CN']);
  const parts: Buffer[] = [];
  let lines = [Buffer.from('户号,组织,标签\n')];
  let length = lines[0]?.length ?? 0;
  for (let n = 0; n < households; n += 1) {
    const place = places[n % places.length] ?? '';
    const line = Buffer.from(`65${String(n).padStart(10, '0')},${place},${TAGS[n % TAGS.length] ?? ''}\n`);
    if (length + line.length > HOUSEHOLD_PART_BYTES) {
      parts.push(Buffer.concat(lines));
      [lines, length] = [[], 0];
    }
    lines.push(line);
    length += line.length;
  }
  parts.push(Buffer.concat(lines));
  const sha256 = createHash('sha256');
  for (const part of parts) sha256.update(part);
  const bytes = parts.reduce((sum, part) => sum + part.length, 0);
  return { parts, bytes, sha256: sha256.digest('hex') };
}
