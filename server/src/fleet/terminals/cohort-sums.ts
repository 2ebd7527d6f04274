import type { Cohort, Presence } from '@bianmin/purchase/api/heartbeat';
import { PROVINCE } from '@bianmin/purchase/api/org';
import type { TerminalHealth } from '../store/terminal-health.ts';
import type { FaultCount } from './presence.ts';

/** Of each cohort, the most frequent. */
const FAULTS_SHOWN = 10;

interface Sum {
  readonly of: Pick<Cohort, 'kind' | 'version' | 'platform' | 'reader' | 'org'>;
  readonly presence: { online: number; late: number; missing: number; unknown: number };
  blocked: number;
  readonly faults: Map<string, number>;
}

/** Counts terminals and faults by what they have in common. */
export class CohortSums {
  readonly #sums = new Map<string, Sum>();

  add({ kind, version, platform, readers, orgPath, blocked }: TerminalHealth, presence: Presence): void {
    const of = { kind, version, platform: platform ?? null, reader: readers[0] ?? null };
    const sum = this.#sum({ ...of, org: placeOf(orgPath) });
    // A terminal that has a document was heard once.
    sum.presence[presence === 'never' ? 'missing' : presence] += 1;
    if (blocked === true) sum.blocked += 1;
  }

  fault({ kind, version, platform, reader, orgPath, code, count }: FaultCount): void {
    const of = { kind, version, platform: platform ?? null, reader: reader || null };
    const { faults } = this.#sum({ ...of, org: placeOf(orgPath) });
    faults.set(code, (faults.get(code) ?? 0) + count);
  }

  /** The largest share of those that are not online first; among equals the larger cohort. */
  all(): Cohort[] {
    return [...this.#sums.values()]
      .map(({ of, presence, blocked, faults }) => ({
        ...of,
        terminals: presence.online + presence.late + presence.missing + presence.unknown,
        presence: { ...presence },
        blocked,
        faults: [...faults]
          .map(([code, count]) => ({ code, count }))
          .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1))
          .slice(0, FAULTS_SHOWN),
      }))
      .sort((a, b) => shareAway(b) - shareAway(a) || b.terminals - a.terminals);
  }

  #sum(of: Sum['of']): Sum {
    const key = JSON.stringify([of.kind, of.version, of.platform, of.reader, of.org]);
    const known = this.#sums.get(key);
    if (known !== undefined) return known;
    const made: Sum = {
      of,
      presence: { online: 0, late: 0, missing: 0, unknown: 0 },
      blocked: 0,
      faults: new Map(),
    };
    this.#sums.set(key, made);
    return made;
  }
}

function shareAway({ terminals, presence }: Pick<Cohort, 'terminals' | 'presence'>): number {
  return terminals === 0 ? 0 : (presence.late + presence.missing) / terminals;
}

/** Its prefecture: fine enough to tell places apart, coarse enough to count in. */
function placeOf(orgPath: readonly string[]): string {
  return orgPath[1] ?? orgPath[0] ?? PROVINCE;
}
