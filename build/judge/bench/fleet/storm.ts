import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { ProblemCode } from '@bianmin/purchase/api/problem';
import { enrolResponse } from '@bianmin/purchase/api/terminal';
import { POWER_WAIT_MS } from '@bianmin/purchase/terminal/heartbeat';
import type { Answer } from './answers.ts';
import { beatRequest, post } from './beats.ts';
import type { Lines } from './lines.ts';
import type { StormPlan, StormReport } from './protocol.ts';
import { jws, type BeatCredential } from '../terminal-proofs.ts';
import { beatOf, TERMINAL_FACTS, type LoadTerminal } from './terminals.ts';
import { Timetable } from './timetable.ts';

/** As `shared/purchase/src/terminal/heartbeat.ts` waits. */
const FIRST_WAIT_MS = 5_000;
const MAX_WAIT_MS = 300_000;
const WITHIN_MS = 1_000;
const NOT_LOOKED_AT: ProblemCode = 'server.busy';
const TELL_MS = 60_000;
/** The server takes one for five minutes; some of them pass before it is sent. */
const ENROLMENT_GOOD_MS = 240_000;

/** What a terminal asks for when it has power again; each by itself where it has a key for beats. */
type Question = 'enrol' | 'beat';

interface Returning {
  readonly terminal: LoadTerminal;
  readonly index: number;
  /** What it still has to be told. */
  readonly open: Set<Question>;
  readonly longestMs: Record<Question, number>;
  credential: BeatCredential | undefined;
  /** Its first enrolment may have been looked at: it is good once. */
  spent: boolean;
}

interface Due {
  readonly returning: Returning;
  readonly question: Question;
}

export interface StormInit {
  readonly lines: Lines;
  readonly terminals: readonly LoadTerminal[];
  /** Each one's key for beats of before, in their order. */
  readonly credentials: readonly BeatCredential[];
  /** What the terminal would unseal: it would cost the generator's core what it does not cost the server's. */
  readonly keyOf: (token: string) => Buffer;
  readonly random: () => number;
  /** Told once a minute how many are back. */
  readonly tell: (line: string) => void;
}

/**
 * All terminals have power again, as kiosks do it: each enrols, and beats by the key that it kept, or by the one that the enrolment
 * brings, signing every request with its own key at the time that it sends it. Who is told to wait comes again then; who has no
 * answer, as a terminal would.
 */
export class Storm {
  readonly #init: StormInit;
  readonly #due = new Timetable<Due>(performance.now());
  readonly #report = { back: 0, requests: 0, refused: 0, failed: 0 };
  #lastAt = 0;
  #lastHeardAt = 0;
  #ready: readonly Buffer[] = [];
  #readyUntil = 0;

  constructor(init: StormInit) {
    this.#init = init;
  }

  /** Until all are back, or no terminal came back for as long as the plan says. */
  async run({ keys, spreadMs, standstillMs }: StormPlan): Promise<StormReport> {
    const { terminals, credentials, random, tell } = this.#init;
    // The first requests are ready before anybody comes.
    const wants = keys === 'lost';
    this.#ready = terminals.map((terminal) => enrolRequest(terminal, wants));
    const from = performance.now();
    this.#readyUntil = from + ENROLMENT_GOOD_MS;
    for (const [index, terminal] of terminals.entries()) {
      const returning: Returning = {
        ...{ terminal, index, open: new Set<Question>(['enrol', 'beat']) },
        longestMs: { enrol: FIRST_WAIT_MS, beat: FIRST_WAIT_MS },
        credential: keys === 'kept' ? credentials[index] : undefined,
        spent: false,
      };
      const onAt = from + spreadMs * random();
      this.#due.add(onAt, { returning, question: 'enrol' });
      if (keys === 'kept') {
        this.#due.add(onAt + POWER_WAIT_MS * random(), { returning, question: 'beat' });
      }
    }
    this.#lastAt = from;
    this.#lastHeardAt = from;
    let told = from;
    while (this.#report.back < terminals.length && performance.now() - this.#lastAt < standstillMs) {
      if (performance.now() - told >= TELL_MS) {
        told += TELL_MS;
        tell(
          `${this.#report.back} of ${terminals.length} are back after ${Math.round((told - from) / 1000)} s`,
        );
      }
      for (const due of this.#due.take(performance.now())) this.#send(due);
      await sleep(2);
    }
    const since = (at: number): number => (at - from) / 1000;
    const times = { seconds: since(this.#lastAt), heardSeconds: since(this.#lastHeardAt) };
    return { terminals: terminals.length, ...times, ...this.#report };
  }

  #send(due: Due): void {
    this.#report.requests += 1;
    this.#init.lines.send(this.#request(due), (answer) => {
      this.#take(due, answer);
    });
  }

  #take({ returning, question }: Due, answer: Answer | null): void {
    const now = performance.now();
    const { random } = this.#init;
    // Only who was not let in was not looked at.
    if (answer?.body.includes(NOT_LOOKED_AT) !== true) returning.spent = true;
    if (answer !== null && answer.status < 300) {
      this.#told(returning, question, answer.body);
    } else if (answer?.status === 503 && answer.retryAfterS !== null) {
      this.#report.refused += 1;
      this.#due.add(now + answer.retryAfterS * 1000 + WITHIN_MS * random(), { returning, question });
    } else {
      this.#report.failed += 1;
      const longestMs = Math.min(returning.longestMs[question] * 2, MAX_WAIT_MS);
      returning.longestMs[question] = longestMs;
      this.#due.add(now + FIRST_WAIT_MS + longestMs * random(), { returning, question });
    }
  }

  #told(returning: Returning, question: Question, body: string): void {
    const said: unknown = JSON.parse(body);
    const now = performance.now();
    returning.open.delete(question);
    if (question === 'enrol') {
      const { beatKey } = enrolResponse.parse(said);
      if (beatKey !== undefined) {
        const { token } = beatKey;
        returning.credential = { token, key: this.#init.keyOf(token) };
        // It looks for it every few seconds.
        this.#due.add(now + FIRST_WAIT_MS * this.#init.random(), { returning, question: 'beat' });
      }
    } else {
      z.object({ nextMs: z.int() }).parse(said);
      this.#lastHeardAt = now;
    }
    if (returning.open.size > 0) return;
    this.#report.back += 1;
    this.#lastAt = now;
  }

  #request({ question, returning: { terminal, index, credential, spent } }: Due): Buffer {
    if (question === 'beat') {
      if (credential === undefined) throw new Error('It beats before it has a key.');
      return beatRequest(credential, beatOf(index), Math.floor(Date.now() / 1000));
    }
    const ready = !spent && performance.now() < this.#readyUntil ? this.#ready[index] : undefined;
    return ready ?? enrolRequest(terminal, credential === undefined);
  }
}

/** Each terminal calls from an address of its own; the server limits by address. */
function from({ address }: LoadTerminal): Record<string, string> {
  return { 'X-Forwarded-For': address };
}

function enrolRequest(terminal: LoadTerminal, wantsKey: boolean): Buffer {
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
  const body = JSON.stringify({
    jws: jws(key, { typ: 'enrol+jws', jwk: signKey }, payload),
    ...(wantsKey ? { beatKey: true } : {}),
  });
  return post('/v1/terminal/enrol', from(terminal), body);
}
