import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '@bianmin/card/testing/random';
import { PROBLEMS, problemSchema } from '@bianmin/purchase/api/problem';
import { conversation, type Conversation } from './conversation.ts';
import { startListeners, type Listener } from './listeners.ts';
import { noise } from './request-parts.ts';
import { talk } from './talk.ts';
import type { WireAnswer } from './wire-answers.ts';

export interface RawFuzzRow {
  readonly fuzz: 'raw';
  readonly listener: string;
  readonly requests: number;
  /** Processes that ended by it. */
  readonly ended: number;
  /** Answers of 500 and above that are no problem of ours with its code. */
  readonly untyped5xx: number;
  /** Connections on which nothing more came and which nobody closed. */
  readonly silent: number;
  /** Whether an ordinary request was answered afterwards. */
  readonly answers: boolean;
  readonly perSecond: number;
  readonly seed: number;
}

/** Conversations at once: enough that a process is never without one. */
const AT_ONCE = 24;
/** Conversations of which each says so. */
const TOLD = 5_000;

export function isWhole({ ended, untyped5xx, answers }: RawFuzzRow): boolean {
  return ended === 0 && untyped5xx === 0 && answers;
}

/** `requests` requests at each listener over bare connections; the same seed says the same. */
export async function* fuzzRaw(init: {
  readonly requests: number;
  readonly seed: number;
  readonly report: (line: string) => void;
  /** Of these alone. */
  readonly only?: readonly string[] | undefined;
}): AsyncGenerator<RawFuzzRow> {
  const { requests, seed, report, only } = init;
  const listeners = await startListeners(report);
  try {
    for (const listener of listeners.all) {
      if (only?.includes(listener.name) === false) continue;
      yield await fuzzListener(listener, { requests, seed, report });
    }
  } finally {
    await listeners.close();
  }
}

async function fuzzListener(
  listener: Listener,
  { requests, seed, report }: { requests: number; seed: number; report: (line: string) => void },
): Promise<RawFuzzRow> {
  const { name, port, program } = listener;
  const count = { requests: 0, untyped5xx: 0, silent: 0 };
  const began = performance.now();
  let said = 0;
  let ended = false;
  void program.exited.then(() => {
    if (program.stopping) return;
    ended = true;
    report(`${name} ended about conversation ${said}:\n${program.tail()}`);
  });
  const converse = async (): Promise<void> => {
    while (count.requests < requests && !ended) {
      const number = said;
      said += 1;
      if (said % TOLD === 0) report(`${name}: ${count.requests} requests`);
      const what = conversationOf(listener, seed, number);
      const { answers, silent, refused } = await talk(port, what);
      if (refused) await sleep(10);
      count.requests += what.ending === 'wait' ? Math.max(1, answers.length) : what.requests;
      const untyped = answers.filter((answer) => !isTyped(answer));
      for (const { status, body } of untyped.slice(0, 1)) {
        report(
          `${name}: conversation ${number} was answered ${status} ${JSON.stringify(body.slice(0, 200))}`,
        );
      }
      count.untyped5xx += untyped.length;
      if (silent && count.silent < 3)
        report(`${name}: conversation ${number} was not answered and not closed`);
      count.silent += silent ? 1 : 0;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, converse));
  const perSecond = Math.round((count.requests * 1000) / (performance.now() - began));
  return {
    ...{ fuzz: 'raw', listener: name, ...count, perSecond },
    ...{ ended: ended ? 1 : 0, answers: !ended && (await isThere(listener)), seed },
  };
}

/** By its number alone, so that one can be said again without those before it. */
export function conversationOf(
  { words, raw, name }: Pick<Listener, 'words' | 'raw' | 'name'>,
  seed: number,
  number: number,
): Conversation {
  let mixed = seed;
  for (const letter of `${name} ${number}`) mixed = Math.imul(mixed ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  const next = seededRandom(mixed);
  const random = (): number => next() / 2 ** 32;
  if (raw !== true) return conversation(words, random);
  const said = noise(random, 3000);
  // A length in front, as the line wants it.
  const framed = Buffer.concat([Buffer.from(String(said.length).padStart(8, '0')), said]);
  const pieces = [random() < 0.5 ? said : framed];
  return { pieces, methods: [], requests: 1, ending: random() < 0.5 ? 'end' : 'reset' };
}

/** Below 500 anything may be said, each wallet and grid in its own words. */
function isTyped({ status, contentType, body }: WireAnswer): boolean {
  if (status < 500) return true;
  if (!contentType.startsWith('application/problem+json')) return false;
  try {
    // An answer to a HEAD has no body.
    if (body === '') return true;
    const problem = problemSchema.safeParse(JSON.parse(body));
    return problem.success && PROBLEMS[problem.data.code].status === status;
  } catch {
    return false;
  }
}

async function isThere({ port, raw }: Listener): Promise<boolean> {
  if (raw === true) {
    const { refused } = await talk(port, { pieces: [], methods: [], requests: 1, ending: 'end' });
    return !refused;
  }
  const answer = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(30_000) }).catch(
    () => undefined,
  );
  return answer !== undefined;
}
