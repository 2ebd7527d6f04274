import { AsyncLocalStorage } from 'node:async_hooks';
import { CodedError } from '@bianmin/card/errors';
import { LIMITS } from './limits.ts';

/** It was not done in time. Whether it takes place all the same is not known, unless it only asked. */
export class OutOfTimeError extends CodedError<'time.out'> {
  constructor(what: string, ms: number) {
    super({ code: 'time.out', message: `${what} did not end within ${Math.round(ms)} ms.` });
  }
}

/** What work is allowed that begins within it. */
interface Allowance {
  /** By `performance.now()`. */
  endsAt: number;
  readonly limitMs: number;
  /** One question to the database. */
  readonly operationMs: number;
  /** Whether somebody waits who leaves at the end: nothing is begun after it. */
  readonly awaited: boolean;
  /** Answered in time; what it left running is nobody's wait. */
  over: boolean;
  /** Of what is awaited: its clock stands still, and goes on by `endsAt`. */
  stop?(): void;
  goOn?(): void;
}

const storage = new AsyncLocalStorage<Allowance | undefined>();

function allowance(): Allowance | undefined {
  const current = storage.getStore();
  return current?.over === true ? undefined : current;
}

/**
 * Work that somebody waits for. Rejects with `OutOfTimeError` at the end of its time, whatever it waits for then; what it
 * would begin after that is refused in the same way.
 */
export function inTime<T>(
  { limitMs, operationMs }: { readonly limitMs: number; readonly operationMs: number },
  work: () => Promise<T>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const own: Allowance = {
      ...{ endsAt: performance.now() + limitMs, limitMs, operationMs, awaited: true, over: false },
      stop() {
        clearTimeout(timer);
      },
      goOn() {
        timer = setTimeout(() => {
          reject(new OutOfTimeError('The request', limitMs));
        }, own.endsAt - performance.now());
      },
    };
    own.goOn?.();
    const ended = (): void => {
      own.stop?.();
      own.over = own.endsAt > performance.now();
    };
    storage.run(own, work).then(
      (value) => {
        ended();
        resolve(value);
      },
      (error: Error) => {
        ended();
        reject(error);
      },
    );
  });
}

/** Work of ours that goes from step to step: none is begun once `hasTime` says no, and none is cut off. */
export function inSteps<T>(work: () => Promise<T>): Promise<T> {
  const limitMs = LIMITS.step;
  return storage.run(
    {
      ...{ endsAt: performance.now() + limitMs, limitMs, operationMs: LIMITS.database.step },
      ...{ awaited: false, over: false },
    },
    work,
  );
}

/** Whether another step may be begun. */
export function hasTime(): boolean {
  const current = allowance();
  return current === undefined || current.endsAt > performance.now();
}

/** Work of several callers at once, of which none shall end what the others wait for: it has a time of its own. */
export function onSharedTime<T>(work: () => T): T {
  const limitMs = LIMITS.database.request;
  return storage.run({ endsAt: Infinity, limitMs, operationMs: limitMs, awaited: false, over: false }, work);
}

/** What is waited for here is the caller's time and not ours. */
export async function uncounted<T>(work: () => Promise<T>): Promise<T> {
  const current = allowance();
  if (current === undefined) return work();
  const leftMs = current.endsAt - performance.now();
  current.stop?.();
  current.endsAt = Infinity;
  try {
    return await work();
  } finally {
    current.endsAt = performance.now() + leftMs;
    current.goOn?.();
  }
}

/** Of `ms`, what a call to others may take, so that there is time left for its answer. */
export function callMs(ms: number): number {
  const current = allowance();
  if (current?.awaited !== true) return ms;
  return Math.max(1, Math.min(ms, Math.ceil(current.endsAt - performance.now() - LIMITS.afterCall)));
}

/**
 * What one question to the database may take now; `unaskedMs` where nobody allowed it anything. Throws `OutOfTimeError` where there
 * is no time for any.
 */
export function questionMs(unaskedMs: number): { readonly ms: number; readonly awaited: boolean } {
  const current = allowance();
  if (current === undefined) return { ms: unaskedMs, awaited: false };
  const { operationMs, awaited, endsAt, limitMs } = current;
  if (!awaited) return { ms: operationMs, awaited };
  const leftMs = endsAt - performance.now();
  if (leftMs < 1) throw new OutOfTimeError('The request', limitMs);
  return { ms: Math.min(operationMs, Math.ceil(leftMs)), awaited };
}
