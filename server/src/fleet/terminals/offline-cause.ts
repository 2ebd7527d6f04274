import type { OfflineCause } from '@bianmin/purchase/api/fleet-kiosks';

/** Who loses power with others falls silent with them, to the beat. */
const TOGETHER_MS = 5 * 60_000;
/** What was told this long before the silence may explain it. */
const BEFORE_MS = 30 * 60_000;
/** A release or a restart that takes longer is not what keeps it away. */
const UPDATE_MS = 60 * 60_000;

/** What is known of a kiosk that is missing; all times wall clock, ms. */
export interface SilenceFacts {
  /** When it was last heard. */
  readonly seenAt: number;
  /** The other kiosks of its community that were ever heard. */
  readonly neighbours: readonly { readonly seenAt: number; readonly isMissing: boolean }[];
  /** It last said that it sells nothing, by command. */
  readonly blocked: boolean;
  /** It last said that it has a reader. */
  readonly hasReader: boolean;
  /** When it last told of faults of its reader; of calls that did not reach us, or a beat came late. */
  readonly readerFaultAt?: number | undefined;
  readonly linkFaultAt?: number | undefined;
  /** Since when it was under way to another release, or restarting by command. */
  readonly updatingSince?: number | undefined;
}

/**
 * Why a kiosk most likely fell silent, the first of these that its facts say: it was updating; most of its community went within
 * minutes of it; it was out of service; its calls failed before; its reader did. A guess for who looks at it next, and no more: a
 * line that serves a whole community looks like its power.
 */
export function offlineCause(facts: SilenceFacts): OfflineCause {
  const { seenAt, blocked, hasReader, readerFaultAt, linkFaultAt, updatingSince } = facts;
  const isBefore = (at: number | undefined, withinMs: number): boolean =>
    at !== undefined && Math.abs(seenAt - at) <= withinMs;
  if (isBefore(updatingSince, UPDATE_MS)) return 'updating';
  if (wentTogether(facts)) return 'power';
  if (blocked) return 'blocked';
  if (isBefore(linkFaultAt, BEFORE_MS)) return 'network';
  return !hasReader || isBefore(readerFaultAt, BEFORE_MS) ? 'reader' : 'unknown';
}

/** With at least half of the neighbours. */
function wentTogether({ seenAt, neighbours }: SilenceFacts): boolean {
  const gone = neighbours.filter(
    (other) => other.isMissing && Math.abs(other.seenAt - seenAt) <= TOGETHER_MS,
  ).length;
  return gone > 0 && gone * 2 >= neighbours.length;
}
