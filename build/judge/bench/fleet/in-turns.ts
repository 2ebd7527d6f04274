import type { Load } from './open-loop.ts';

/** Of each turn's length, and how many of each there are. */
export const TURNS = { count: 5, seconds: 4 };

/** Processor time of an answer, µs. */
export interface AnswerCosts {
  readonly koaUs: number;
  readonly beatUs: number;
  /** Nought where there was nothing to divide. */
  readonly ratioByCpu: number;
}

/** One turn of one of the two. */
interface Turn {
  readonly cpuMs: number;
  readonly answers: number;
}

/** Of all turns together: a turn alone is known to the ten milliseconds that the system counts in. */
export function answerCosts(koa: readonly Turn[], beats: readonly Turn[]): AnswerCosts {
  const [koaUs, beatUs] = [perAnswer(koa), perAnswer(beats)];
  return { koaUs, beatUs, ratioByCpu: beatUs > 0 ? koaUs / beatUs : 0 };
}

function perAnswer(turns: readonly Turn[]): number {
  const sum = (of: (turn: Turn) => number): number => turns.reduce((all, turn) => all + of(turn), 0);
  const answers = sum((turn) => turn.answers);
  return answers === 0 ? 0 : (sum((turn) => turn.cpuMs) * 1000) / answers;
}

/**
 * The bare Koa and the beats, at the same pace and one after the other again and again, so that what else the machine does falls on
 * both. Of processor time alone: who waits longer for a core costs no more.
 */
export async function inTurns(init: {
  readonly count: number;
  /** One turn. */
  readonly plain: () => Promise<Load>;
  readonly beats: () => Promise<Load>;
  /** So far, ms. */
  readonly cpuMs: (of: 'koa' | 'web') => Promise<number>;
}): Promise<AnswerCosts> {
  const turn = async (of: 'koa' | 'web', run: () => Promise<Load>): Promise<Turn> => {
    const before = await init.cpuMs(of);
    const { sent, statuses } = await run();
    const cpuMs = (await init.cpuMs(of)) - before;
    return { cpuMs, answers: sent - (statuses[0] ?? 0) };
  };
  const [koa, beats]: [Turn[], Turn[]] = [[], []];
  // The first of each finds cold code.
  for (let no = 0; no <= init.count; no += 1) {
    const pair = [await turn('koa', init.plain), await turn('web', init.beats)] as const;
    if (no === 0) continue;
    koa.push(pair[0]);
    beats.push(pair[1]);
  }
  return answerCosts(koa, beats);
}
