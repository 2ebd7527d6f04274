import { z } from 'zod';
import { FAULT_CODE, presence } from './heartbeat.ts';
import { reportNo } from './diagnostics.ts';
import { orgId } from './org.ts';
import { terminalId, timestamp, words } from './scalars.ts';
import { terminalSupport } from './support.ts';

/** What a terminal can be told to do from afar. Nothing of it touches a card, an order or money. */
export const COMMAND_KINDS = [
  'restart', // the program, once the terminal is idle
  'reload-content', // the page and what is announced, once the terminal is idle
  'run-diagnostics', // sends a report, as staff at the terminal can
  'resend-logs', // the tail of its log
  'support-archive', // all that helps to find a fault, and no secret
  'screenshot', // of the waiting screen alone
  'block', // sells nothing more, and finishes what is open
  'unblock',
] as const;
export const commandKind = z.enum(COMMAND_KINDS);
export type CommandKind = z.infer<typeof commandKind>;

/** What each kind of terminal takes. A home box keeps no log, and no picture of a family's screen leaves it. */
export const KINDS_OF: Readonly<Record<'kiosk' | 'box', readonly CommandKind[]>> = {
  kiosk: COMMAND_KINDS,
  box: ['restart', 'reload-content', 'run-diagnostics', 'support-archive', 'block', 'unblock'],
};

/** Those whose results are small, so that a whole province may be told. */
export const BATCH_KINDS = [
  'restart',
  'reload-content',
  'run-diagnostics',
  'block',
  'unblock',
] as const satisfies readonly CommandKind[];

/**
 * `delivered`: handed out, and not answered yet; the terminal waits until it is idle. `expired`: no answer came in
 * time; a later one is believed.
 */
export const COMMAND_STATES = [
  'queued',
  'delivered',
  'done',
  'failed',
  'refused',
  'expired',
  'cancelled',
] as const;
export const commandState = z.enum(COMMAND_STATES);
export type CommandState = z.infer<typeof commandState>;

/** JWS of the server (ES256, this `typ`): for one terminal, once, until `exp`. */
export const COMMAND_TYP = 'command+jws';

/** What is signed. Unknown kinds are refused by the terminal, not by the reader of the message. */
export const commandPayload = z.object({
  iss: z.literal('bianmin'),
  /** The terminal's id. */
  sub: terminalId,
  /** The command's id. */
  jti: z.string().min(8).max(128),
  kind: z.string().max(32),
  iat: z.int(),
  exp: z.int(),
});
export type CommandPayload = z.infer<typeof commandPayload>;

/** Lines and characters of a log that is sent again. */
export const LOG_LINES = 200;
export const LOG_LINE_LENGTH = 600;

/** What became of a command, by the terminal's word. */
export const commandResult = z.strictObject({
  outcome: z.enum(['done', 'failed', 'refused']),
  /** Why it was not done. */
  code: z.string().regex(FAULT_CODE).max(64).optional(),
  /** Of the report that was sent. */
  reportNo: reportNo.optional(),
  log: z.array(z.string().max(LOG_LINE_LENGTH)).max(LOG_LINES).optional(),
  /** JPEG, base64. */
  picture: z
    .string()
    .regex(/^[A-Za-z0-9+/]+={0,2}$/)
    .max(200_000)
    .optional(),
  /** What a support archive is made of; a box says it by its report. */
  support: terminalSupport.optional(),
});
export type CommandResult = z.infer<typeof commandResult>;

const COMMAND_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:\.t[0-9a-f]{30})?$/;
export const commandIdParam = z.strictObject({ id: z.string().regex(COMMAND_ID) });
export const batchIdParam = z.strictObject({ id: z.uuid() });

/** How long a command is good, seconds: a minute to a week. */
const ttlS = z.int().min(60).max(604_800).default(86_400);
const asked = {
  /** Chosen by who sends it: sent twice it is one. */
  key: z.uuid(),
  reason: words(3, 200),
  ttlS,
};
export const sendCommand = z.strictObject({ ...asked, kind: commandKind });
export type SendCommand = z.infer<typeof sendCommand>;

/** Accepted kiosks that all of this holds for. */
const target = {
  /** With what is below it; absent: the caller's own. */
  org: orgId.optional(),
  /** As the terminal last said. */
  version: z.string().min(1).max(32).optional(),
  presence: presence.optional(),
};
export const targetQuery = z.strictObject(target);
export type TargetQuery = z.infer<typeof targetQuery>;
export const targetCount = z.object({ terminals: z.int() });
export const sendBatch = z.strictObject({ ...asked, kind: z.enum(BATCH_KINDS), target: targetQuery });
export type SendBatch = z.infer<typeof sendBatch>;

export const adminCommand = z.object({
  id: z.string(),
  terminalId: z.string(),
  kind: commandKind,
  reason: z.string(),
  batch: z.string().nullable(),
  issuedBy: z.string(),
  issuedAt: timestamp,
  expiresAt: timestamp,
  state: commandState,
  deliveredAt: timestamp.nullable(),
  answeredAt: timestamp.nullable(),
  code: z.string().nullable(),
  reportNo: z.string().nullable(),
  hasLog: z.boolean(),
  hasPicture: z.boolean(),
  /** Until when its support archive can be fetched; null: there is none, or none any more. */
  archiveUntil: timestamp.nullable(),
});
export type AdminCommand = z.infer<typeof adminCommand>;
/** A terminal's newest, newest first. */
export const adminCommands = z.object({ commands: z.array(adminCommand) });
export const commandDetail = z.object({
  command: adminCommand,
  log: z.array(z.string()).nullable(),
  /** JPEG, base64. */
  picture: z.string().nullable(),
});

export const adminBatch = z.object({
  id: z.string(),
  kind: commandKind,
  reason: z.string(),
  org: z.string(),
  version: z.string().nullable(),
  presence: presence.nullable(),
  issuedBy: z.string(),
  issuedAt: timestamp,
  expiresAt: timestamp,
  /** `making`: more terminals are still being told. */
  state: z.enum(['making', 'made', 'cancelled']),
  /** Told so far. */
  terminals: z.int(),
});
export type AdminBatch = z.infer<typeof adminBatch>;
export const adminBatches = z.object({ batches: z.array(adminBatch) });
/** How many of a batch's commands are in each state. */
export const batchProgress = z.object({
  batch: adminBatch,
  states: z.array(z.object({ state: commandState, count: z.int() })),
});
export type BatchProgress = z.infer<typeof batchProgress>;
