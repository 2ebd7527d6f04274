import type { AlertRule, AlertSeverity } from '@bianmin/purchase/api/alert-rules';
import type { Alert } from './alert.ts';

interface Entry {
  readonly severity: AlertSeverity;
  /** Its name in the messages to destinations, which are in Chinese. */
  readonly title: string;
  /** Where it shows in the console. */
  readonly page: string;
}

/** Every rule: how bad it is, its name, where to look. What is wrong is in `chinese.ts` and `english.ts`. */
export const BOOK: Readonly<Record<AlertRule, Entry>> = {
  'order.paid-not-sold': { severity: 'critical', title: '已付款未售电', page: '/orders?state=paid' },
  'order.sold-not-written': { severity: 'warning', title: '已售电未写卡', page: '/orders?state=sold' },
  'order.card-went-home': { severity: 'warning', title: '卡已带走仍未写卡', page: '/orders?state=sold' },
  'order.write-unfinished': { severity: 'critical', title: '写卡没有结果', page: '/orders?state=writing' },
  'order.unknown-too-long': {
    severity: 'critical',
    title: '结果长时间不明',
    page: '/orders?state=grid-silent',
  },
  'order.attention': { severity: 'warning', title: '订单待人工处理', page: '/orders?state=attention' },
  'refund.stuck': { severity: 'critical', title: '退费没有到账', page: '/refunds' },
  'refund.abnormal': { severity: 'critical', title: '渠道退费失败', page: '/refunds' },
  'case.waiting': { severity: 'warning', title: '差错无人负责', page: '/cases' },
  'reconcile.difference': { severity: 'critical', title: '对账差异未处理', page: '/reconciliation' },
  'reconcile.day-late': { severity: 'critical', title: '对账未按时完成', page: '/reconciliation' },
  'books.behind': { severity: 'warning', title: '记账落后', page: '/reconciliation' },
  'channel.down': { severity: 'critical', title: '支付渠道不通', page: '/payments' },
  'channel.failing': { severity: 'critical', title: '支付渠道大量失败', page: '/payments' },
  'grid.silent': { severity: 'critical', title: '电网大量无应答', page: '/orders?state=grid-silent' },
  'grid.credit-low': { severity: 'warning', title: '电网备付金快用完', page: '/deposit' },
  'grid.credit-gone': { severity: 'critical', title: '电网备付金已用完', page: '/orders?state=grid-silent' },
  'grid.key-refused': { severity: 'critical', title: '电网密钥被卡拒绝', page: '/orders?state=write-failed' },
  'certificate.expiring': { severity: 'warning', title: '证书即将到期', page: '/payments' },
  'keys.unreadable': { severity: 'warning', title: '换密钥停在打不开的数据', page: '/keys' },
  'queue.jobs-late': { severity: 'critical', title: '任务队列积压', page: '/orders' },
  'queue.orders-late': { severity: 'critical', title: '订单巡查落后', page: '/orders' },
  'queue.exports-late': { severity: 'warning', title: '导出排队过久', page: '/orders' },
  'terminals.missing': { severity: 'critical', title: '同类终端大量失联', page: '/fleet' },
  'terminals.fault': { severity: 'warning', title: '同类终端集中故障', page: '/fleet' },
  'terminals.waiting': { severity: 'warning', title: '大量终端待接入', page: '/terminals' },
  'release.faulty': { severity: 'warning', title: '发布的版本不可用', page: '/releases' },
  'rollout.halted': { severity: 'critical', title: '升级自动停止', page: '/releases' },
  'access.guessing': {
    severity: 'warning',
    title: '有人在猜密码或验证码',
    page: '/audit?action=secret.lock',
  },
  'access.break-glass': {
    severity: 'critical',
    title: '应急信封已启用',
    page: '/audit?action=break-glass.open',
  },
  'command.forged': {
    severity: 'critical',
    title: '数据库里有无人下发的指令',
    page: '/audit?action=command.refuse',
  },
  'backup.old': { severity: 'critical', title: '没有新的备份', page: '/' },
  'backup.undrilled': { severity: 'warning', title: '备份没有演练', page: '/' },
  'store.database': { severity: 'critical', title: '数据库不通', page: '/' },
  'store.redis': { severity: 'critical', title: 'Redis 不通，慢速售电', page: '/' },
  'store.strained': { severity: 'warning', title: '数据库或 Redis 快撑不住了', page: '/' },
  'process.silent': { severity: 'critical', title: '服务进程消失', page: '/' },
  'alert.delivery': { severity: 'warning', title: '告警发送失败', page: '/alerts' },
  'alert.rule-failed': { severity: 'warning', title: '告警规则无法判断', page: '/alerts' },
};

/** A level of three steps makes a warning critical. */
export function severityOf({ rule, level }: Pick<Alert, 'rule' | 'level'>): AlertSeverity {
  return level >= 3 ? 'critical' : BOOK[rule].severity;
}

/** Its section of docs/operations.md, whose heading is the rule's name. */
export function runbookOf(rule: AlertRule): string {
  return `docs/operations.md#${rule.replaceAll('.', '')}`;
}
