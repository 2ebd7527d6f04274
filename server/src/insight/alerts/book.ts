import { brandNames } from '@bianmin/purchase/api/channels';
import type { AlertRule, AlertSeverity } from '@bianmin/purchase/api/alert-rules';
import type { Factor } from '../../access/guess-limits.ts';
import type { Alert } from './alert.ts';
import { MOST } from './order-facts.ts';

/** What of an alert its words are made of. */
type Told = Pick<Alert, 'rule' | 'subject' | 'count' | 'facts' | 'level'>;

interface Entry {
  readonly severity: AlertSeverity;
  readonly title: string;
  /** What is wrong, without where and since when. */
  readonly what: (of: Told) => string;
  /** Where it shows in the console. */
  readonly page: (of: Told) => string;
}

const many = (count: number): string => (count >= MOST ? `至少 ${MOST}` : String(count));
const orders = (state: string) => ({
  what: ({ count }: Told) => `${many(count)} 笔订单`,
  page: () => `/orders?state=${state}`,
});
const CHANNEL_NAMES: Readonly<Record<string, string>> = brandNames('zh-CN');
const channelOf = ({ subject }: Told): string => CHANNEL_NAMES[subject] ?? subject;

/** Every rule with its words: destinations are told in Chinese. */
export const BOOK: Readonly<Record<AlertRule, Entry>> = {
  'order.paid-not-sold': { severity: 'critical', title: '已付款未售电', ...orders('paid') },
  'order.sold-not-written': { severity: 'warning', title: '已售电未写卡', ...orders('sold') },
  'order.card-went-home': {
    ...{ severity: 'warning', title: '卡已带走仍未写卡', page: () => '/orders?state=sold' },
    what: ({ count }) => `${many(count)} 户的卡带走后没有写入所购电量`,
  },
  'order.write-unfinished': { severity: 'critical', title: '写卡没有结果', ...orders('writing') },
  'order.unknown-too-long': {
    ...{ severity: 'critical', title: '结果长时间不明', page: () => '/orders?state=grid-silent' },
    what: ({ count }) => `${many(count)} 笔订单的支付、售电、冲正、充值或退费结果不明`,
  },
  'order.attention': { severity: 'warning', title: '订单待人工处理', ...orders('attention') },
  'refund.stuck': {
    ...{ severity: 'critical', title: '退费没有到账', page: () => '/refunds' },
    what: ({ count }) => `${many(count)} 笔退费`,
  },
  'refund.abnormal': {
    ...{ severity: 'critical', title: '渠道退费失败', page: () => '/refunds' },
    what: ({ count }) => `${many(count)} 笔退费渠道无法退回`,
  },
  'case.waiting': {
    ...{ severity: 'warning', title: '差错无人负责', page: () => '/cases' },
    what: ({ count }) => `${many(count)} 个差错没有负责人`,
  },
  'reconcile.difference': {
    ...{ severity: 'critical', title: '对账差异未处理', page: () => '/reconciliation' },
    what: ({ count }) => `${many(count)} 个对账差异`,
  },
  'reconcile.day-late': {
    ...{ severity: 'critical', title: '对账未按时完成', page: () => '/reconciliation' },
    what: ({ subject, facts }) =>
      `${subject} ${facts['state'] === 'failed' ? '账单有误' : '账单没有取到'}（${String(facts['why'] || facts['state'])}）`,
  },
  'books.behind': {
    ...{ severity: 'warning', title: '记账落后', page: () => '/reconciliation' },
    what: () => '总账没有跟上订单',
  },
  'channel.down': {
    ...{ severity: 'critical', title: '支付渠道不通', page: () => '/payments' },
    what: (of) => `${channelOf(of)} 没有应答，${of.count} 个服务进程已停止展示`,
  },
  'channel.failing': {
    ...{ severity: 'critical', title: '支付渠道大量失败', page: () => '/payments' },
    what: (of) => `${channelOf(of)} ${of.count} 笔失败，占 ${String(of.facts['percent'])}%`,
  },
  'grid.silent': {
    ...{ severity: 'critical', title: '电网大量无应答', page: () => '/orders?state=grid-silent' },
    what: ({ count, facts }) => `${many(count)} 笔售电无应答，占 ${String(facts['percent'])}%`,
  },
  'grid.credit-low': {
    ...{ severity: 'warning', title: '电网备付金快用完', page: () => '/deposit' },
    what: ({ facts }) => `剩 ${String(facts['yuan'])} 元，按上周的售电约够 ${String(facts['days'])} 天`,
  },
  'grid.credit-gone': {
    ...{ severity: 'critical', title: '电网备付金已用完', page: () => '/orders?state=grid-silent' },
    what: ({ count }) => `电力公司不再售电${count === 0 ? '' : `，${many(count)} 笔已付款订单在等`}`,
  },
  'grid.key-refused': {
    ...{ severity: 'critical', title: '电网密钥被卡拒绝', page: () => '/orders?state=write-failed' },
    what: ({ subject }) => `两张 ${subject} 卡拒绝了电网的密钥，不再写这种卡`,
  },
  'certificate.expiring': {
    ...{ severity: 'warning', title: '证书即将到期', page: () => '/payments' },
    what: ({ subject, facts }) =>
      `${subject} ${Number(facts['days']) < 0 ? '已经到期' : `还有 ${String(facts['days'])} 天`}（${String(facts['ends'])}）`,
  },
  'keys.unreadable': {
    ...{ severity: 'warning', title: '换密钥停在打不开的数据', page: () => '/keys' },
    what: ({ count }) => `${many(count)} 个值用任何密钥都打不开，旧密钥不能删去`,
  },
  'queue.jobs-late': {
    ...{ severity: 'critical', title: '任务队列积压', page: () => '/orders' },
    what: ({ count }) => `${many(count)} 个任务没有进程处理`,
  },
  'queue.orders-late': {
    ...{ severity: 'critical', title: '订单巡查落后', page: () => '/orders' },
    what: ({ count }) => `${many(count)} 笔订单过时未查`,
  },
  'queue.exports-late': {
    ...{ severity: 'warning', title: '导出排队过久', page: () => '/orders' },
    what: ({ count }) => `${many(count)} 个导出文件`,
  },
  'terminals.missing': {
    ...{ severity: 'critical', title: '同类终端大量失联', page: () => '/fleet' },
    what: ({ subject, count, facts }) => `${subject}：${count} 台失联，占 ${String(facts['percent'])}%`,
  },
  'terminals.fault': {
    ...{ severity: 'warning', title: '同类终端集中故障', page: () => '/fleet' },
    what: ({ subject, count, facts }) => `${subject}：24 小时内 ${count} 次，共 ${String(facts['of'])} 台`,
  },
  'terminals.waiting': {
    ...{ severity: 'warning', title: '大量终端待接入', page: () => '/terminals' },
    what: ({ count, facts }) => `${count} 台终端等待接入，超过 ${String(facts['most'])} 台时最早的会被移出`,
  },
  'release.faulty': {
    ...{ severity: 'warning', title: '发布的版本不可用', page: () => '/releases' },
    what: ({ facts }) => `${String(facts['code'])} 的文件缺失、损坏或签名不符，终端收不到更新`,
  },
  'rollout.halted': {
    ...{ severity: 'critical', title: '升级自动停止', page: () => '/releases' },
    what: ({ subject, facts }) =>
      `${subject} 第 ${String(facts['step'])} 步${HALTED[String(facts['cause'])] ?? ''}，已不再下发`,
  },
  'access.guessing': {
    ...{ severity: 'warning', title: '有人在猜密码或验证码', page: () => '/audit?action=secret.lock' },
    what: ({ subject, count }) => `${GUESSED[subject] ?? subject}：一小时内 ${many(count)} 次因错误过多被锁`,
  },
  'access.break-glass': {
    ...{ severity: 'critical', title: '应急信封已启用', page: () => '/audit?action=break-glass.open' },
    what: ({ facts }) => `有人在服务器上用应急信封让 ${String(facts['name'])} 成为管理员`,
  },
  'command.forged': {
    ...{
      severity: 'critical',
      title: '数据库里有无人下发的指令',
      page: () => '/audit?action=command.refuse',
    },
    what: ({ count }) => `${many(count)} 条终端指令不是工作人员下发的，或下发后被改动，没有发给终端`,
  },
  'backup.old': {
    ...{ severity: 'critical', title: '没有新的备份', page: () => '/' },
    what: ({ facts }) => `已 ${String(facts['hours'])} 小时没有做成备份，数据库损坏时会丢失这段时间的数据`,
  },
  'backup.undrilled': {
    ...{ severity: 'warning', title: '备份没有演练', page: () => '/' },
    what: ({ facts }) => `已 ${Math.floor(Number(facts['hours']) / 24)} 天没有人读过备份，不知道能不能恢复`,
  },
  'store.database': {
    ...{ severity: 'critical', title: '数据库不通', page: () => '/' },
    what: () => '数据库没有应答，全省停售',
  },
  'store.redis': {
    ...{ severity: 'critical', title: 'Redis 不通，慢速售电', page: () => '/' },
    what: ({ count }) =>
      `${count} 个服务进程连不上 Redis：仍可购电，但新订单限速；终端心跳、推送、门户联动和工作人员模式暂停`,
  },
  'store.strained': {
    ...{ severity: 'warning', title: '数据库或 Redis 快撑不住了', page: () => '/' },
    what: ({ subject, facts }) => STRAINED[subject]?.(facts) ?? subject,
  },
  'process.silent': {
    ...{ severity: 'critical', title: '服务进程消失', page: () => '/' },
    what: ({ subject }) => `没有任何 ${subject} 进程在运行`,
  },
  'alert.delivery': {
    ...{ severity: 'warning', title: '告警发送失败', page: () => '/alerts' },
    what: ({ facts, count }) =>
      `“${String(facts['name'])}”收不到告警（${String(facts['code'])}），积压 ${count} 条`,
  },
  'alert.rule-failed': {
    ...{ severity: 'warning', title: '告警规则无法判断', page: () => '/alerts' },
    what: ({ subject }) => `${subject} 查询失败，其它规则不受影响`,
  },
};

/** What is guessed. */
const GUESSED: Readonly<Record<Factor, string>> & Readonly<Record<string, string>> = {
  password: '登录密码',
  code: '登录验证码',
  'recovery-code': '恢复码',
  passkey: '通行密钥',
  'setup-link': '设置密码的链接',
  invitation: '邀请链接',
  'break-glass': '应急信封',
  pin: '工作人员 PIN',
  'enrol-code': '终端接入码',
  'binding-code': '手机绑定码',
  proof: '购电验证码',
  unlock: '反复解除锁定',
};

/** What a store runs short of. */
const STRAINED: Readonly<Record<string, (facts: Alert['facts']) => string>> = {
  disk: ({ percent }) => `数据库的磁盘已用 ${String(percent)}%，写满后全省停售`,
  redis: ({ percent }) => `Redis 的内存已用 ${String(percent)}%，用满后慢速售电`,
  'redis-queue': ({ percent }) => `队列 Redis 的内存已用 ${String(percent)}%，用满后慢速售电`,
  member: ({ names }) => `数据库副本 ${String(names)} 连不上，再少一个就可能停售`,
  lag: ({ minutes }) => `数据库副本落后 ${String(minutes)} 分钟，主库出故障时切换会变慢`,
  log: ({ hours }) => `数据库的操作日志只够 ${String(hours)} 小时，副本离开更久就要重新同步`,
};

/** Why a rollout ended by itself. */
const HALTED: Readonly<Record<string, string>> = { errors: '失败过多', faults: '故障增多' };

/** A level of three steps makes a warning critical. */
export function severityOf({ rule, level }: Pick<Alert, 'rule' | 'level'>): AlertSeverity {
  return level >= 3 ? 'critical' : BOOK[rule].severity;
}

/** Its section of docs/operations.md, whose heading is the rule's name. */
export function runbookOf(rule: AlertRule): string {
  return `docs/operations.md#${rule.replaceAll('.', '')}`;
}
