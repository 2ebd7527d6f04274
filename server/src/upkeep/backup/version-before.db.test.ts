import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { orderView } from '@bianmin/purchase/api/order';
import { UserStore } from '../../access/store/users.ts';
import { TerminalStore } from '../../fleet/store/terminals.ts';
import { NumberSeal } from '../../kernel/sealed-number.ts';
import { BudgetStore } from '../../money/discount/budget-store.ts';
import { LedgerStore } from '../../money/ledger/ledger-store.ts';
import { postingsOf } from '../../money/ledger/order-postings.ts';
import type { Posting } from '../../money/ledger/posting.ts';
import type { Order } from '../../orders/model/order.ts';
import { viewOf } from '../../orders/desk/view.ts';
import { MongoOrderStore } from '../../orders/store/mongo-orders.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { dataKeysOf } from '../../config/data-keys.ts';
import { createAudit } from '../../wiring/audit.ts';
import { MIGRATIONS } from '../migrations/all.ts';
import { passGate } from '../migrations/gate.ts';
import { Migrator } from '../migrations/migrator.ts';
import type { BackupManifest } from './manifest.ts';
import { restoreBackup } from './restore.ts';

/**
 * A backup as the version before 0004-holds-of-their-own made it: its own `npm run backup`, of its own stack with the sandboxes,
 * after purchases at its kiosk and on its phone pages. Its keys are a test's, its households made up; the name of the machine
 * that made the database was overwritten.
 */
const MADE_BEFORE = join(import.meta.dirname, 'version-3.zip');
const DATA_KEY = '07'.repeat(32);
const RULE = '7dfd64b6-d46b-4644-90db-60fa5f2336a1';
/** Order numbers, by what became of them. */
const NUMBERS = {
  done: '261130132903226410',
  /** 10 of 28 yuan, on the word of two. */
  'given back in part': '261130132910663457',
  refunded: '261130132921017056',
  'paid and not written': '261130132931419131',
  'not paid': '261130132944431791',
} as const;

const clock = new ManualClock();
let t: TestContext;
let folder: string;
let manifest: BackupManifest;
let orders: MongoOrderStore;
beforeAll(async () => {
  t = await openTestContext();
  folder = await mkdtemp(join(tmpdir(), 'bianmin-backup-'));
  for (const [name, bytes] of Object.entries(unzipSync(await readFile(MADE_BEFORE))))
    await writeFile(join(folder, name), bytes);
  manifest = await restoreBackup({ db: t.db, folder });
  await expect(passGate({ db: t.db, clock, mode: 'check' })).rejects.toMatchObject({
    code: 'migration.behind',
    context: { version: 3, needed: MIGRATIONS.length },
  });
  await new Migrator({ db: t.db, clock, migrations: MIGRATIONS, by: 'a test' }).run('up');
  await passGate({ db: t.db, clock, mode: 'check' });
  const seal = new NumberSeal(Buffer.from(DATA_KEY, 'hex'));
  orders = new MongoOrderStore({ db: t.db, seal, wrote: () => undefined });
  await orders.prepare();
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await t.close();
});

async function orderOf(no: string): Promise<Order> {
  const order = await orders.get(no);
  if (order === null) throw new Error(`There is no order ${no}.`);
  return order;
}

describe('what the version before stored', () => {
  it.each([
    ['done', 'done', '650100001016', 0],
    ['given back in part', 'done', '650100001017', 1000],
    ['refunded', 'refunded', '650100001018', 3800],
    ['paid and not written', 'sold', '650100001019', 0],
    ['not paid', 'paying', '650100001020', 0],
  ] as const)('has an order that is %s, whole', async (what, state, customerNo, backFen) => {
    const order = await orderOf(NUMBERS[what]);
    expect(order).toMatchObject({ state, customerNo, discountFen: 200 });
    expect(order.refunds.reduce((sum, { fen }) => sum + fen, 0)).toBe(backFen);
    const view = viewOf(order, { codeOf: () => 'a code' });
    expect(orderView.parse(view)).toEqual(view);
    // It can go on.
    expect(await orders.replace(order, { ...order, version: order.version + 1 })).toBe('moved');
  });

  it('has a ledger that comes to what it came to, and is what today’s rules make of the orders', async () => {
    const ledger = new LedgerStore(t.db);
    const sums = [...(await ledger.turnover())].map(([account, fen]) => ({ account, fen }));
    expect(sums.sort((a, b) => (a.account < b.account ? -1 : 1))).toEqual(manifest.balance);
    expect(sums.reduce((sum, { fen }) => sum + fen, 0)).toBe(0);
    const stored: Posting[] = [];
    for await (const posting of ledger.read({})) stored.push(posting);
    const made = [];
    for (const no of Object.values(NUMBERS)) made.push(...postingsOf(await orderOf(no)));
    expect(made).toHaveLength(stored.length);
    expect(await ledger.add(made)).toBe(0);
  });

  it('has an audit trail without a break, of which every end is sealed', async () => {
    const { auditCheck } = await createAudit({
      db: t.db,
      clock,
      config: { DATA_KEYS: dataKeysOf({ DATA_KEY }) },
    });
    expect(await auditCheck.run()).toEqual({ entries: 17, chains: 1, faults: [], more: 0, unsealed: [] });
  });

  it('has what is held of a discount, which is taken over once', async () => {
    const budgets = new BudgetStore(t.db, clock);
    await budgets.prepare();
    await budgets.takeOver();
    await budgets.takeOver();
    expect(await budgets.get(RULE)).toMatchObject({ leftFen: 9200, heldFen: 400, spentFen: 400 });
    expect(await budgets.holdsOf(NUMBERS['not paid'], RULE)).toMatchObject([{ fen: 200 }]);
  });

  it('has its staff and its terminals', async () => {
    const users = new UserStore(t.db, Buffer.from(DATA_KEY, 'hex'));
    expect(await users.byName('admin')).toMatchObject({ status: 'active', roles: ['administrator'] });
    expect(await users.countOf('active')).toBe(2);
    const { terminalId } = await orderOf(NUMBERS.done);
    expect(await new TerminalStore(t.db).get(terminalId)).toMatchObject({
      kind: 'kiosk',
      status: 'accepted',
    });
  });
});
