import { z } from 'zod';

/** Everything that can be wrong: one rule each. docs/alerts.md says why, docs/operations.md what to do. */
export const ALERT_RULES = [
  'order.paid-not-sold',
  'order.sold-not-written',
  'order.card-went-home',
  'order.write-unfinished',
  'order.unknown-too-long',
  'order.attention',
  'refund.stuck',
  'refund.abnormal',
  'case.waiting',
  'reconcile.difference',
  'reconcile.day-late',
  'books.behind',
  'channel.down',
  'channel.failing',
  'grid.silent',
  'grid.credit-low',
  'grid.credit-gone',
  'grid.key-refused',
  'certificate.expiring',
  'keys.unreadable',
  'queue.jobs-late',
  'queue.orders-late',
  'queue.exports-late',
  'terminals.missing',
  'terminals.fault',
  'terminals.waiting',
  'release.faulty',
  'rollout.halted',
  'access.guessing',
  'access.break-glass',
  'command.forged',
  'backup.old',
  'backup.undrilled',
  'store.database',
  'store.redis',
  'store.strained',
  'process.silent',
  'alert.delivery',
  'alert.rule-failed',
] as const;
export const alertRule = z.enum(ALERT_RULES);
export type AlertRule = z.infer<typeof alertRule>;

export const ALERT_SEVERITIES = ['warning', 'critical'] as const;
export const alertSeverity = z.enum(ALERT_SEVERITIES);
export type AlertSeverity = z.infer<typeof alertSeverity>;
