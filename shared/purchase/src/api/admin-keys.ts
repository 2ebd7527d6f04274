import { z } from 'zod';
import { timestamp } from './scalars.ts';

/**
 * What becomes of a version of the data key: `sealing`, new values are made under it; `read`, values are still under it; `empty`, none
 * is, and it may be taken out of the configuration; `waiting`, not every process has it yet; `gone`, it was taken out.
 */
export const dataKeyState = z.enum(['sealing', 'read', 'empty', 'waiting', 'gone']);
export type DataKeyState = z.infer<typeof dataKeyState>;

export const dataKeyVersion = z.object({
  version: z.int(),
  state: dataKeyState,
  firstSeenAt: timestamp,
  /** From when on values were made under it; null: none was. */
  usedSince: timestamp.nullable(),
  /** When the last value under it was made anew under a later one. */
  emptiedAt: timestamp.nullable(),
});
export type DataKeyVersion = z.infer<typeof dataKeyVersion>;

/** How far values are made anew under the version of now. */
export const keyWork = z.object({
  version: z.int(),
  /** Through all collections; the last one finds nothing to do. */
  walk: z.int(),
  collection: z.string(),
  /** In this walk, of about so many documents. */
  looked: z.int(),
  documents: z.int(),
  /** Values, in all walks. */
  renewed: z.int(),
  /** Values that the last whole walk could not change yet, by collection; in the first one so far. */
  left: z.record(z.string(), z.int()),
  /** Of those, what no key opens. */
  unreadable: z.int(),
  beganAt: timestamp,
  movedAt: timestamp,
  doneAt: timestamp.nullable(),
  /** What is left opens under no key: nothing more is done until it is asked for. */
  stoppedAt: timestamp.nullable(),
});
export type KeyWork = z.infer<typeof keyWork>;

/** How a key is changed, and what happens then; the console has the words. */
export const KEY_GUIDES = [
  'token',
  'command',
  'time',
  'grid',
  'grid-theirs',
  'channel',
  'release',
  'backup',
  'invoice',
  'tls',
] as const;
export const keyGuide = z.enum(KEY_GUIDES);
export type KeyGuide = z.infer<typeof keyGuide>;

/** Another key of the configuration, or one that was uploaded and counts now. */
export const otherKey = z.object({
  /** The variable; of a version after the first, the version too. */
  name: z.string(),
  guide: keyGuide,
  /** Tells two of them apart and says nothing of the key. */
  fingerprint: z.string(),
  /** When this server first had it. */
  since: timestamp,
  /** Of a certificate. */
  notAfter: timestamp.nullable(),
});
export type OtherKey = z.infer<typeof otherKey>;

/** What there is of keys, and how old it is; never a key. */
export const adminKeys = z.object({
  data: z.object({
    versions: z.array(dataKeyVersion),
    /** Processes that live and lack the newest version. */
    lacking: z.int(),
    work: keyWork.nullable(),
  }),
  others: z.array(otherKey),
  /** Keys of terminals, which never leave them: how many, and since when the oldest one is known. */
  terminals: z.object({ count: z.int(), oldest: timestamp.nullable() }),
});
export type AdminKeys = z.infer<typeof adminKeys>;
