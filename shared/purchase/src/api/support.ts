import { z } from 'zod';
import { diagnostics } from './diagnostics.ts';
import { timestamp } from './scalars.ts';

/** A name or code of a machine's or of ours; what could be a person's is looked for by `scrub.ts` before it comes here. */
const label = z.string().max(64);
const count = z.number().min(0);

/** Lines and characters of a log in an archive. */
export const SUPPORT_LOG_LINES = 200;
export const SUPPORT_LINE_LENGTH = 600;
/** Of all lines of one log, as JSON: an archive's parts are one request of a terminal. */
export const SUPPORT_LOG_BYTES = 120_000;
/** Largest archive, and largest text in it, bytes. */
export const SUPPORT_ARCHIVE_BYTES = 1_000_000;
export const SUPPORT_FILE_BYTES = 1_000_000;
/** How long an archive that a terminal sent can be fetched, days. */
export const SUPPORT_DAYS = 7;
export const SUPPORT_MEDIA_TYPE = 'application/zip';

/** `shown`: as it is. `hidden`: it is set, and its value is nobody's business. */
const supportSetting = z.strictObject({
  name: label,
  state: z.enum(['shown', 'hidden']),
  value: z.string().max(200).nullable(),
});
export type SupportSetting = z.infer<typeof supportSetting>;

/** The machine that a program runs on. */
const supportSystem = z.strictObject({
  platform: label,
  node: label,
  cpus: count,
  /** Of one minute; 0 on Windows, which has none. */
  load: count,
  memoryMb: z.strictObject({ free: count, total: count }),
  uptimeS: count,
  processMb: count,
  /** Of the folder that matters: a terminal's data, a server's work. */
  disk: z.strictObject({ freeMb: count, totalMb: count }).nullable(),
  /** A small write to that folder, made durable: `null` where it succeeded or was not tried, else the system's code. */
  writeFault: label.nullable(),
});
export type SupportSystem = z.infer<typeof supportSystem>;

/** What stands between this program and another one, a step after the other; the first that fails is the last. */
const supportLine = z.strictObject({
  /** `server`, `grid`, a channel's name. */
  to: label,
  /** Without path, user and password. */
  address: z.string().max(200),
  steps: z
    .array(
      z.strictObject({
        step: z.enum(['name', 'connect', 'tls', 'answer']),
        ms: count,
        /** The system's or ours; null where it succeeded. */
        fault: label.nullable(),
      }),
    )
    .max(4),
  /** Of the other side, also where it was refused. */
  certificate: z.strictObject({ from: timestamp, until: timestamp }).nullable(),
  /** Our clock less the other's, as its `Date` has it, to the second. */
  skewMs: z.int().nullable(),
});
export type SupportLine = z.infer<typeof supportLine>;

/** What is plugged in and who has it, as `bianmin-card doctor` finds it. */
export const supportReaders = z.strictObject({
  devices: z.array(z.strictObject({ id: label, name: label, model: label.nullable(), kind: label })).max(32),
  findings: z
    .array(
      z.strictObject({
        id: label,
        severity: z.enum(['ok', 'note', 'problem']),
        device: z.string().max(128).nullable(),
        /** The program that holds it, the package that does not load. */
        by: label.nullable(),
      }),
    )
    .max(64),
});
export type SupportReaders = z.infer<typeof supportReaders>;

/** Where each write stands; nothing of cards and orders. Null: it cannot be read. */
export const supportJournal = z
  .strictObject({
    entries: z
      .array(
        z.strictObject({
          phase: z.enum(['intent', 'presenting', 'writing', 'written', 'failed']),
          chip: label,
          told: z.boolean(),
          ageS: count,
        }),
      )
      .max(200),
  })
  .nullable();

const logLines = z.array(z.string().max(SUPPORT_LINE_LENGTH)).max(SUPPORT_LOG_LINES);

/** Of kiosk or box. What it could not find out is null. */
export const terminalSupport = z.strictObject({
  kind: z.enum(['kiosk', 'box']),
  at: timestamp,
  version: label,
  /** The running program's own word, at its own time; null where none has run. */
  machine: diagnostics.nullable(),
  system: supportSystem.nullable(),
  settings: z.array(supportSetting).max(100),
  readers: supportReaders.nullable(),
  journal: supportJournal,
  lines: z.array(supportLine).max(4),
  log: logLines,
});
export type TerminalSupport = z.infer<typeof terminalSupport>;

const store = z.strictObject({
  name: z.enum(['mongodb', 'redis', 'redis-queue']),
  /** Of a ping; null where there was no answer. */
  ms: count.nullable(),
  fault: label.nullable(),
  version: label.nullable(),
  /** `primary`, `secondary`, `alone`, `master`, `slave`. */
  role: label.nullable(),
  facts: z.array(z.strictObject({ name: label, value: z.union([z.number(), label]) })).max(32),
});
export type SupportStore = z.infer<typeof store>;

/** What the database says; null where it does not answer. */
const supportWork = z.strictObject({
  migrations: z.strictObject({ version: count, needed: count, unfinished: label.nullable() }),
  /** Indexes that collections lack. */
  indexesMissing: z.array(z.string().max(200)).max(100),
  leases: z.array(z.strictObject({ of: label, leftS: z.number(), holders: count })).max(8),
  queue: z.array(z.strictObject({ state: label, jobs: count })).max(8),
  /** Seconds that each reader of changes is behind the orders. */
  behindS: z.array(z.strictObject({ reader: label, seconds: count })).max(16),
  processes: z
    .array(
      z.strictObject({
        kind: label,
        ageS: count,
        faults: z.array(z.strictObject({ rule: label, code: label })),
      }),
    )
    .max(64),
  alerts: z.array(z.strictObject({ rule: label, severity: label, count, since: timestamp })).max(100),
  collections: z.array(z.strictObject({ name: label, documents: count })).max(200),
});
export type SupportWork = z.infer<typeof supportWork>;

/** Of a server, as one of its processes or the command sees it. */
export const serverSupport = z.strictObject({
  kind: z.literal('server'),
  at: timestamp,
  version: label,
  system: supportSystem,
  settings: z.array(supportSetting).max(300),
  stores: z.array(store).max(3),
  work: supportWork.nullable(),
  lines: z.array(supportLine).max(12),
  certificates: z.array(z.strictObject({ name: label, until: timestamp })).max(64),
  /** Of the process that answers, or of files that were named. */
  log: z.array(z.string().max(SUPPORT_LINE_LENGTH)).max(4 * SUPPORT_LOG_LINES),
});
export type ServerSupport = z.infer<typeof serverSupport>;

export const supportParts = z.discriminatedUnion('kind', [terminalSupport, serverSupport]);
export type SupportParts = z.infer<typeof supportParts>;

/** The first file of an archive: what else is in it, each with its digest. */
export const supportManifest = z.strictObject({
  format: z.literal('bianmin-support'),
  version: z.literal(1),
  kind: z.enum(['kiosk', 'box', 'server']),
  at: timestamp,
  release: label,
  files: z
    .array(
      z.strictObject({ name: label, bytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/u) }),
    )
    .max(16),
});
export type SupportManifest = z.infer<typeof supportManifest>;
