import { z } from 'zod';
import { presence } from './heartbeat.ts';
import { orgId } from './org.ts';
import { repair } from './repairs.ts';
import { timestamp, words } from './scalars.ts';

/** What a kiosk's silence most likely comes from; those first that somebody has to go to. */
export const OFFLINE_CAUSES = ['reader', 'network', 'unknown', 'power', 'blocked', 'updating'] as const;
export type OfflineCause = (typeof OFFLINE_CAUSES)[number];

/**
 * `offline`: missing, or never heard since it was accepted; `reader`: without a reader that works, by its last word; `repair`: it was
 * reported, and nobody said that it works again.
 */
export const KIOSK_SHOWS = ['offline', 'online', 'reader', 'blocked', 'repair'] as const;

export const fleetKioskQuery = z.strictObject({
  show: z.enum(KIOSK_SHOWS).optional(),
  version: z.string().min(1).max(32).optional(),
  /** Within this organisation. */
  org: orgId.optional(),
  /** In its name or its place's, or its id. */
  text: words(1, 64).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(200),
});
export type FleetKioskQuery = z.output<typeof fleetKioskQuery>;

export const fleetKiosk = z.object({
  id: z.string(),
  name: z.string(),
  version: z.string(),
  /** The organisation that it stands in; null: not placed. */
  org: z.string().nullable(),
  presence,
  /** When it was last heard; null: never. */
  seenAt: timestamp.nullable(),
  /** It last said that it was told to sell nothing. */
  blocked: z.boolean(),
  /** It last said that it had no reader, or that its reader failed. */
  readerTrouble: z.boolean(),
  /** Of a missing one. */
  cause: z.enum(OFFLINE_CAUSES).nullable(),
  address: z.string().nullable(),
  /** The one that is open. */
  repair: repair.pick({ id: true, fault: true, owner: true, openedAt: true }).nullable(),
});
export type FleetKiosk = z.infer<typeof fleetKiosk>;

const count = z.int();
/** An organisation right below the one that is looked at, and how its kiosks are. */
const kioskTile = z.object({ org: z.string(), all: count, offline: count, reader: count, repair: count });
export type KioskTile = z.infer<typeof kioskTile>;
/** Those that need a hand first. `asOf`: counted then, up to half a minute old; `counts` and `versions` are of the whole scope. */
export const fleetKiosks = z.object({
  asOf: timestamp,
  counts: z.object({
    ...{ all: count, offline: count, online: count, reader: count, blocked: count, repair: count },
  }),
  /** Those with most offline first; of `org`, or of the caller's own where none is asked for. */
  tiles: z.array(kioskTile),
  versions: z.array(z.string()),
  kiosks: z.array(fleetKiosk),
  /** How many more there are than these. */
  more: count,
});
export type FleetKiosks = z.infer<typeof fleetKiosks>;
