import { z } from 'zod';
import { timestamp } from './scalars.ts';

/** What a machine is made of calls itself many things; what could be a person's name or number is no part of it. */
const label = z.string().max(64);
const count = z.int().min(0);

/** A fault that was dealt with. `sentence` is the error's own, with everything that could be a value taken out. */
export const machineFault = z.strictObject({
  at: timestamp,
  where: label,
  code: label,
  sentence: z.string().max(300),
  /** How often in a row. */
  times: count,
});
export type MachineFault = z.infer<typeof machineFault>;

/** How a terminal is: nothing of a household, an order's parties, a card or a key. */
export const diagnostics = z.strictObject({
  at: timestamp,
  /** First characters of the signing key's thumbprint: the console shows the same. */
  fingerprint: z.string().max(12),
  terminalId: z.string().max(32).nullable(),
  versions: z.strictObject({
    app: label,
    /** Null at a home box, which has none. */
    node: label.nullable(),
    /** Null where the page is in a browser of its own. */
    electron: label.nullable(),
    chromium: label.nullable(),
    system: label,
  }),
  uptimeS: count,
  readers: z
    .array(
      z.strictObject({
        name: label,
        card: z.enum(['none', 'in', 'unknown']),
        /** The kind of chip that was last read in it, never which card. */
        lastChip: label.nullable(),
      }),
    )
    .max(8),
  server: z.strictObject({
    link: z.enum(['online', 'away']),
    lastAnswerAt: timestamp.nullable(),
    /** Of the last request that was answered, ms. */
    roundTripMs: count.nullable(),
    /** Our clock less the server's, ms; null while too little was heard of that. */
    skewMs: z.int().nullable(),
  }),
  /** Where identity and journal are. */
  disk: z.strictObject({ freeMb: count, totalMb: count }).nullable(),
  /** Null: it cannot be read, and the terminal does not sell. */
  journal: z
    .strictObject({
      entries: count,
      /** What became of a write, and the server has not heard yet. */
      undelivered: count,
    })
    .nullable(),
  /** What the screen shows, and its code where that is a problem. */
  screen: z.strictObject({ name: label, problem: label.nullable() }),
  /** Newest first. */
  faults: z.array(machineFault).max(30),
});
export type Diagnostics = z.infer<typeof diagnostics>;

/** Eight digits, to be read out on the telephone. */
export const reportNo = z.string().regex(/^\d{8}$/);
export const reportSent = z.object({ reportNo });
export type ReportSent = z.infer<typeof reportSent>;

/** A terminal's newest reports of the last thirty days, newest first. */
export const terminalReports = z.object({
  reports: z.array(z.object({ reportNo, at: timestamp, report: diagnostics })),
});
export type TerminalReports = z.infer<typeof terminalReports>;
