import { z } from 'zod';
import { orgId } from './org.ts';
import { timestamp, words } from './scalars.ts';
import { alertRule, alertSeverity } from './alert-rules.ts';

export const id = z.uuid();
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
  /** What is wrong, without where and since when, in each language of the console; destinations are told the Chinese. */
  texts: z.object({ 'zh-CN': z.string(), en: z.string() }),
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
  /** How far it has been escalated; null: no destination was told yet. */
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
