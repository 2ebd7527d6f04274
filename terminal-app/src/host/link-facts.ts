import type { HttpCall } from '@bianmin/shared/api/http-call';
import type { Clock } from '@bianmin/shared/clock';

/** What the last answer told, besides its contents. */
export interface LinkFacts {
  /** ms since the epoch, by our clock. */
  readonly lastAnswerAt: number | null;
  readonly roundTripMs: number | null;
  /** The server's clock less ours, ms; its `Date` is to the second. */
  readonly skewMs: number | null;
}

/** The same HTTP, which remembers when the server last answered, how fast, and what its clock said. */
export function timedHttp(http: HttpCall, clock: Clock): { http: HttpCall; facts: () => LinkFacts } {
  let facts: LinkFacts = { lastAnswerAt: null, roundTripMs: null, skewMs: null };
  return {
    facts: () => facts,
    http: async (request) => {
      const began = clock.monotonic();
      const answer = await http(request);
      const now = clock.now();
      const serverTime = dateOf(answer.headers);
      facts = {
        lastAnswerAt: now,
        roundTripMs: Math.round(clock.monotonic() - began),
        // Half a second: `Date` is cut to the second before us.
        skewMs: serverTime === null ? facts.skewMs : Math.round((serverTime + 500 - now) / 1000) * 1000,
      };
      return answer;
    },
  };
}

function dateOf(headers: unknown): number | null {
  if (typeof headers !== 'object' || headers === null) return null;
  const found: unknown = Object.entries(headers).find(([name]) => name.toLowerCase() === 'date')?.[1];
  const ms = typeof found === 'string' ? Date.parse(found) : NaN;
  return Number.isNaN(ms) ? null : ms;
}
