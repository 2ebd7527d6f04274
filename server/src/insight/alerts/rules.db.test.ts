import { generateKeyPairSync } from 'node:crypto';
import { Queue } from 'bullmq';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ALERT_RULES, type AlertRule } from '@bianmin/shared/api/alert-rules';
import type { ReleaseView } from '@bianmin/shared/api/release';
import { selfSignedCertificate } from '../../../sandbox/wallet/certificate.ts';
import { caseIdOf } from '../../cases/case.ts';
import { MongoCaseStore } from '../../cases/case-store.ts';
import { DayStore } from '../../money/reconcile/day-store.ts';
import type { Order } from '../../orders/model/order.ts';
import { firstOrderNo } from '../../orders/model/order-no.ts';
import { ChannelWatch } from '../../gateways/payment/channel-watch.ts';
import { PaymentError } from '../../gateways/payment/error.ts';
import { ORDER_QUEUE } from '../../adapters/queue/bull-trigger.ts';
import { RolloutStore, type RolloutMove } from '../../fleet/releases/rollout-store.ts';
import { MongoOrderStore } from '../../orders/store/mongo-orders.ts';
import { NumberSeal } from '../../kernel/sealed-number.ts';
import { TerminalHealthStore } from '../../fleet/store/terminal-health.ts';
import { AlertWorld } from '../../testing/alert-world.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { FakeChannel } from '../../testing/fake-channel.ts';
import { sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { BOOK } from './book.ts';
import type { Config } from '../../config/config.ts';
import type { Watch } from './finding.ts';
import { ProcessNotes, probesOf } from './notes.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const KASHI = ['province', '653100', 'c00000000000000a1'];

let t: TestContext;
let world: AlertWorld;
let orders: MongoOrderStore;
let made = 0;

beforeAll(async () => {
  t = await openTestContext();
  orders = new MongoOrderStore({
    db: t.db,
    seal: new NumberSeal(Buffer.alloc(32, 7)),
    wrote: () => undefined,
  });
  await orders.prepare();
});
afterAll(() => t.close());
beforeEach(async () => {
  world = await AlertWorld.open(t);
});
afterEach(() => world.close());

const ago = (ms: number): Date => new Date(world.clock.now() - ms);

/** An order of Kashi, made so long ago. */
async function order(madeMs: number, over: Partial<Order> = {}): Promise<Order> {
  made += 1;
  const at = ago(madeMs);
  const _id = (BigInt(firstOrderNo(at)) + BigInt(made)).toString();
  const stored = sampleOrder({
    ...{ _id, idempotencyKey: `k${made}`, meterNo: `m${made}`, orgPath: KASHI },
    ...{ createdAt: at, updatedAt: at, dueAt: null, ...over },
  });
  await orders.insert(stored);
  return stored;
}
const paid = (ms: number, over: Partial<Order> = {}) =>
  order(ms, {
    state: 'paid',
    payments: [
      samplePayment({ status: 'succeeded', funds: true, paidAt: ago(ms), transactionId: `tx${made}` }),
    ],
    ...over,
  });
const refunded = (ms: number, status: 'approved' | 'abnormal') =>
  order(ms, {
    state: 'refunding',
    refunds: [
      { no: `${made}p1r3`, paymentNo: `${made}p1`, fen: 5000, status, reason: 'not-sold', at: ago(ms) },
    ],
  });

function certificate(days: number): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const until = new Date(world.clock.now() + days * 24 * HOUR + MINUTE);
  return selfSignedCertificate({ serial: '01', commonName: 'agent', privateKey: key, from: ago(0), until });
}

/** What a process of ours finds out of itself, told twice, the second time after so long. */
async function noted(
  afterMs: number,
  of: ConstructorParameters<typeof ProcessNotes>[0]['probes'],
): Promise<void> {
  const notes = new ProcessNotes({
    ...{ kind: 'web', probes: of, store: world.stores.notes, now: () => world.clock.now() },
  });
  await notes.round();
  world.clock.jump(afterMs);
  await notes.round();
}

/** Makes each trouble, with real stores; gives what is looked for in the message besides the rule's title. */
const TROUBLES: Readonly<Partial<Record<AlertRule, () => Promise<string>>>> = {
  'order.paid-not-sold': async () => {
    await paid(6 * MINUTE);
    await paid(9 * MINUTE, { state: 'grid-silent', sale: { status: 'unknown' } });
    await paid(MINUTE);
    return '喀什地区：2 笔订单';
  },
  'order.sold-not-written': async () => {
    await order(40 * MINUTE, { state: 'sold', sale: { status: 'sold', sentAt: ago(35 * MINUTE) } });
    await order(10 * MINUTE, { state: 'sold', sale: { status: 'sold', sentAt: ago(9 * MINUTE) } });
    return '1 笔订单';
  },
  'order.card-went-home': async () => {
    await order(30 * HOUR, { state: 'sold', sale: { status: 'sold', sentAt: ago(30 * HOUR) } });
    return '1 户的卡带走';
  },
  'order.write-unfinished': async () => {
    const write = { status: 'released', lease: 1, terminalId: 'T1', leaseUntil: ago(20 * MINUTE) } as const;
    await order(30 * MINUTE, { state: 'writing', sale: { status: 'sold' }, write });
    await order(30 * MINUTE, {
      state: 'writing',
      sale: { status: 'sold' },
      write: { ...write, leaseUntil: ago(0) },
    });
    return '1 笔订单';
  },
  'order.unknown-too-long': async () => {
    await order(50 * MINUTE, {
      ...{ state: 'grid-silent', dueAt: ago(-MINUTE) },
      sale: { status: 'unknown', firstSentAt: ago(45 * MINUTE), tries: 1 },
    });
    return '1 笔订单的支付、售电';
  },
  'order.attention': async () => {
    await order(5 * HOUR, { state: 'attention', attention: 'sale-mismatch' });
    return '1 笔订单';
  },
  'refund.stuck': async () => {
    await refunded(2 * HOUR, 'approved');
    return '1 笔退费';
  },
  'refund.abnormal': async () => {
    await refunded(MINUTE, 'abnormal');
    return '渠道无法退回';
  },
  'case.waiting': async () => {
    await aCase('claim-contradicted', 25 * HOUR);
    return '1 个差错没有负责人';
  },
  'reconcile.difference': async () => {
    await aCase('CHANNEL_ONLY', HOUR);
    return '1 个对账差异';
  },
  'reconcile.day-late': async () => {
    // 10:00 in China on 15 January: the day before is due at 14:00.
    const days = new DayStore(t.db);
    const at = ago(0);
    await days.take('2026-01-14', at, at);
    await days.giveUp('2026-01-14', { state: 'waiting', why: 'reconcile.not-ready', at, by: 'system' });
    world.clock.jump(4 * HOUR);
    return '2026-01-14 账单没有取到';
  },
  'books.behind': async () => {
    await order(20 * MINUTE, { state: 'closed' });
    return '总账没有跟上';
  },
  'channel.down': async () => {
    const channel = new FakeChannel('alipay', world.clock);
    channel.query = () =>
      Promise.reject(new PaymentError({ code: 'payment.unavailable', message: 'It does not answer.' }));
    const channels = new Map([['alipay' as const, channel]]);
    const watch = new ChannelWatch({ channels });
    for (let n = 0; n < 3; n += 1)
      await watch.channels
        .get('alipay')
        ?.query('1')
        .catch(() => undefined);
    await noted(3 * MINUTE, probesOf({ redis: t.redis, channels }, { watch }));
    return '支付宝 没有应答';
  },
  'channel.failing': async () => {
    for (let n = 0; n < 10; n += 1) {
      const status = n < 6 ? 'unknown' : 'pending';
      await order(2 * MINUTE, { payments: [samplePayment({ status, createdAt: ago(2 * MINUTE) })] });
    }
    return '微信支付 6 笔失败，占 60%';
  },
  'grid.silent': async () => {
    for (let n = 0; n < 6; n += 1) await paid(2 * MINUTE, { sale: { status: 'unknown', tries: 1 } });
    return '6 笔售电无应答，占 100%';
  },
  'certificate.expiring': async () => {
    await restart({ GRID_TLS_CERT: certificate(20) });
    return 'grid GRID_TLS_CERT 01 还有 20 天';
  },
  'queue.jobs-late': async () => {
    const queue = new Queue(ORDER_QUEUE, { connection: { url: t.redisUrl } });
    await queue.add('advance', { orderNo: '1' }, { timestamp: world.clock.now() - 3 * MINUTE });
    await queue.close();
    return '1 个任务没有进程处理';
  },
  'queue.orders-late': async () => {
    await order(HOUR, { dueAt: ago(6 * MINUTE) });
    return '1 笔订单过时未查';
  },
  'queue.exports-late': async () => {
    await t.db.collection('exports').insertOne({ status: 'queued', createdAt: ago(HOUR) });
    return '1 个导出文件';
  },
  'terminals.missing': async () => {
    await heard(6, ago(HOUR));
    await heard(10, ago(0));
    return 'kiosk 1.0.0 ACR39U 653100：6 台失联，占 38%';
  },
  'terminals.fault': async () => {
    await heard(8, ago(0));
    const of = { kind: 'kiosk', version: '1.0.0', reader: 'ACR39U', orgPath: KASHI, code: 'reader.timeout' };
    const hour = world.clock.now() - (world.clock.now() % HOUR);
    await t.redis.hset(`fleet:faults:${hour}`, JSON.stringify(of), 24);
    return 'reader.timeout：24 小时内 24 次，共 8 台';
  },
  'release.faulty': async () => {
    const watch = new ChannelWatch({ channels: new Map() });
    const list = () => Promise.resolve([{ id: 'box@1.2.0', state: 'ready' } as ReleaseView]);
    const releases = { list, servable: () => Promise.resolve(undefined) };
    await noted(6 * MINUTE, probesOf({ redis: t.redis, channels: new Map() }, { watch, releases }));
    return 'box@1.2.0 的文件缺失';
  },
  'rollout.halted': async () => {
    const rollouts = new RolloutStore(t.db);
    const halted = (releaseId: string, move: Partial<RolloutMove>, ms = MINUTE): Promise<unknown> =>
      rollouts.insert({
        ...{ _id: `${releaseId} ${ms}`, releaseId, kind: 'kiosk-linux', release: '1.4.0', org: '653100' },
        ...{ orgPath: KASHI.slice(0, 2), terminals: [], stages: [], errorPermille: 50, leastBad: 3 },
        ...{ faultFactor: 3, onErrors: 'stop', state: 'stopped', stage: 1, forgiven: 0, ready: false },
        ...{ version: 3, by: 'anna', at: ago(HOUR) },
        moves: [{ at: ago(ms), state: 'stopped', stage: 1, cause: 'errors', by: null, reason: '', ...move }],
      });
    await halted('kiosk-linux@1.4.0', {});
    // By a person, and so long ago that everybody knows.
    await halted('kiosk-linux@1.3.0', { by: 'anna', cause: 'person' });
    await halted('kiosk-linux@1.2.0', {}, 8 * 24 * HOUR);
    return 'kiosk-linux@1.4.0 第 2 步失败过多';
  },
  'store.redis': async () => {
    const look = () => Promise.reject(new Error('ECONNREFUSED'));
    await noted(2 * MINUTE, [{ rule: 'store.redis', subject: 'redis', look }]);
    return '1 个服务进程连不上 Redis';
  },
  'process.silent': async () => {
    await noted(0, []);
    world.clock.jump(4 * MINUTE);
    return '没有任何 web 进程';
  },
  'alert.delivery': async () => {
    const failing = { since: ago(20 * MINUTE), code: 'dingtalk-310000' };
    await world.destination(world.robots.target('dingtalk', 'wrong'), { name: '财务群', failing });
    return '“财务群”收不到告警（dingtalk-310000）';
  },
  'alert.rule-failed': async () => {
    await restart({}, [
      { covers: ['books.behind'], look: () => Promise.reject(new Error('The database is tired.')) },
    ]);
    return 'books.behind 查询失败';
  },
};

/** What is over again, where nothing in the database says so. */
async function mended(): Promise<void> {
  for (const name of ['orders', 'cases', 'reconciliations', 'exports', 'terminal_health', 'processnotes']) {
    await t.db.collection(name).deleteMany({});
  }
  await t.redis.flushdb();
  await t.db.collection('alertdestinations').updateMany({}, { $set: { failing: null } });
}

async function restart(config: Partial<Config>, watches?: readonly Watch[]): Promise<void> {
  await world.close();
  world = await AlertWorld.open(t, { config, ...(watches === undefined ? {} : { watches }) });
  await world.destination(world.robots.target('dingtalk'));
}

async function aCase(kind: 'claim-contradicted' | 'CHANNEL_ONLY', ms: number): Promise<void> {
  const cases = new MongoCaseStore(t.db);
  await cases.insert({
    ...{ _id: caseIdOf({ kind, orderNo: '1' }), kind, orderNo: '1', orgPath: KASHI, key: '', facts: {} },
    ...{ status: 'open', owner: null, notes: [], resolution: null, reopened: 0, version: 1 },
    ...{ openedAt: ago(ms), updatedAt: ago(ms) },
  });
}

let terminals = 0;
async function heard(count: number, seenAt: Date): Promise<void> {
  const health = Array.from({ length: count }, () => ({
    _id: `t${String((terminals += 1)).padStart(30, '0')}`,
    ...{ kind: 'kiosk' as const, orgPath: KASHI, version: '1.0.0', readers: ['ACR39U'], seenAt },
  }));
  await new TerminalHealthStore(t.db).keep(health);
}

describe('every rule', () => {
  it('has its trouble here; that the database is away has a test of its own', () => {
    expect([...Object.keys(TROUBLES), 'store.database'].sort()).toEqual([...ALERT_RULES].sort());
  });

  it.each(Object.keys(TROUBLES) as AlertRule[])('fires and reaches the group: %s', async (rule) => {
    await world.destination(world.robots.target('dingtalk'));
    const says = await TROUBLES[rule]?.();
    const told = (await world.round()).join('\n');
    expect(told).toContain(`：${BOOK[rule].title}\n`);
    expect(told).toContain(says);
    expect(told).toContain(`处理：docs/operations.md#${rule.replaceAll('.', '')}`);
    const open = (await world.stores.alerts.open()).filter((alert) => alert.rule === rule);
    expect(open).toHaveLength(1);
    // Nothing of a household or a card.
    expect(told).not.toMatch(/张\*|650100000001|0000000000000001|天山区/u);
  });

  it('is over once it finds nothing any more, and those who heard of it hear so', async () => {
    await world.destination(world.robots.target('feishu'));
    await TROUBLES['order.paid-not-sold']?.();
    expect((await world.round()).join()).toContain('【便民告警】严重：已付款未售电');
    await mended();
    expect(await world.round(15_000)).toEqual([]);
    const [end] = await world.round(15_000);
    expect(end).toContain('【便民告警解除】严重：已付款未售电\n喀什地区');
    expect(await world.stores.alerts.open()).toEqual([]);
    // The next time is another alert.
    await TROUBLES['order.paid-not-sold']?.();
    const again = (await world.round(15_000)).join();
    expect(again).toContain('【便民告警】');
  });
});
