import { randomUUID } from 'node:crypto';
import type { Permission } from '../kernel/permissions.ts';
import { ANNOUNCEMENT, type MatrixWorld } from './matrix-world.ts';

type Body = Record<string, unknown>;

/** One endpoint about data of an organisation: what an administrator outside of it is told. */
interface OfAnOrganisation {
  /** What an answer lists of the world: nothing outside. Absent: the address names one thing. */
  readonly lists?: (body: Body) => unknown[];
  readonly body?: (world: MatrixWorld) => Body;
  readonly query?: string;
  /** Of what edits a document: the version that was seen. */
  readonly seen?: number;
  /** The status outside of the scope; 404 where absent. */
  readonly outside?: number;
  /** It takes away what it is about: tried by one insider. */
  readonly once?: true;
}

export interface MatrixRow {
  readonly permission: Permission | null;
  /** `province`: for its people alone. `self`: one's own account and no organisation's data. */
  readonly data: 'province' | 'self' | OfAnOrganisation;
}

const IMAGE = {
  ...{ chip: 'SLE4442', atr: 'A2131091', serial: '00'.repeat(8) },
  regions: [{ zone: 'main', offset: 0, data: 'FF' }],
};
const reason = 'a test of scopes';
/** That of the world (`matrix.db.test.ts`). */
export const COMMUNITY = 'c00000000000000a1';
const notice = {
  ...{ texts: { 'zh-CN': '停电通知' }, org: '650100', devices: ['kiosk'] },
  ...{ from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z' },
};
const discount = {
  ...{ names: { 'zh-CN': '优惠', ug: 'ئېتىبار', en: 'A discount' }, community: COMMUNITY, tag: null },
  ...{ from: '2026-03-01T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z', funder: 'street-office' },
  ...{ off: { kind: 'fixed', fen: 100 }, capFen: 100, budgetFen: 100, reason },
};
const destination = {
  ...{ name: '值班群', org: '650100', step: 0, severity: 'warning', enabled: true },
};
const named: OfAnOrganisation = {};
const list = (field: string): OfAnOrganisation => ({ lists: (body) => body[field] as unknown[] });
const row = (permission: Permission | null, data: MatrixRow['data']): MatrixRow => ({ permission, data });

/** Every endpoint of administrators. One that is new fails the test until it is entered here. */
export const MATRIX: Readonly<Record<string, MatrixRow>> = {
  'post /v1/admin/logout': row(null, 'self'),
  'get /v1/admin/me': row(null, 'self'),
  'post /v1/admin/me/password': row(null, 'self'),
  'post /v1/admin/me/confirm': row(null, 'self'),
  'post /v1/admin/me/totp': row(null, 'self'),
  'post /v1/admin/me/totp/confirm': row(null, 'self'),
  'delete /v1/admin/me/totp': row(null, 'self'),
  'post /v1/admin/me/passkeys/options': row(null, 'self'),
  'post /v1/admin/me/passkeys/challenge': row(null, 'self'),
  'post /v1/admin/me/passkeys': row(null, 'self'),
  'get /v1/admin/me/passkeys': row(null, 'self'),
  'post /v1/admin/me/passkeys/:id/name': row(null, 'self'),
  'delete /v1/admin/me/passkeys/:id': row(null, 'self'),
  'get /v1/admin/me/sessions': row(null, 'self'),
  'delete /v1/admin/me/sessions/:id': row(null, 'self'),
  'post /v1/admin/me/pin': row('float:use', 'self'),
  'get /v1/admin/saved-filters': row('order:read', 'self'),
  'put /v1/admin/saved-filters/:id': row('order:read', 'self'),
  'delete /v1/admin/saved-filters/:id': row('order:read', 'self'),
  'get /v1/admin/exports': row('order:export', 'self'),
  'post /v1/admin/exports': row('order:export', 'self'),
  'get /v1/admin/exports/:id': row('order:export', 'self'),
  'post /v1/admin/exports/:id/cancel': row('order:export', 'self'),
  'get /v1/admin/exports/:id/file': row('order:export', 'self'),

  // Each group wants its own permission (console-search.db.test.ts).
  'post /v1/admin/search': row(null, {
    lists: (body) =>
      ['orders', 'households', 'terminals', 'cases', 'refunds'].flatMap((group) => body[group] as unknown[]),
    body: ({ orderNo }) => ({ text: orderNo }),
  }),
  'post /v1/admin/orders/search': row('order:read', { ...list('orders'), body: () => ({ limit: 20 }) }),
  'get /v1/admin/orders/:orderNo': row('order:read', named),
  'get /v1/admin/orders/:orderNo/actions': row('order:read', named),
  'get /v1/admin/orders/:orderNo/notes': row('order:read', named),
  'post /v1/admin/orders/:orderNo/notes': row('order:note', {
    body: () => ({ key: randomUUID(), text: reason }),
  }),
  'post /v1/admin/orders/:orderNo/query-grid': row('order:decide', named),
  'post /v1/admin/orders/:orderNo/query-channel': row('order:decide', named),
  'post /v1/admin/orders/:orderNo/decisions': row('order:decide', {
    body: () => ({ action: 'resume', reason }),
  }),
  'post /v1/admin/orders/:orderNo/readings': row('order:reverse', {
    body: ({ terminalId }) => ({ terminalId }),
  }),
  'get /v1/admin/readings/:nonce': row('order:reverse', named),
  'post /v1/admin/orders/:orderNo/reversal': row('order:reverse', {
    body: ({ nonce }) => ({ nonce, reason }),
  }),
  'post /v1/admin/orders/:orderNo/rewrite': row('card:rewrite', {
    body: ({ terminalId }) => ({ terminalId, image: IMAGE, reason }),
  }),
  'get /v1/admin/transactions': row('payment:read', {
    ...list('transactions'),
    query: `?from=${'2026-01-01T00:00:00.000Z'}`,
  }),
  'get /v1/admin/refunds': row('order:read', list('refunds')),
  'post /v1/admin/refunds': row('refund:request', {
    body: ({ orderNo }) => ({ key: randomUUID(), orderNo, fen: null, reason }),
  }),
  'post /v1/admin/refunds/:refundNo/approve': row('refund:approve', named),
  'post /v1/admin/refunds/:refundNo/reject': row('refund:approve', named),
  'post /v1/admin/refunds/:refundNo/retry': row('refund:request', named),
  'get /v1/admin/replacements': row('card:replace', list('replacements')),
  'post /v1/admin/replacements': row('card:replace', {
    body: ({ terminalId }) => ({ terminalId, customerNo: '1', reason }),
  }),
  'get /v1/admin/card-sessions': row('card:remote', list('sessions')),
  'post /v1/admin/card-sessions': row('card:remote', {
    body: ({ terminalId }) => ({ terminalId, kind: 'inspect', reason }),
    outside: 400,
  }),
  'get /v1/admin/card-sessions/:id': row('card:remote', named),
  'post /v1/admin/card-sessions/:id/steps': row('card:remote', {
    body: () => ({ n: 1, command: { do: 'identify' } }),
  }),
  'post /v1/admin/card-sessions/:id/finish': row('card:remote', named),
  'post /v1/admin/card-sessions/:id/cancel': row('card:remote', named),
  'post /v1/admin/card-sessions/:id/reading': row('order:reverse', { body: ({ orderNo }) => ({ orderNo }) }),
  'get /v1/admin/cases': row('case:read', list('cases')),
  'get /v1/admin/cases/:id': row('case:read', named),
  'post /v1/admin/cases/:id/assign': row('case:work', { body: () => ({ owner: null }) }),
  'post /v1/admin/cases/:id/notes': row('case:work', { body: () => ({ text: reason }) }),
  'post /v1/admin/cases/:id/resolve': row('case:work', { body: () => ({ text: reason }) }),
  'get /v1/admin/approvals': row('approval:decide', list('approvals')),
  'post /v1/admin/approvals/:id/decide': row('approval:decide', { body: () => ({ accept: false }) }),
  'get /v1/admin/terminals': row('terminal:read', list('terminals')),
  // Before the terminal is retired: who was cut off is in no cohort.
  'get /v1/admin/fleet/cohorts': row('terminal:read', list('cohorts')),
  'get /v1/admin/fleet/kiosks': row('terminal:read', list('kiosks')),
  'get /v1/admin/fleet/repairs': row('terminal:read', list('repairs')),
  'post /v1/admin/fleet/repairs': row('terminal:read', {
    body: ({ terminalId }) => ({ terminalId, fault: 'reader', text: reason }),
  }),
  'post /v1/admin/fleet/repairs/:id/notes': row('terminal:read', { body: () => ({ text: reason }) }),
  'get /v1/admin/fleet/repairs/:id/repairers': row('terminal:command', named),
  'post /v1/admin/fleet/repairs/:id/owner': row('terminal:command', { body: ({ owner }) => ({ owner }) }),
  'post /v1/admin/fleet/repairs/:id/done': row('terminal:command', {
    body: () => ({ text: reason }),
    once: true,
  }),
  'get /v1/admin/fleet/versions': row('terminal:read', list('counts')),
  'post /v1/admin/terminal-allowances': row('terminal:accept', 'self'),
  'post /v1/admin/terminals/:id/accept': row('terminal:accept', named),
  'post /v1/admin/terminals/:id/reject': row('terminal:accept', named),
  'post /v1/admin/terminals/:id/suspend': row('terminal:accept', { body: () => ({ reason }) }),
  'post /v1/admin/terminals/:id/resume': row('terminal:accept', { body: () => ({ reason }) }),
  'post /v1/admin/terminals/:id/retire': row('terminal:accept', { body: () => ({ reason }), once: true }),
  'put /v1/admin/terminals/:id/community': row('terminal:accept', {
    body: ({ community }) => ({ community }),
  }),
  'put /v1/admin/terminals/:id/address': row('terminal:accept', { body: () => ({ address: '一楼' }) }),
  'get /v1/admin/terminals/:id/reports': row('terminal:read', named),
  'get /v1/admin/terminals/:id/commands': row('terminal:read', named),
  'post /v1/admin/terminals/:id/commands': row('terminal:command', {
    body: () => ({ key: randomUUID(), kind: 'run-diagnostics', reason }),
  }),
  'get /v1/admin/commands/:id': row('terminal:command', named),
  'get /v1/admin/commands/:id/archive': row('terminal:command', named),
  'post /v1/admin/commands/:id/cancel': row('terminal:command', named),
  'get /v1/admin/fleet/targets': row('terminal:command', { query: '?org=c00000000000000a1' }),
  'get /v1/admin/fleet/batches': row('terminal:read', list('batches')),
  'post /v1/admin/fleet/batches': row('terminal:command', {
    body: ({ community }) => ({ key: randomUUID(), kind: 'block', reason, target: { org: community } }),
  }),
  'get /v1/admin/fleet/batches/:id': row('terminal:read', named),
  'post /v1/admin/fleet/batches/:id/cancel': row('terminal:command', named),
  'post /v1/admin/enrol-codes': row('terminal:accept', { query: '?community=c00000000000000a1' }),
  'get /v1/admin/releases': row('release:read', 'province'),
  'post /v1/admin/releases': row('release:manage', 'province'),
  'put /v1/admin/releases/:id/files/:name': row('release:manage', 'province'),
  'post /v1/admin/releases/:id/withdraw': row('release:manage', 'province'),
  'get /v1/admin/rollouts': row('release:read', 'province'),
  'post /v1/admin/rollouts': row('release:manage', 'province'),
  'post /v1/admin/rollouts/:id/pause': row('release:manage', 'province'),
  'post /v1/admin/rollouts/:id/stop': row('release:manage', 'province'),
  'post /v1/admin/rollouts/:id/widen': row('release:manage', 'province'),
  'post /v1/admin/rollouts/:id/resume': row('release:manage', 'province'),
  'get /v1/admin/statistics/dashboard': row('statistics:read', { query: '?org=c00000000000000a1' }),
  'get /v1/admin/statistics/series': row('statistics:read', { query: '?at=2026&org=c00000000000000a1' }),
  'get /v1/admin/statistics/state': row('statistics:keep', 'province'),
  'post /v1/admin/statistics/rebuild': row('statistics:keep', 'province'),
  'post /v1/admin/statistics/check': row('statistics:keep', 'province'),
  'get /v1/admin/orgs': row(null, {
    lists: (body) => (body['orgs'] as { path: string[] }[]).filter(({ path }) => path.includes('650100')),
  }),
  'post /v1/admin/orgs': row('org:manage', {
    body: () => ({ parent: '650100', names: { 'zh-CN': '社区', en: 'Community' } }),
    once: true,
  }),
  'put /v1/admin/orgs/:id/names': row('org:manage', {
    body: () => ({ names: { 'zh-CN': '社区', en: 'Community' } }),
    seen: 1,
    once: true,
  }),
  'put /v1/admin/orgs/:id/parent': row('org:manage', {
    body: () => ({ parent: '650100' }),
    seen: 2,
    once: true,
  }),
  'get /v1/admin/orgs/:id': row(null, { once: true }),
  'post /v1/admin/announcements': row('announcement:manage', {
    body: () => ({ ...notice, key: ANNOUNCEMENT }),
    outside: 403,
    once: true,
  }),
  'get /v1/admin/announcements': row('announcement:read', { ...list('announcements'), once: true }),
  'get /v1/admin/announcements/:id': row('announcement:read', { once: true }),
  'put /v1/admin/announcements/:id': row('announcement:manage', {
    body: () => ({ ...notice }),
    seen: 1,
    once: true,
  }),
  'delete /v1/admin/announcements/:id': row('announcement:manage', { seen: 1, once: true }),
  'get /v1/admin/alerts': row('alert:read', list('alerts')),
  'get /v1/admin/alerts/:id': row('alert:read', named),
  'post /v1/admin/alerts/:id/acknowledge': row('alert:work', { body: () => ({ note: reason }) }),
  // A silence holds back what is within its maker's scope: made outside, it touches nothing here.
  'get /v1/admin/alert-silences': row('alert:read', { ...list('silences'), once: true }),
  'post /v1/admin/alert-silences': row('alert:work', {
    lists: (body) => (body['org'] === '650100' ? [body] : []),
    body: () => ({ key: randomUUID(), rule: '*', reason, minutes: 5 }),
    once: true,
  }),
  'delete /v1/admin/alert-silences/:id': row('alert:work', { once: true }),
  'post /v1/admin/alert-destinations': row('alert:manage', {
    body: () => ({
      ...{ ...destination, key: randomUUID() },
      target: { kind: 'wecom', url: 'https://127.0.0.1:1/send?key=a' },
    }),
    once: true,
  }),
  'get /v1/admin/alert-destinations': row('alert:manage', { ...list('destinations'), once: true }),
  'get /v1/admin/alert-destinations/:id': row('alert:manage', { once: true }),
  'put /v1/admin/alert-destinations/:id': row('alert:manage', {
    body: () => destination,
    seen: 1,
    once: true,
  }),
  'post /v1/admin/alert-destinations/:id/test': row('alert:manage', { once: true }),
  'delete /v1/admin/alert-destinations/:id': row('alert:manage', { seen: 2, once: true }),
  'get /v1/admin/alert-limits': row('alert:manage', 'province'),
  'put /v1/admin/alert-limits': row('alert:manage', 'province'),
  'delete /v1/admin/orgs/:id': row('org:manage', { seen: 1, once: true }),

  'get /v1/admin/users': row('user:manage', list('users')),
  'get /v1/admin/users/:id': row('user:manage', named),
  'post /v1/admin/users': row('user:manage', {
    body: ({ community }) => ({
      ...{ name: `u${randomUUID().slice(0, 8)}`, password: 'a test of scopes' },
      ...{ roles: [], org: community },
    }),
    outside: 403,
  }),
  'put /v1/admin/users/:id/roles': row('user:manage', { body: () => ({ roles: [] }), seen: 1 }),
  'put /v1/admin/users/:id/org': row('user:manage', {
    body: ({ community }) => ({ org: community }),
    seen: 1,
  }),
  'get /v1/admin/users/:id/sessions': row('user:manage', named),
  'delete /v1/admin/users/:id/sessions': row('user:manage', named),
  'post /v1/admin/users/:id/password': row('user:manage', { body: () => ({ password: 'a test of scopes' }) }),
  'post /v1/admin/users/:id/totp-reset': row('user:manage', named),
  'post /v1/admin/users/:id/invitation': row('user:manage', named),
  'delete /v1/admin/users/:id/invitation': row('user:manage', named),
  'post /v1/admin/users/:id/unlock': row('user:manage', named),
  'post /v1/admin/users/:id/disable': row('user:manage', named),
  'post /v1/admin/users/:id/enable': row('user:manage', named),
  'get /v1/admin/roles': row('user:manage', 'self'),
  'get /v1/admin/roles/:name': row('user:manage', 'self'),
  'put /v1/admin/roles/:name': row('role:manage', 'province'),
  'delete /v1/admin/roles/:name': row('role:manage', 'province'),
  'post /v1/admin/role-files': row('role:manage', 'province'),
  'post /v1/admin/residents/look-up': row('resident:read', 'province'),
  'post /v1/admin/residents/bindings/:holder/:id/unbind': row('resident:manage', 'province'),
  'post /v1/admin/residents/erasures': row('resident:manage', 'province'),
  'post /v1/admin/residents/consents/:id/revoke': row('resident:manage', 'province'),
  'get /v1/admin/consents': row('float:use', list('consents')),
  'post /v1/admin/consents/:id/revoke': row('float:use', { body: () => ({ reason }) }),
  'get /v1/admin/retention': row('resident:read', 'province'),
  'get /v1/admin/invoices': row('order:read', 'province'),
  'get /v1/admin/audit': row('audit:read', 'province'),
  'get /v1/admin/audit/file': row('audit:read', 'province'),
  'get /v1/admin/audit/heads': row('audit:read', 'province'),
  'get /v1/admin/audit/verification': row('audit:read', 'province'),
  'get /v1/admin/keys': row('audit:read', 'province'),
  'get /v1/admin/support': row('audit:read', 'province'),
  'get /v1/admin/complaints': row('complaint:read', list('complaints')),
  'get /v1/admin/complaints/:id': row('complaint:read', named),
  'post /v1/admin/complaints/:id/reply': row('complaint:work', { body: () => ({ text: reason }) }),
  'post /v1/admin/complaints/:id/finish': row('complaint:work', named),
  'post /v1/admin/cases/:id/refund': row('refund:request', 'province'),
  'post /v1/admin/cases/:id/settlement': row('case:work', 'province'),
  'get /v1/admin/reconciliation': row('reconcile:read', 'province'),
  'get /v1/admin/reconciliation/:day': row('reconcile:read', 'province'),
  'post /v1/admin/reconciliation/runs': row('reconcile:run', 'province'),
  'get /v1/admin/money': row('bill:read', 'province'),
  'get /v1/admin/money/lines': row('bill:read', 'province'),
  'get /v1/admin/money/month': row('bill:read', 'province'),
  'get /v1/admin/money/flows': row('bill:read', 'province'),
  'get /v1/admin/money/months': row('bill:read', 'province'),
  'get /v1/admin/money/months/:month': row('bill:read', 'province'),
  'post /v1/admin/money/months/:month/close': row('reconcile:settle', 'province'),
  'get /v1/admin/bills/commission': row('bill:read', { query: `?org=${COMMUNITY}&month=2026-03` }),
  'get /v1/admin/commission-rules': row('commission:manage', 'province'),
  'post /v1/admin/commission-rules': row('commission:manage', 'province'),
  'post /v1/admin/commission-rules/:id/end': row('commission:manage', 'province'),
  'get /v1/admin/bills/grid': row('bill:read', 'province'),
  'get /v1/admin/bills/channel': row('bill:read', 'province'),
  'get /v1/admin/bills/community': row('bill:read', { query: `?community=${COMMUNITY}&month=2026-03` }),
  'get /v1/admin/bills/household': row('bill:read', 'province'),
  'get /v1/admin/discounts': row('discount:manage', list('discounts')),
  'post /v1/admin/discounts': row('discount:manage', { body: () => discount }),
  'post /v1/admin/discounts/:id/pause': row('discount:manage', { body: () => ({ paused: true, reason }) }),
  'post /v1/admin/discounts/households': row('discount:manage', {
    body: () => ({ households: [{ customerNo: '1', community: COMMUNITY, tags: [] }], reason }),
    outside: 400,
  }),
  'get /v1/admin/discounts/household-files': row('discount:manage', list('files')),
  // Each is its sender's.
  'post /v1/admin/discounts/household-files': row('discount:manage', 'self'),
  'put /v1/admin/discounts/household-files/:id/parts': row('discount:manage', 'self'),
  'post /v1/admin/discounts/household-files/:id/finish': row('discount:manage', 'self'),
  'get /v1/admin/deposit': row('float:request', 'province'),
  'post /v1/admin/deposit/top-ups': row('float:request', 'province'),
  'post /v1/admin/deposit/top-ups/:topUp/reversal': row('float:request', 'province'),
  'get /v1/admin/transfers': row('float:request', 'province'),
  'post /v1/admin/transfers': row('float:request', 'province'),
  'post /v1/admin/transfers/:transfer/rests': row('float:request', 'province'),
  'post /v1/admin/transfers/:transfer/reversal': row('float:request', 'province'),
  'get /v1/admin/floats': row('float:request', list('floats')),
  'get /v1/admin/floats/:id/entries': row('float:request', named),
  'get /v1/admin/floats/:id/shifts': row('float:request', named),
  'post /v1/admin/floats': row('float:request', {
    body: ({ terminalId }) => ({
      id: 'new-1',
      name: '新',
      terminals: [terminalId],
      dayLimitFen: 100,
      reason,
    }),
  }),
  'post /v1/admin/floats/:id/top-ups': row('float:request', {
    body: () => ({ fen: 100, reference: 'bank-1', reason }),
  }),
  'post /v1/admin/floats/:id/top-ups/:topUp/reversal': row('float:request', { body: () => ({ reason }) }),
  'get /v1/admin/payment-channels': row('payment:read', 'province'),
  'get /v1/admin/notifications': row('payment:read', 'province'),
  'post /v1/admin/notifications/:id/replay': row('payment:manage', 'province'),
  'get /v1/admin/payment-keys': row('payment:read', 'province'),
  'post /v1/admin/payment-keys': row('payment:manage', 'province'),
  'post /v1/admin/payment-keys/:id/retire': row('payment:manage', 'province'),
};
