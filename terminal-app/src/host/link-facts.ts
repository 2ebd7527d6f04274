import type { Clock } from '@bianmin/card/clock';
import type { HttpCall } from '@bianmin/purchase/api/http-call';

/** What the last answer told, besides its contents. */
export interface LinkFacts {
  /** ms since the epoch, by our clock. */
  readonly lastAnswerAt: number | null;
  readonly roundTripMs: number | null;
}

/** The same HTTP, which remembers when the server last answered, and how fast. */
export function timedHttp(http: HttpCall, clock: Clock): { http: HttpCall; facts: () => LinkFacts } {
  let facts: LinkFacts = { lastAnswerAt: null, roundTripMs: null };
  return {
    facts: () => facts,
    http: async (request) => {
      const began = clock.monotonic();
      const answer = await http(request);
      facts = { lastAnswerAt: clock.now(), roundTripMs: Math.round(clock.monotonic() - began) };
      return answer;
    },
  };
}
