import { brandNames } from '@bianmin/purchase/api/channels';
import { MOST } from './order-facts.ts';
import { named, type Guessed, type Halted, type Sentences, type Strained } from './sentence.ts';

const CHANNELS = brandNames('zh-CN');
const many = (count: number): string => (count >= MOST ? `至少 ${MOST}` : String(count));

const GUESSED: Guessed = {
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

const STRAINED: Strained = {
  disk: ({ percent }) => `数据库的磁盘已用 ${String(percent)}%，写满后全省停售`,
  redis: ({ percent }) => `Redis 的内存已用 ${String(percent)}%，用满后慢速售电`,
  'redis-queue': ({ percent }) => `队列 Redis 的内存已用 ${String(percent)}%，用满后慢速售电`,
  member: ({ names }) => `数据库副本 ${String(names)} 连不上，再少一个就可能停售`,
  lag: ({ minutes }) => `数据库副本落后 ${String(minutes)} 分钟，主库出故障时切换会变慢`,
  log: ({ hours }) => `数据库的操作日志只够 ${String(hours)} 小时，副本离开更久就要重新同步`,
};

const HALTED: Halted = { errors: '失败过多', faults: '故障增多' };

/** What is wrong in Chinese: destinations are told it, and the Chinese console shows it. */
export const CHINESE: Sentences = {
  'order.paid-not-sold': ({ count }) => `${many(count)} 笔订单`,
  'order.sold-not-written': ({ count }) => `${many(count)} 笔订单`,
  'order.card-went-home': ({ count }) => `${many(count)} 户的卡带走后没有写入所购电量`,
  'order.write-unfinished': ({ count }) => `${many(count)} 笔订单`,
  'order.unknown-too-long': ({ count }) => `${many(count)} 笔订单的支付、售电、冲正、充值或退费结果不明`,
  'order.attention': ({ count }) => `${many(count)} 笔订单`,
  'refund.stuck': ({ count }) => `${many(count)} 笔退费`,
  'refund.abnormal': ({ count }) => `${many(count)} 笔退费渠道无法退回`,
  'case.waiting': ({ count }) => `${many(count)} 个差错没有负责人`,
  'reconcile.difference': ({ count }) => `${many(count)} 个对账差异`,
  'reconcile.day-late': ({ subject, facts }) =>
    `${subject} ${facts['state'] === 'failed' ? '账单有误' : '账单没有取到'}（${String(facts['why'] || facts['state'])}）`,
  'books.behind': () => '总账没有跟上订单',
  'channel.down': (of) =>
    `${named(CHANNELS, of.subject) ?? of.subject} 没有应答，${of.count} 个服务进程已停止展示`,
  'channel.failing': (of) =>
    `${named(CHANNELS, of.subject) ?? of.subject} ${of.count} 笔失败，占 ${String(of.facts['percent'])}%`,
  'grid.silent': ({ count, facts }) => `${many(count)} 笔售电无应答，占 ${String(facts['percent'])}%`,
  'grid.credit-low': ({ facts }) =>
    `剩 ${String(facts['yuan'])} 元，按上周的售电约够 ${String(facts['days'])} 天`,
  'grid.credit-gone': ({ count }) =>
    `电力公司不再售电${count === 0 ? '' : `，${many(count)} 笔已付款订单在等`}`,
  'grid.key-refused': ({ subject }) => `两张 ${subject} 卡拒绝了电网的密钥，不再写这种卡`,
  'certificate.expiring': ({ subject, facts }) =>
    `${subject} ${Number(facts['days']) < 0 ? '已经到期' : `还有 ${String(facts['days'])} 天`}（${String(facts['ends'])}）`,
  'keys.unreadable': ({ count }) => `${many(count)} 个值用任何密钥都打不开，旧密钥不能删去`,
  'queue.jobs-late': ({ count }) => `${many(count)} 个任务没有进程处理`,
  'queue.orders-late': ({ count }) => `${many(count)} 笔订单过时未查`,
  'queue.exports-late': ({ count }) => `${many(count)} 个导出文件`,
  'terminals.missing': ({ subject, count, facts }) =>
    `${subject}：${count} 台失联，占 ${String(facts['percent'])}%`,
  'terminals.fault': ({ subject, count, facts }) =>
    `${subject}：24 小时内 ${count} 次，共 ${String(facts['of'])} 台`,
  'terminals.waiting': ({ count, facts }) =>
    `${count} 台终端等待接入，超过 ${String(facts['most'])} 台时最早的会被移出`,
  'release.faulty': ({ facts }) => `${String(facts['code'])} 的文件缺失、损坏或签名不符，终端收不到更新`,
  'rollout.halted': ({ subject, facts }) =>
    `${subject} 第 ${String(facts['step'])} 步${named(HALTED, facts['cause']) ?? ''}，已不再下发`,
  'access.guessing': ({ subject, count }) =>
    `${named(GUESSED, subject) ?? subject}：一小时内 ${many(count)} 次因错误过多被锁`,
  'access.break-glass': ({ facts }) => `有人在服务器上用应急信封让 ${String(facts['name'])} 成为管理员`,
  'command.forged': ({ count }) =>
    `${many(count)} 条终端指令不是工作人员下发的，或下发后被改动，没有发给终端`,
  'backup.old': ({ facts }) =>
    `已 ${String(facts['hours'])} 小时没有做成备份，数据库损坏时会丢失这段时间的数据`,
  'backup.undrilled': ({ facts }) =>
    `已 ${Math.floor(Number(facts['hours']) / 24)} 天没有人读过备份，不知道能不能恢复`,
  'store.database': () => '数据库没有应答，全省停售',
  'store.redis': ({ count }) =>
    `${count} 个服务进程连不上 Redis：仍可购电，但新订单限速；终端心跳、推送、门户联动和工作人员模式暂停`,
  'store.strained': ({ subject, facts }) => named(STRAINED, subject)?.(facts) ?? subject,
  'process.silent': ({ subject }) => `没有任何 ${subject} 进程在运行`,
  'alert.delivery': ({ facts, count }) =>
    `“${String(facts['name'])}”收不到告警（${String(facts['code'])}），积压 ${count} 条`,
  'alert.rule-failed': ({ subject }) => `${subject} 查询失败，其它规则不受影响`,
};
