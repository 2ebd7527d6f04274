import { errorOfAnswer, jsonOf } from '../api/client-error.ts';
import type { HttpAnswer, HttpCall } from '../api/http-call.ts';
import type { LinkState } from './link-state.ts';

/** Problems after which the terminal's enrolment must be looked at again; others are about a person or a request. */
const NOT_ENROLLED: ReadonlySet<string> = new Set([
  ...['auth.required', 'terminal.pending', 'terminal.rejected', 'terminal.suspended', 'terminal.retired'],
]);

export interface LinkEars {
  readonly state: (state: LinkState) => void;
  readonly notEnrolled: () => void;
}

/**
 * The same HTTP, telling of every request what it shows of the link and of this terminal's enrolment. Any answer of
 * the server's is a sign of it, a refusal too; an answer to a question that is older than one already answered is none.
 */
export function linkedHttp(http: HttpCall, on: LinkEars): HttpCall {
  let asked = 0;
  let told = 0;
  return async (request) => {
    const turn = ++asked;
    const tell = (state: LinkState): void => {
      if (turn < told) return;
      told = turn;
      on.state(state);
    };
    let answer: HttpAnswer;
    try {
      answer = await http(request);
    } catch (error) {
      tell('away');
      throw error;
    }
    const code = answer.status < 300 ? '' : errorOfAnswer(answer, jsonOf(answer.body)).code;
    tell(code === 'server.unavailable' ? 'away' : 'online');
    if (NOT_ENROLLED.has(code)) on.notEnrolled();
    return answer;
  };
}
