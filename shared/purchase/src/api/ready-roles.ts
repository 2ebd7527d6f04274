/** What a ready-made role is called and for, in the console's languages. */
interface ReadyRole {
  /** Its name at the server, which no role that people make can have. */
  readonly name: string;
  readonly titles: { readonly 'zh-CN': string; readonly en: string };
  /** One sentence. */
  readonly does: { readonly 'zh-CN': string; readonly en: string };
  /** What it holds when it is first there; a province changes its own copy as any other role. */
  readonly permissions: readonly string[];
}

/** Begins the names of ready-made roles. */
export const READY_PREFIX = 'ready:';

const COMMUNITY = [
  'order:read',
  'order:note',
  'card:rewrite',
  'card:replace',
  'float:use',
  'refund:request',
  'terminal:read',
];

/** Roles that every installation begins with. Why each permission: docs/staff.md. */
export const READY_ROLES: readonly ReadyRole[] = [
  {
    name: `${READY_PREFIX}community`,
    titles: { 'zh-CN': '社区工作人员', en: 'Community staff' },
    does: {
      'zh-CN': '在社区帮居民查订单、补写和补办电卡、收现金、申请退费。',
      en: 'Helps residents of a community: finds orders, writes and replaces cards, takes cash, asks for refunds.',
    },
    permissions: COMMUNITY,
  },
  {
    name: `${READY_PREFIX}county`,
    titles: { 'zh-CN': '县级运营', en: 'County operations' },
    does: {
      'zh-CN': '管理本县的社区、终端、公告和社区人员的账户，并复核同事提出的事项。',
      en: 'Looks after the communities, terminals, notices and accounts of a county, and allows what colleagues ask for.',
    },
    permissions: [
      ...COMMUNITY,
      'terminal:accept',
      'terminal:command',
      'announcement:read',
      'announcement:manage',
      'alert:read',
      'alert:work',
      'org:manage',
      'user:manage',
      'approval:decide',
      'statistics:read',
    ],
  },
  {
    name: `${READY_PREFIX}finance`,
    titles: { 'zh-CN': '财务', en: 'Finance' },
    does: {
      'zh-CN': '对账、查看账单、处理差异，申请和复核退费与备用金。',
      en: 'Reconciles, reads bills, settles differences, asks for and allows refunds and floats.',
    },
    permissions: [
      'order:read',
      'order:export',
      'payment:read',
      'refund:request',
      'refund:approve',
      'reconcile:read',
      'reconcile:run',
      'reconcile:settle',
      'case:read',
      'case:work',
      'bill:read',
      'float:request',
      'float:approve',
      'approval:decide',
      'statistics:read',
    ],
  },
  {
    name: `${READY_PREFIX}help-line`,
    titles: { 'zh-CN': '客服', en: 'Help line' },
    does: {
      'zh-CN': '接听来电：查订单、写备注、答复投诉、申请退费，看终端是否正常。',
      en: 'Answers calls: finds orders, leaves notes, answers complaints, asks for refunds, sees whether a terminal works.',
    },
    permissions: [
      'order:read',
      'order:note',
      'complaint:read',
      'complaint:work',
      'refund:request',
      'terminal:read',
    ],
  },
  {
    name: `${READY_PREFIX}audit`,
    titles: { 'zh-CN': '审计', en: 'Audit' },
    does: {
      'zh-CN': '只看不改：审计记录、订单、交易、对账、差异、账单和统计。',
      en: 'Reads and changes nothing: the audit trail, orders, transactions, reconciliation, differences, bills, statistics.',
    },
    permissions: [
      'audit:read',
      'order:read',
      'payment:read',
      'reconcile:read',
      'case:read',
      'bill:read',
      'statistics:read',
    ],
  },
];

/** Undefined: people made this role. */
export function readyRole(name: string): ReadyRole | undefined {
  return READY_ROLES.find((each) => each.name === name);
}
