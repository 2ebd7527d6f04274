import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { beatKeyResponse } from '@bianmin/purchase/api/beat-key';
import { tokenResponse } from '@bianmin/purchase/api/terminal';
import type { Answer } from './answers.ts';
import { beatRequest, post } from './beats.ts';
import type { Lines } from './lines.ts';
import type { StormReport } from './protocol.ts';
import { assertion, jws, proof } from '../terminal-proofs.ts';
import { beatOf, TERMINAL_FACTS, type LoadTerminal } from './terminals.ts';
import { Timetable } from './timetable.ts';

/** As `shared/purchase/src/terminal/heartbeat.ts` waits. */
const FIRST_WAIT_MS = 5_000;
const MAX_WAIT_MS = 300_000;
const WITHIN_MS = 1_000;
const TELL_MS = 60_000;
/** The server takes one for five minutes; some of them pass before it is sent. */
const ENROLMENT_GOOD_MS = 240_000;

const STEPS = ['enrol', 'token', 'beat-key', 'beat'] as const;
type Step = (typeof STEPS)[number];

interface Returning {
  readonly terminal: LoadTerminal;
  readonly index: number;
  step: Step | 'back';
  longestMs: number;
  token: string;
  beatToken: string;
}

export interface StormInit {
  readonly lines: Lines;
  readonly terminals: readonly LoadTerminal[];
  /** What the terminal would unseal: it would cost the generator's core what it does not cost the server's. */
  readonly keyOf: (token: string) => Buffer;
  readonly random: () => number;
  /** Told once a minute how many are back. */
  readonly tell: (line: string) => void;
}

/**
 * All terminals have power again: each enrols, gets a token, a key for beats, and beats, signing every request with its own
 * key at the time that it sends it. Who is told to wait comes again then; who has no answer, as a terminal would.
 */
export class Storm {
  readonly #init: StormInit;
  readonly #due = new Timetable<Returning>(performance.now());
  readonly #report = { back: 0, requests: 0, refused: 0, failed: 0 };
  #lastAt = 0;
  #ready: readonly Buffer[] = [];
  #readyUntil = 0;

  constructor(init: StormInit) {
    this.#init = init;
  }

  /** Until all are back, or no terminal came back for `standstillMs`. `spreadMs`: within which they begin. */
  async run(spreadMs: number, standstillMs: number): Promise<StormReport> {
    const { terminals, random, tell } = this.#init;
    // The first requests are ready before anybody comes.
    this.#ready = terminals.map((terminal) => enrolRequest(terminal));
    const from = performance.now();
    this.#readyUntil = from + ENROLMENT_GOOD_MS;
    for (const [index, terminal] of terminals.entries()) {
      const returning: Returning = {
        ...{ terminal, index, step: 'enrol', longestMs: FIRST_WAIT_MS, token: '', beatToken: '' },
      };
      this.#due.add(from + spreadMs * random(), returning);
    }
    this.#lastAt = from;
    let told = from;
    while (this.#report.back < terminals.length && performance.now() - this.#lastAt < standstillMs) {
      if (performance.now() - told >= TELL_MS) {
        told += TELL_MS;
        tell(
          `${this.#report.back} of ${terminals.length} are back after ${Math.round((told - from) / 1000)} s`,
        );
      }
      for (const returning of this.#due.take(performance.now())) this.#send(returning);
      await sleep(2);
    }
    const seconds = (this.#lastAt - from) / 1000;
    return { terminals: terminals.length, seconds, ...this.#report };
  }

  #send(returning: Returning): void {
    this.#report.requests += 1;
    this.#init.lines.send(this.#request(returning), (answer) => {
      this.#take(returning, answer);
    });
  }

  #take(returning: Returning, answer: Answer | null): void {
    const now = performance.now();
    const { random } = this.#init;
    if (answer !== null && answer.status < 300) {
      this.#next(returning, answer.body);
      if (returning.step === 'back') {
        this.#report.back += 1;
        this.#lastAt = now;
      } else this.#send(returning);
    } else if (answer?.status === 503 && answer.retryAfterS !== null) {
      this.#report.refused += 1;
      this.#due.add(now + answer.retryAfterS * 1000 + WITHIN_MS * random(), returning);
    } else {
      this.#report.failed += 1;
      returning.longestMs = Math.min(returning.longestMs * 2, MAX_WAIT_MS);
      this.#due.add(now + FIRST_WAIT_MS + returning.longestMs * random(), returning);
    }
  }

  #next(returning: Returning, body: string): void {
    const said: unknown = JSON.parse(body);
    if (returning.step === 'token') returning.token = tokenResponse.parse(said).accessToken;
    if (returning.step === 'beat-key') returning.beatToken = beatKeyResponse.parse(said).token;
    if (returning.step === 'beat') z.object({ nextMs: z.int() }).parse(said);
    returning.step = STEPS[STEPS.indexOf(returning.step as Step) + 1] ?? 'back';
  }

  #request({ step, terminal, index, token, beatToken }: Returning): Buffer {
    const at = Math.floor(Date.now() / 1000);
    switch (step) {
      case 'enrol':
        return (
          (performance.now() < this.#readyUntil ? this.#ready[index] : undefined) ?? enrolRequest(terminal)
        );
      case 'token':
        return post(
          '/v1/terminal/token',
          from(terminal),
          JSON.stringify({ assertion: assertion(terminal, at) }),
        );
      case 'beat-key': {
        const path = '/v1/terminal/beat-key';
        const url = `http://terminal.test${path}`;
        const headers = {
          Authorization: `DPoP ${token}`,
          DPoP: proof(terminal, { method: 'POST', url, accessToken: token, at }),
        };
        return post(path, { ...from(terminal), ...headers }, '');
      }
      default:
        return beatRequest({ token: beatToken, key: this.#init.keyOf(beatToken) }, beatOf(index), at);
    }
  }
}

/** Each terminal calls from an address of its own; the server limits by address. */
function from({ address }: LoadTerminal): Record<string, string> {
  return { 'X-Forwarded-For': address };
}

function enrolRequest(terminal: LoadTerminal): Buffer {
  const { signKey, key } = terminal;
  const payload = {
    ...{
      signKey,
      sealKey: signKey,
      kind: 'kiosk',
      name: TERMINAL_FACTS.name,
      version: TERMINAL_FACTS.version,
    },
    ...{ jti: randomUUID(), iat: Math.floor(Date.now() / 1000) },
  };
  const body = JSON.stringify({ jws: jws(key, { typ: 'enrol+jws', jwk: signKey }, payload) });
  return post('/v1/terminal/enrol', from(terminal), body);
}
