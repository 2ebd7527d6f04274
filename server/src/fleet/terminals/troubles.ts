import type { ChainableCommander, Redis } from 'ioredis';
import type { Heartbeat } from '@bianmin/purchase/api/heartbeat';

/** Which faults say that a reader does not work, and which that calls do not reach us. */
const FAULTS = {
  reader: /^(?:reader|usb|ccid|pcsc|hid)\./,
  link: /^(?:server\.unavailable$|network\.)/,
} as const;
type Told = keyof typeof FAULTS;
const TOLD = Object.keys(FAULTS) as Told[];

export const TROUBLES_KEPT_MS = 7 * 24 * 3_600_000;
/** A hash of each kind: when it was last so of a terminal, wall clock ms. */
const keyOf = (kind: Told | 'late'): string => `fleet:trouble:${kind}`;
/** When a beat last came late, which beats themselves see. */
export const LATE_KEY = keyOf('late');

/** When a terminal last told of faults of its reader or its link, or was late; absent: not within a week, nor since Redis came up. */
export type Troubles = Readonly<Partial<Record<Told | 'late', number>>>;

/** Adds to `doing` that a terminal tells of these faults now, wall clock ms. */
export function noteTroubles(
  doing: ChainableCommander,
  told: {
    readonly id: string;
    readonly errors: NonNullable<Heartbeat['errors']>;
    readonly now: number;
  },
): void {
  for (const kind of TOLD) {
    if (!told.errors.some(({ code }) => FAULTS[kind].test(code))) continue;
    doing.hset(keyOf(kind), told.id, told.now).pexpire(keyOf(kind), TROUBLES_KEPT_MS);
  }
}

export async function troublesOf(redis: Redis, ids: readonly string[]): Promise<Map<string, Troubles>> {
  const troubles = new Map<string, Troubles>();
  if (ids.length === 0) return troubles;
  for (const kind of [...TOLD, 'late'] as const) {
    for (const [no, at] of (await redis.hmget(keyOf(kind), ...ids)).entries()) {
      const id = ids[no];
      if (at !== null && id !== undefined) troubles.set(id, { ...troubles.get(id), [kind]: Number(at) });
    }
  }
  return troubles;
}
