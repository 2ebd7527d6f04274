import { z } from 'zod';
import { orgId } from './org.ts';
import { timestamp, words } from './scalars.ts';

export const ANNOUNCEMENT_DEVICES = ['kiosk', 'box'] as const;

/** One calm line on a screen that waits: what does not fit into one is no announcement. */
const texts = z.strictObject({
  'zh-CN': words(1, 60),
  en: words(1, 120).optional(),
  ug: words(1, 120).optional(),
});
export type AnnouncementTexts = z.infer<typeof texts>;

const content = z.strictObject({
  texts,
  /** Shown at terminals of this organisation and of every one below it. */
  org: orgId,
  devices: z.array(z.enum(ANNOUNCEMENT_DEVICES)).min(1).max(2),
  from: timestamp,
  /** From then on it is shown no more. */
  to: timestamp,
});
const inOrder = (of: { from: string; to: string }): boolean => Date.parse(of.from) < Date.parse(of.to);
const wrongOrder = { error: 'must be after its beginning', path: ['to'] };

/** `key`: chosen by the caller, the same one is the same announcement. */
export const createAnnouncement = content.extend({ key: z.uuid() }).refine(inOrder, wrongOrder);
export type CreateAnnouncement = z.infer<typeof createAnnouncement>;
export const changeAnnouncement = content.refine(inOrder, wrongOrder);
export type ChangeAnnouncement = z.infer<typeof changeAnnouncement>;
export const announcementParam = z.strictObject({ id: z.uuid() });

export const announcementView = z.object({
  id: z.string(),
  ...content.shape,
  /** Its ETag: a change sends the one that was read as `If-Match`. */
  version: z.int(),
  createdBy: z.string(),
  createdAt: timestamp,
  changedBy: z.string(),
  changedAt: timestamp,
});
export type AnnouncementView = z.infer<typeof announcementView>;
export const announcementList = z.object({ announcements: z.array(announcementView) });

/** As a terminal is told: those that it may show now, and when each ends. */
export const terminalAnnouncements = z.object({
  announcements: z.array(z.object({ id: z.string(), texts, to: timestamp })).max(5),
});
export type TerminalAnnouncements = z.infer<typeof terminalAnnouncements>;
