import { z } from 'zod';
import { orgId } from './org.ts';
import { timestamp, words } from './scalars.ts';

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
  'certificate.expiring',
  'queue.jobs-late',
  'queue.orders-late',
  'queue.exports-late',
  'terminals.missing',
  'terminals.fault',
  'release.faulty',
  'rollout.halted',
  'store.database',
  'store.redis',
  'process.silent',
  'alert.delivery',
  'alert.rule-failed',
] as const;
export const alertRule = z.enum(ALERT_RULES);
export type AlertRule = z.infer<typeof alertRule>;

export const ALERT_SEVERITIES = ['warning', 'critical'] as const;
export const alertSeverity = z.enum(ALERT_SEVERITIES);
export type AlertSeverity = z.infer<typeof alertSeverity>;

const id = z.uuid();
export const alertParam = z.strictObject({ id });
const person = z.object({ id: z.string(), name: z.string() });

/** What was sent of an alert to one destination. `given-up`: it could not be told for a day. */
export const ALERT_NOTICE_KINDS = ['opened', 'worse', 'escalated', 'reminder', 'resolved'] as const;
export const alertNoticeKind = z.enum(ALERT_NOTICE_KINDS);
export type AlertNoticeKind = z.infer<typeof alertNoticeKind>;
export const ALERT_NOTICE_STATES = ['waiting', 'sent', 'given-up'] as const;
export type AlertNoticeState = (typeof ALERT_NOTICE_STATES)[number];

export const alertView = z.object({
  id,
  rule: alertRule,
  /** What of the rule is in trouble: a place, a channel, a cohort. */
  subject: z.string(),
  /** The organisation that it is about. */
  org: orgId,
  severity: alertSeverity,
  status: z.enum(['open', 'resolved']),
  /** As destinations are told it, in Chinese. */
  text: z.string(),
  /** Where it shows in the console. */
  page: z.string(),
  /** Its section of docs/operations.md. */
  runbook: z.string(),
  /** How many it is now, and the most that it was. */
  count: z.int(),
  worst: z.int(),
  /** Since when the trouble is there, as far as its own facts say. */
  since: timestamp,
  openedAt: timestamp,
  lastSeenAt: timestamp,
  /** How often it was found. */
  seen: z.int(),
  acknowledged: z.object({ at: timestamp, by: person, note: z.string() }).nullable(),
  resolvedAt: timestamp.nullable(),
  /** A silence holds it back now. */
  silenced: z.boolean(),
  /** How far it has been escalated; null: nobody was told yet. */
  step: z.int().nullable(),
});
export type AlertView = z.infer<typeof alertView>;

export const alertQuery = z.strictObject({
  status: z.enum(['open', 'resolved']).default('open'),
  /** Resolved ones: opened before that alert. */
  after: id.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export const alertPage = z.object({ alerts: z.array(alertView), next: id.nullable() });

export const alertNotice = z.object({
  destination: z.string(),
  kind: alertNoticeKind,
  state: z.enum(ALERT_NOTICE_STATES),
  at: timestamp,
  sentAt: timestamp.nullable(),
  tries: z.int(),
  /** Why the last try failed. */
  failure: z.string().nullable(),
});
export type AlertNotice = z.infer<typeof alertNotice>;
export const alertWithNotices = alertView.extend({ notices: z.array(alertNotice) });
export type AlertWithNotices = z.infer<typeof alertWithNotices>;

export const acknowledgeAlert = z.strictObject({ note: z.string().trim().max(200).default('') });

/** `*` stands for anything. */
const pattern = z.string().regex(/^[\w.*:|/ -]{1,120}$/u);
export const createSilence = z.strictObject({
  /** Chosen by the caller; the same one is the same silence. */
  key: id,
  /** Of a rule's name: `terminals.*`. */
  rule: pattern,
  subject: pattern.default('*'),
  reason: words(2, 200),
  /** Minutes from now; a week at most. */
  minutes: z.int().min(5).max(10_080),
});
export type CreateSilence = z.output<typeof createSilence>;
export const silenceView = z.object({
  id,
  rule: z.string(),
  subject: z.string(),
  reason: z.string(),
  org: orgId,
  by: person,
  from: timestamp,
  to: timestamp,
});
export type SilenceView = z.infer<typeof silenceView>;
/** Those that hold now. */
export const silenceList = z.object({ silences: z.array(silenceView) });

export const ALERT_ROBOTS = ['dingtalk', 'wecom', 'feishu'] as const;
export const ALERT_CHANNELS = [...ALERT_ROBOTS, 'email'] as const;
export const alertChannel = z.enum(ALERT_CHANNELS);
export type AlertChannel = z.infer<typeof alertChannel>;

/** In clear only to this machine itself, and without a name and password. */
const WEBHOOK =
  /^(?:https:\/\/[A-Za-z0-9][A-Za-z0-9.-]*|http:\/\/(?:127\.0\.0\.1|localhost|\[::1\]))(?::\d{1,5})?\/[\w./?=&%~+:@!$,;-]*$/;
const webhook = z.url().regex(WEBHOOK).max(500);

/** How a group's robot or a mailbox is reached. Sealed when it is stored, and never shown again. */
const robotTarget = z.strictObject({
  kind: z.enum(ALERT_ROBOTS),
  /** With its token or key; https, except to this machine itself. */
  url: webhook,
  /** DingTalk's 加签 or Feishu's 签名校验; WeCom has none. */
  secret: z.string().min(1).max(200).optional(),
});
const mailTarget = z.strictObject({
  kind: z.literal('email'),
  host: z.string().regex(/^[A-Za-z0-9.:-]{1,253}$/u),
  port: z.int().min(1).max(65_535),
  /** TLS from the first byte (465); else STARTTLS, without which nothing is sent but to this machine itself. */
  secure: z.boolean(),
  user: z.string().max(200).optional(),
  password: z.string().max(200).optional(),
  from: z.email().max(200),
  to: z.array(z.email().max(200)).min(1).max(20),
});
export const alertTarget = z.discriminatedUnion('kind', [robotTarget, mailTarget]);
export type AlertTarget = z.infer<typeof alertTarget>;

const destinationContent = {
  name: words(1, 60),
  /** Told of what is within it. */
  org: orgId,
  /** 0: at once; then each so many minutes that nobody has acknowledged. */
  step: z.int().min(0).max(3),
  /** The least that it is told of. */
  severity: alertSeverity,
  enabled: z.boolean(),
};
export const createDestination = z.strictObject({ ...destinationContent, key: id, target: alertTarget });
export type CreateDestination = z.infer<typeof createDestination>;
/** Without a target it stays what it is. */
export const changeDestination = z.strictObject({ ...destinationContent, target: alertTarget.optional() });
export type ChangeDestination = z.infer<typeof changeDestination>;
export const destinationView = z.object({
  ...destinationContent,
  id,
  kind: alertChannel,
  /** The host alone: the rest is secret. */
  host: z.string(),
  version: z.int(),
  /** Since when nothing reaches it, and why; null while all is well. */
  failing: z.object({ since: timestamp, code: z.string() }).nullable(),
  lastSentAt: timestamp.nullable(),
});
export type DestinationView = z.infer<typeof destinationView>;
export const destinationList = z.object({ destinations: z.array(destinationView) });
/** What became of a test message. `code`: the other side's own, or what kept it from being reached. */
export const destinationTest = z.object({ ok: z.boolean(), code: z.string().nullable() });

export const ALERT_UNITS = ['minute', 'hour', 'day', 'percent', 'count', 'clock'] as const;
export const alertLimit = z.object({
  name: z.string(),
  /** The rule that uses it; null: all of them. */
  rule: alertRule.nullable(),
  unit: z.enum(ALERT_UNITS),
  value: z.int(),
  default: z.int(),
  min: z.int(),
  max: z.int(),
});
export type AlertLimit = z.infer<typeof alertLimit>;
export const alertLimits = z.object({ limits: z.array(alertLimit), version: z.int() });
export type AlertLimits = z.infer<typeof alertLimits>;
