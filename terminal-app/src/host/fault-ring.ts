import type { Clock } from '@bianmin/card/clock';
import { CodedError } from '@bianmin/card/errors';
import type { MachineFault } from '@bianmin/purchase/api/diagnostics';

/** As many as a report takes. */
const KEPT = 30;
const REMOVED = '…';

/**
 * The last faults that were dealt with, for the page of diagnostics and its report. What is kept of an error is its code
 * and the plain words of its sentence: whatever could be a value (a number, a key, a name) is left out before it is
 * kept, because a report leaves the machine.
 */
export class FaultRing {
  readonly #clock: Pick<Clock, 'now'>;
  /** Newest first. */
  #faults: readonly MachineFault[] = [];

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  get faults(): readonly MachineFault[] {
    return this.#faults;
  }

  add(where: string, error: unknown): void {
    const fault: MachineFault = {
      at: new Date(this.#clock.now()).toISOString(),
      where: plainWords(where).slice(0, 64),
      ...told(error),
      times: 1,
    };
    const [last, ...rest] = this.#faults;
    // A server that is away fails every few seconds: that is one fault.
    if (last?.code === fault.code && last.where === fault.where) {
      this.#faults = [{ ...fault, times: last.times + 1 }, ...rest];
    } else {
      this.#faults = [fault, ...this.#faults].slice(0, KEPT);
    }
  }
}

function told(error: unknown): Pick<MachineFault, 'code' | 'sentence'> {
  if (error instanceof CodedError) {
    const { code, message } = error as CodedError;
    const cause = error.cause instanceof CodedError ? ` (${codeOnly((error.cause as CodedError).code)})` : '';
    return { code: codeOnly(code), sentence: (plainWords(message).slice(0, 240) + cause).slice(0, 300) };
  }
  // The words of an error that is not ours may quote what it worked on.
  return { code: error instanceof Error ? codeOnly(error.name) : typeof error, sentence: '' };
}

/** Names of errors that are not ours: a library may name an error as it likes. */
const NAMES: ReadonlySet<string> = new Set([
  ...['Error', 'TypeError', 'RangeError', 'SyntaxError', 'ReferenceError', 'URIError', 'AggregateError'],
  ...['AbortError', 'TimeoutError', 'AxiosError', 'ZodError', 'DOMException'],
]);

/** A code is a name of dotted words: `float.bad-pin`. */
function codeOnly(code: string): string {
  if (NAMES.has(code)) return code;
  const isOurs = /^[a-z][a-z-]*(?:\.[a-z][a-z-]*){1,2}$/u.test(code) && code.split(/[.-]/u).every(isPlain);
  return isOurs ? code.slice(0, 64) : 'unknown';
}

/** The words of a sentence; what has a digit, is not Latin, looks like hex, or is longer than a word is, is `…`. */
export function plainWords(text: string): string {
  const words = text.split(/\s+/u).map((word) => (isPlain(word) ? word : REMOVED));
  return words.join(' ').replace(/…(?: …)+/gu, REMOVED);
}

function isPlain(word: string): boolean {
  const bare = word.replace(/^[("'“‘]+|[)"'”’.,:;!?]+$/gu, '');
  if (!/^[A-Za-z]+(?:[-’'/.][A-Za-z]+)*$/u.test(bare) || bare.length > 18) return bare === '';
  return !/^[A-Fa-f]{4,}$/u.test(bare);
}
