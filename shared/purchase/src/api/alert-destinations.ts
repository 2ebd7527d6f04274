import { z } from 'zod';
import { orgId } from './org.ts';
import { timestamp, words } from './scalars.ts';
import { alertSeverity } from './alert-rules.ts';
import { id } from './alerts.ts';

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
  /** 0: at once; then each after so many minutes without an acknowledgement. */
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
