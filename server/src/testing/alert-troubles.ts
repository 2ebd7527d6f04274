import { generateKeyPairSync } from 'node:crypto';
import { Queue } from 'bullmq';
import type { AlertRule } from '@bianmin/purchase/api/alert-rules';
import type { ReleaseView } from '@bianmin/purchase/api/release';
import { selfSignedCertificate } from '../../sandbox/wallet/certificate.ts';
import { auditHeads } from '../access/audit-heads.ts';
import { AuditTrail } from '../access/audit.ts';
import { AttemptStore } from '../access/store/attempts.ts';
import { AuditStore } from '../access/store/audit.ts';
import { BreakGlassStore } from '../access/store/break-glass.ts';
import { StandIns } from '../adapters/mongo/stand-ins.ts';
import { systemClock } from '@bianmin/card/node/system-clock';
import { RedisEphemeral } from '../adapters/redis/ephemeral.ts';
import { RefusedKeys } from '../orders/desk/refused-keys.ts';
import { watchedLog } from './watched-log.ts';
import { caseIdOf } from '../cases/case.ts';
import { MongoCaseStore } from '../cases/case-store.ts';
import { DayStore } from '../money/reconcile/day-store.ts';
import { ChannelWatch } from '../gateways/payment/channel-watch.ts';
import { PaymentError } from '../gateways/payment/error.ts';
import { ORDER_QUEUE } from '../adapters/queue/bull-trigger.ts';
import { RolloutStore, type RolloutMove } from '../fleet/releases/rollout-store.ts';
import type { MongoOrderStore } from '../orders/store/mongo-orders.ts';
import { CommandRefusals } from '../fleet/terminals/command-refusals.ts';
import { TerminalHealthStore } from '../fleet/store/terminal-health.ts';
import { HearingRecord } from '../fleet/terminals/hearing.ts';
import { AlertWorld } from './alert-world.ts';
import type { TestContext } from './context.ts';
import { FakeChannel } from './fake-channel.ts';
import { samplePayment } from './order-samples.ts';
import type { Config } from '../config/config.ts';
import type { Watch } from '../insight/alerts/finding.ts';
import { roomWatch } from '../insight/alerts/watches.ts';
import { ProcessNotes, probesOf } from '../insight/alerts/notes.ts';
import { AlertOrders, KASHI } from './alert-orders.ts';
import { lowCredit } from './alert-low-credit.ts';
import { BackupNotes } from '../upkeep/backup/backup-notes.ts';
import { ResealStore } from '../upkeep/keys/reseal-store.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Makes what each rule of the alarms is there for, with real stores. */
export class AlertTroubles {
  /** Another one after a trouble that needs a restart. */
  world: AlertWorld;
  readonly #t: TestContext;
  readonly #orders: AlertOrders;
  #terminals = 0;

  constructor(t: TestContext, orders: MongoOrderStore, world: AlertWorld) {
    this.#t = t;
    this.world = world;
    this.#orders = new AlertOrders(orders, () => this.world.clock.now());
  }

  #ago(ms: number): Date {
    return new Date(this.world.clock.now() - ms);
  }

  #certificate(days: number): string {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const until = new Date(this.world.clock.now() + days * 24 * HOUR + MINUTE);
    return selfSignedCertificate({
      serial: '01',
      commonName: 'agent',
      privateKey: key,
      from: this.#ago(0),
      until,
    });
  }

  /** Backups are expected, and these were so long ago. */
  async #backups(ago: { readonly saved: number; readonly drilled: number }, told: string): Promise<string> {
    await this.#restart({ BACKUP_RECIPIENT: `age1${'q'.repeat(58)}` });
    const notes = new BackupNotes(this.#t.db);
    const of = { name: '20261201T074600Z', documents: 1, bytes: 1, tookMs: 1 };
    await notes.note('saved', { ...of, at: this.#ago(ago.saved) });
    await notes.note('drilled', { ...of, at: this.#ago(ago.drilled) });
    return told;
  }

  /** What a process of ours finds out of itself, told twice, the second time after so long. */
  async #noted(afterMs: number, of: ConstructorParameters<typeof ProcessNotes>[0]['probes']): Promise<void> {
    const notes = new ProcessNotes({
      ...{ kind: 'web', probes: of, store: this.world.stores.notes, now: () => this.world.clock.now() },
    });
    await notes.round();
    this.world.clock.jump(afterMs);
    await notes.round();
  }

  /** Makes each trouble, with real stores; gives what is looked for in the message besides the rule's title. */
  readonly makers: Readonly<Partial<Record<AlertRule, () => Promise<string>>>> = {
    'order.paid-not-sold': async () => {
      await this.#orders.paid(6 * MINUTE);
      await this.#orders.paid(9 * MINUTE, { state: 'grid-silent', sale: { status: 'unknown' } });
      await this.#orders.paid(MINUTE);
      return '喀什地区：2 笔订单';
    },
    'order.sold-not-written': async () => {
      await this.#orders.make(40 * MINUTE, {
        state: 'sold',
        sale: { status: 'sold', sentAt: this.#ago(35 * MINUTE) },
      });
      await this.#orders.make(10 * MINUTE, {
        state: 'sold',
        sale: { status: 'sold', sentAt: this.#ago(9 * MINUTE) },
      });
      return '1 笔订单';
    },
    'order.card-went-home': async () => {
      await this.#orders.make(30 * HOUR, {
        state: 'sold',
        sale: { status: 'sold', sentAt: this.#ago(30 * HOUR) },
      });
      return '1 户的卡带走';
    },
    'order.write-unfinished': async () => {
      const write = {
        status: 'released',
        lease: 1,
        terminalId: 'T1',
        leaseUntil: this.#ago(20 * MINUTE),
      } as const;
      await this.#orders.make(30 * MINUTE, { state: 'writing', sale: { status: 'sold' }, write });
      await this.#orders.make(30 * MINUTE, {
        state: 'writing',
        sale: { status: 'sold' },
        write: { ...write, leaseUntil: this.#ago(0) },
      });
      return '1 笔订单';
    },
    'order.unknown-too-long': async () => {
      await this.#orders.make(50 * MINUTE, {
        ...{ state: 'grid-silent', dueAt: this.#ago(-MINUTE) },
        sale: { status: 'unknown', firstSentAt: this.#ago(45 * MINUTE), tries: 1 },
      });
      return '1 笔订单的支付、售电';
    },
    'order.attention': async () => {
      await this.#orders.make(5 * HOUR, { state: 'attention', attention: 'sale-mismatch' });
      return '1 笔订单';
    },
    'refund.stuck': async () => {
      await this.#orders.refunded(2 * HOUR, 'approved');
      return '1 笔退费';
    },
    'refund.abnormal': async () => {
      await this.#orders.refunded(MINUTE, 'abnormal');
      return '渠道无法退回';
    },
    'case.waiting': async () => {
      await this.#aCase('claim-contradicted', 25 * HOUR);
      return '1 个差错没有负责人';
    },
    'reconcile.difference': async () => {
      await this.#aCase('CHANNEL_ONLY', HOUR);
      return '1 个对账差异';
    },
    'reconcile.day-late': async () => {
      // 10:00 in China on 15 January: the day before is due at 14:00.
      const days = new DayStore(this.#t.db);
      const at = this.#ago(0);
      await days.take('2026-01-14', at, at);
      await days.giveUp('2026-01-14', { state: 'waiting', why: 'reconcile.not-ready', at, by: 'system' });
      this.world.clock.jump(4 * HOUR);
      return '2026-01-14 账单没有取到';
    },
    'books.behind': async () => {
      await this.#orders.make(20 * MINUTE, { state: 'closed' });
      return '总账没有跟上';
    },
    'channel.down': async () => {
      const channel = new FakeChannel('alipay', this.world.clock);
      channel.query = () =>
        Promise.reject(new PaymentError({ code: 'payment.unavailable', message: 'It does not answer.' }));
      const channels = new Map([['alipay' as const, channel]]);
      const watch = new ChannelWatch({ channels });
      for (let n = 0; n < 3; n += 1)
        await watch.channels
          .get('alipay')
          ?.query('1')
          .catch(() => undefined);
      await this.#noted(3 * MINUTE, probesOf({ redis: this.#t.redis, channels }, { watch }));
      return '支付宝 没有应答';
    },
    'channel.failing': async () => {
      for (let n = 0; n < 10; n += 1) {
        const status = n < 6 ? 'unknown' : 'pending';
        await this.#orders.make(2 * MINUTE, {
          payments: [samplePayment({ status, createdAt: this.#ago(2 * MINUTE) })],
        });
      }
      return '微信支付 6 笔失败，占 60%';
    },
    'grid.silent': async () => {
      for (let n = 0; n < 6; n += 1)
        await this.#orders.paid(2 * MINUTE, { sale: { status: 'unknown', tries: 1 } });
      return '6 笔售电无应答，占 100%';
    },
    'grid.credit-low': () => lowCredit(this.#t, this.#ago(0)),
    'grid.credit-gone': async () => {
      const sale = { status: 'none', tries: 1, noCreditAt: this.#ago(MINUTE) } as const;
      await this.#orders.paid(2 * MINUTE, { state: 'grid-silent', sale });
      return '1 笔已付款订单在等';
    },
    'grid.key-refused': async () => {
      const log = watchedLog();
      const keys = new RefusedKeys({
        ephemeral: new RedisEphemeral(this.#t.redis, new StandIns(this.#t.db, systemClock)),
        log,
      });
      const claim = { lease: 1, result: 'failed', reason: 'meter-card.code-wrong' } as const;
      for (const serial of ['6501000000000001', '6501000000000002']) {
        const times = { now: this.#ago(MINUTE), released: this.#ago(2 * MINUTE) };
        await keys.heard({ chip: 'CPU', serial }, claim, times);
      }
      return '两张 CPU 卡拒绝了电网的密钥';
    },
    'keys.unreadable': async () => {
      const at = this.#ago(MINUTE);
      await new ResealStore(this.#t.db).put({
        ...{ target: 2, walk: 3, walkBeganAt: at, collection: 'households', after: '', looked: 9 },
        ...{ renewed: 0, renewedInAll: 7, left: { users: 1 }, lastLeft: { users: 1 }, unreadable: 1 },
        ...{ beganAt: at, movedAt: at, stoppedAt: at },
      });
      return '1 个值用任何密钥都打不开';
    },
    'backup.old': () => this.#backups({ saved: 14 * HOUR, drilled: HOUR }, '已 14 小时没有做成备份'),
    'backup.undrilled': () => this.#backups({ saved: HOUR, drilled: 9 * 24 * HOUR }, '已 9 天没有人读过备份'),
    'access.guessing': async () => {
      const attempts = new AttemptStore(this.#t.db);
      const window = { key: 'a', max: 1, windowMs: HOUR, factor: 'password' };
      for (let n = 0; n < 3; n += 1) await attempts.count(window, this.#ago(MINUTE));
      return '登录密码：一小时内 1 次因错误过多被锁';
    },
    'access.break-glass': async () => {
      const codes = new BreakGlassStore(this.#t.db);
      await codes.insert({ _id: 'c'.repeat(64), sealedAt: this.#ago(HOUR), sealedBy: '李' });
      await codes.open('c'.repeat(64), { at: this.#ago(MINUTE), by: '王', name: 'lina', reason: '都走了' });
      return '让 lina 成为管理员';
    },
    'command.forged': async () => {
      const { db } = this.#t;
      const trail = new AuditTrail(new AuditStore(db), auditHeads(db, Buffer.alloc(32, 6)), this.world.clock);
      const nobodys = {
        terminalId: 't',
        kind: 'block',
        reason: 'r',
        issuedBy: 'u',
        state: 'queued',
      } as const;
      await new CommandRefusals({ audit: trail, clock: this.world.clock }).command({
        ...{ ...nobodys, _id: 'c', issuedAt: this.#ago(HOUR), expiresAt: this.#ago(-HOUR) },
      });
      return '1 条终端指令不是工作人员下发的';
    },
    'certificate.expiring': async () => {
      await this.#restart({ GRID_TLS_CERT: this.#certificate(20) });
      return 'grid GRID_TLS_CERT 01 还有 20 天';
    },
    'queue.jobs-late': async () => {
      const queue = new Queue(ORDER_QUEUE, { connection: { url: this.#t.redisUrl } });
      await queue.add('advance', { orderNo: '1' }, { timestamp: this.world.clock.now() - 3 * MINUTE });
      await queue.close();
      return '1 个任务没有进程处理';
    },
    'queue.orders-late': async () => {
      await this.#orders.make(HOUR, { dueAt: this.#ago(6 * MINUTE) });
      return '1 笔订单过时未查';
    },
    'queue.exports-late': async () => {
      await this.#t.db.collection('exports').insertOne({ status: 'queued', createdAt: this.#ago(HOUR) });
      return '1 个导出文件';
    },
    'terminals.missing': async () => {
      await this.#listened(HOUR);
      await this.#heard(6, this.#ago(HOUR));
      await this.#heard(10, this.#ago(0));
      return 'kiosk 1.0.0 ACR39U 653100：6 台失联，占 38%';
    },
    'terminals.fault': async () => {
      await this.#heard(8, this.#ago(0));
      const of = {
        kind: 'kiosk',
        version: '1.0.0',
        reader: 'ACR39U',
        orgPath: KASHI,
        code: 'reader.timeout',
      };
      const hour = this.world.clock.now() - (this.world.clock.now() % HOUR);
      await this.#t.redis.hset(`fleet:faults:${hour}`, JSON.stringify(of), 24);
      return 'reader.timeout：24 小时内 24 次，共 8 台';
    },
    'terminals.waiting': async () => {
      const waiting = Array.from({ length: 120 }, (_, n) => ({
        ...{ _id: `w${n}`, status: 'pending', enrolledAt: this.#ago(MINUTE) },
        ...(n < 10 ? { community: KASHI.at(-1) } : {}),
      }));
      await this.#t.db.collection<{ _id: string }>('terminals').insertMany(waiting);
      return '110 台终端等待接入，超过 1000 台';
    },
    'release.faulty': async () => {
      const watch = new ChannelWatch({ channels: new Map() });
      const list = () => Promise.resolve([{ id: 'box@1.2.0', state: 'ready' } as ReleaseView]);
      const releases = { list, servable: () => Promise.resolve(undefined) };
      await this.#noted(
        6 * MINUTE,
        probesOf({ redis: this.#t.redis, channels: new Map() }, { watch, releases }),
      );
      return 'box@1.2.0 的文件缺失';
    },
    'rollout.halted': async () => {
      const rollouts = new RolloutStore(this.#t.db);
      const halted = (releaseId: string, move: Partial<RolloutMove>, ms = MINUTE): Promise<unknown> =>
        rollouts.insert({
          ...{ _id: `${releaseId} ${ms}`, releaseId, kind: 'kiosk-linux', release: '1.4.0', org: '653100' },
          ...{ orgPath: KASHI.slice(0, 2), terminals: [], stages: [], errorPermille: 50, leastBad: 3 },
          ...{ faultFactor: 3, onErrors: 'stop', state: 'stopped', stage: 1, forgiven: 0, ready: false },
          ...{ version: 3, by: 'anna', at: this.#ago(HOUR) },
          moves: [
            { at: this.#ago(ms), state: 'stopped', stage: 1, cause: 'errors', by: null, reason: '', ...move },
          ],
        });
      await halted('kiosk-linux@1.4.0', {});
      // By a person, and so long ago that everybody knows.
      await halted('kiosk-linux@1.3.0', { by: 'anna', cause: 'person' });
      await halted('kiosk-linux@1.2.0', {}, 8 * 24 * HOUR);
      return 'kiosk-linux@1.4.0 第 2 步失败过多';
    },
    'store.redis': async () => {
      const look = () => Promise.reject(new Error('ECONNREFUSED'));
      await this.#noted(2 * MINUTE, [{ rule: 'store.redis', subject: 'redis', look }]);
      return '1 个服务进程连不上 Redis';
    },
    'store.strained': async () => {
      const facts = { full: [{ what: 'disk', percent: 84.6 }], members: [], logMs: undefined } as const;
      await this.#restart({}, [roomWatch(() => Promise.resolve(facts))]);
      return '数据库的磁盘已用 84%';
    },
    'process.silent': async () => {
      await this.#noted(0, []);
      this.world.clock.jump(4 * MINUTE);
      return '没有任何 web 进程';
    },
    'alert.delivery': async () => {
      const failing = { since: this.#ago(20 * MINUTE), code: 'dingtalk-310000' };
      await this.world.destination(this.world.robots.target('dingtalk', 'wrong'), {
        name: '财务群',
        failing,
      });
      return '“财务群”收不到告警（dingtalk-310000）';
    },
    'alert.rule-failed': async () => {
      await this.#restart({}, [
        { covers: ['books.behind'], look: () => Promise.reject(new Error('The database is tired.')) },
      ]);
      return 'books.behind 查询失败';
    },
  };

  async #restart(config: Partial<Config>, watches?: readonly Watch[]): Promise<void> {
    await this.world.close();
    this.world = await AlertWorld.open(this.#t, { config, ...(watches === undefined ? {} : { watches }) });
    await this.world.destination(this.world.robots.target('dingtalk'));
  }

  async #aCase(kind: 'claim-contradicted' | 'CHANNEL_ONLY', ms: number): Promise<void> {
    const cases = new MongoCaseStore(this.#t.db);
    await cases.insert({
      ...{ _id: caseIdOf({ kind, orderNo: '1' }), kind, orderNo: '1', orgPath: KASHI, key: '', facts: {} },
      ...{ status: 'open', owner: null, notes: [], resolution: null, reopened: 0, version: 1 },
      ...{ openedAt: this.#ago(ms), updatedAt: this.#ago(ms) },
    });
  }

  /** For so long web processes took beats, until now. */
  async #listened(ms: number): Promise<void> {
    const until = this.world.clock.now();
    let now = until - ms;
    const hearing = new HearingRecord(this.#t.redis, { now: () => now });
    for (; now <= until; now += 20_000) await hearing.listen();
  }

  async #heard(count: number, seenAt: Date): Promise<void> {
    const health = Array.from({ length: count }, () => ({
      _id: `t${String((this.#terminals += 1)).padStart(30, '0')}`,
      ...{ kind: 'kiosk' as const, orgPath: KASHI, version: '1.0.0', readers: ['ACR39U'], seenAt },
    }));
    await new TerminalHealthStore(this.#t.db).keep(health);
  }
}
