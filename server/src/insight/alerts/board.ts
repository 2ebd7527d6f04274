import { randomUUID } from 'node:crypto';
import type { AlertRule } from '@bianmin/purchase/api/alert-rules';
import { idAfter, keyOf, UNTOLD, type Alert } from './alert.ts';
import type { AlertStore } from './alert-store.ts';
import { severityOf } from './book.ts';
import type { Finding } from './finding.ts';

/** So many looks in a row must find nothing before a trouble is over: one that flickers is one. */
const GONE_AFTER = 2;
/** An alert that is as it was is written again so often, so that one can see that it is still there. */
const SEEN_EVERY_MS = 60_000;

/** Makes alerts of findings: the same trouble is one alert, and what is found no more is resolved. */
export class AlertBoard {
  readonly #store: AlertStore;

  constructor(store: AlertStore) {
    this.#store = store;
  }

  /** What these rules find now, all of it: whatever else of them is open was not found. */
  async apply(covers: readonly AlertRule[], findings: readonly Finding[], now: Date): Promise<void> {
    const open = await this.#store.open(covers);
    const known = new Map(open.map((alert) => [keyOf(alert), alert]));
    for (const finding of findings) {
      const before = known.get(keyOf(finding));
      known.delete(keyOf(finding));
      if (before === undefined) await this.#open(finding, now);
      else await this.#seen(before, finding, now);
    }
    for (const gone of known.values()) await this.#missed(gone, now);
  }

  async #open(finding: Finding, now: Date): Promise<void> {
    const key = keyOf(finding);
    const last = await this.#store.lastOf(key);
    // Another worker, whose lease has just ended, was faster.
    if (last?.status === 'open') return;
    await this.#store.insert({ ...opened(finding, now), _id: idAfter(key, last?._id) });
  }

  /** A change meanwhile is an acknowledgement: the next round sees it again. */
  async #seen(before: Alert, finding: Finding, now: Date): Promise<void> {
    const { count, since, level = 1, facts = {} } = finding;
    const same = before.count === count && before.level === level && before.misses === 0;
    if (same && now.getTime() - before.lastSeenAt.getTime() < SEEN_EVERY_MS) return;
    await this.#store.change(before, {
      ...{ count, level, facts, lastSeenAt: now, misses: 0, seen: before.seen + 1 },
      worst: Math.max(before.worst, count),
      since: since < before.since ? since : before.since,
      severity: severityOf({ rule: before.rule, level }),
    });
  }

  async #missed(alert: Alert, now: Date): Promise<void> {
    const misses = alert.misses + 1;
    if (misses < GONE_AFTER) {
      await this.#store.change(alert, { misses });
      return;
    }
    const closing = alert.told.firstAt !== null;
    const over = { status: 'resolved', resolvedAt: now, closing } as const;
    await this.#store.change(alert, { misses, ...over });
  }
}

export function opened(
  { rule, subject, orgPath, since, count, level = 1, facts = {} }: Finding,
  now: Date,
): Alert {
  return {
    ...{ _id: randomUUID(), rule, subject, key: keyOf({ rule, subject }), orgPath, level, facts },
    ...{ severity: severityOf({ rule, level }), status: 'open', count, worst: count, since },
    ...{ openedAt: now, lastSeenAt: now, seen: 1, misses: 0, acknowledged: null, resolvedAt: null },
    ...{ told: UNTOLD, closing: false, version: 1 },
  };
}
