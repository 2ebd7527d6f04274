import { z } from 'zod';
import type { AlertLimit } from './alerts.ts';
import type { AlertRule } from './alert-rules.ts';

type Row = Pick<AlertLimit, 'rule' | 'unit' | 'default' | 'min' | 'max'>;
const row = (rule: AlertRule | null, unit: Row['unit'], of: readonly [number, number, number]): Row => ({
  ...{ rule, unit, default: of[0], min: of[1], max: of[2] },
});

/** From when on something is an alert: the default, and the least and the most that an administrator may make of it. */
export const ALERT_LIMITS = {
  'paid-not-sold-minutes': row('order.paid-not-sold', 'minute', [5, 1, 1440]),
  'sold-not-written-minutes': row('order.sold-not-written', 'minute', [30, 5, 1440]),
  'card-went-home-hours': row('order.card-went-home', 'hour', [24, 1, 168]),
  'write-unfinished-minutes': row('order.write-unfinished', 'minute', [15, 3, 1440]),
  'unknown-minutes': row('order.unknown-too-long', 'minute', [30, 5, 1440]),
  'attention-hours': row('order.attention', 'hour', [4, 0, 168]),
  'refund-stuck-minutes': row('refund.stuck', 'minute', [60, 10, 4320]),
  'refund-sent-hours': row('refund.stuck', 'hour', [72, 1, 240]),
  'case-waiting-hours': row('case.waiting', 'hour', [24, 0, 720]),
  'day-due-hour': row('reconcile.day-late', 'clock', [14, 10, 23]),
  'books-behind-minutes': row('books.behind', 'minute', [15, 2, 1440]),
  'channel-down-minutes': row('channel.down', 'minute', [2, 0, 120]),
  'failing-window-minutes': row('channel.failing', 'minute', [15, 5, 120]),
  'failing-percent': row('channel.failing', 'percent', [50, 5, 100]),
  'failing-least': row('channel.failing', 'count', [10, 1, 1000]),
  'grid-silent-percent': row('grid.silent', 'percent', [50, 5, 100]),
  'grid-silent-least': row('grid.silent', 'count', [5, 1, 1000]),
  'credit-notice-days': row('grid.credit-low', 'day', [3, 1, 60]),
  'credit-urgent-days': row('grid.credit-low', 'day', [1, 0, 30]),
  'certificate-notice-days': row('certificate.expiring', 'day', [30, 1, 365]),
  'certificate-warn-days': row('certificate.expiring', 'day', [14, 1, 365]),
  'certificate-urgent-days': row('certificate.expiring', 'day', [3, 1, 365]),
  'jobs-late-minutes': row('queue.jobs-late', 'minute', [2, 1, 120]),
  'orders-late-minutes': row('queue.orders-late', 'minute', [5, 1, 120]),
  'exports-late-minutes': row('queue.exports-late', 'minute', [30, 5, 1440]),
  'missing-percent': row('terminals.missing', 'percent', [20, 1, 100]),
  'missing-least': row('terminals.missing', 'count', [5, 1, 10_000]),
  'fault-percent': row('terminals.fault', 'percent', [200, 1, 100_000]),
  'fault-least': row('terminals.fault', 'count', [20, 1, 100_000]),
  'waiting-least': row('terminals.waiting', 'count', [100, 1, 1000]),
  'release-faulty-minutes': row('release.faulty', 'minute', [5, 0, 1440]),
  'backup-old-hours': row('backup.old', 'hour', [13, 1, 720]),
  'drill-old-days': row('backup.undrilled', 'day', [8, 1, 90]),
  'store-away-minutes': row('store.redis', 'minute', [1, 0, 60]),
  'store-full-percent': row('store.strained', 'percent', [80, 50, 99]),
  'store-lag-minutes': row('store.strained', 'minute', [1, 1, 120]),
  'store-log-hours': row('store.strained', 'hour', [24, 1, 720]),
  'process-silent-minutes': row('process.silent', 'minute', [3, 2, 60]),
  'delivery-late-minutes': row('alert.delivery', 'minute', [10, 1, 1440]),
  'escalate-minutes': row(null, 'minute', [30, 1, 1440]),
  'remind-minutes': row(null, 'minute', [240, 10, 10_080]),
} as const satisfies Readonly<Record<string, Row>>;

export type LimitName = keyof typeof ALERT_LIMITS;
export const LIMIT_NAMES = Object.keys(ALERT_LIMITS) as LimitName[];

function isWithin({ name, value }: { name: LimitName; value: number }): boolean {
  return value >= ALERT_LIMITS[name].min && value <= ALERT_LIMITS[name].max;
}

/** Those that are named; the others stay. */
export const changeLimits = z.strictObject({
  limits: z
    .array(
      z
        .strictObject({ name: z.enum(LIMIT_NAMES), value: z.int().min(0).max(100_000) })
        .refine(isWithin, { error: 'is out of its bounds', path: ['value'] }),
    )
    .min(1)
    .max(LIMIT_NAMES.length),
});
export type ChangeLimits = z.infer<typeof changeLimits>;
