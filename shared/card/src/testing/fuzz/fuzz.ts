import { toHex } from '../../bytes/hex.ts';
import { codeOf } from '../../errors.ts';
import { seededRandom } from '../random.ts';
import { mutated } from './mutate.ts';

/** Something that makes sense of bytes from outside. */
export interface FuzzTarget {
  readonly parser: string;
  /** Inputs that it takes; noise alone never gets past the first check. */
  readonly seeds: readonly Uint8Array[];
  /** One of these takes as long as so many inputs of a parser, and counts for them; 1 when absent. */
  readonly inputsEach?: number;
  /** What it made of the input; fails with typed errors only. */
  run(input: Uint8Array): unknown;
}

export interface FuzzOutcome {
  readonly parser: string;
  readonly inputs: number;
  /** Inputs that ended in anything but a result or a typed error. */
  readonly untyped: number;
  /** Inputs that took longer than `HANG_MS`. */
  readonly hangs: number;
  /** Inputs whose result holds more bytes than the input can have stated. */
  readonly oversized: number;
  readonly seed: number;
  /** The first input that was not dealt with, upper-case hex, and what happened. */
  readonly first?: { readonly input: string; readonly what: string };
}

export interface FuzzInit {
  readonly inputs: number;
  readonly seed: number;
  /** Monotonic, ms. */
  readonly now: () => number;
}

/** A parser of a message needs microseconds; a thousand times that is a hang, whatever the machine is doing. */
const HANG_MS = 2_000;
/** Results may hold copies of parts of the input, and small fixed things: a small Buffer is a view of Node's 8 KiB pool. */
const MOST_COPIES = 4;
const FIXED_BYTES = 8_192 + 1_024;

/** Feeds a parser `inputs` inputs; the same seed feeds the same. */
export async function fuzz(target: FuzzTarget, init: FuzzInit): Promise<FuzzOutcome> {
  const random = seededRandom(init.seed);
  const count = { untyped: 0, hangs: 0, oversized: 0 };
  let first: FuzzOutcome['first'];
  const fault = (kind: keyof typeof count, input: Uint8Array, what: string): void => {
    count[kind] += 1;
    first ??= { input: toHex(input), what };
  };
  const inputs = Math.ceil(init.inputs / (target.inputsEach ?? 1));
  for (let i = 0; i < inputs; i++) {
    const input = mutated(target.seeds, random);
    const started = init.now();
    try {
      const running = target.run(input);
      const result: unknown = running instanceof Promise ? await running : running;
      if (bytesIn(result) > MOST_COPIES * input.length + FIXED_BYTES) fault('oversized', input, 'too much');
    } catch (error) {
      if (codeOf(error) === undefined) fault('untyped', input, String(error));
    }
    if (init.now() - started > HANG_MS) fault('hangs', input, 'too long');
  }
  return {
    parser: target.parser,
    inputs,
    ...count,
    seed: init.seed,
    ...(first === undefined ? {} : { first }),
  };
}

/** Bytes that a result holds on to, three levels deep; what several parts share counts once. */
function bytesIn(value: unknown): number {
  const held = new Set<ArrayBufferLike>();
  const look = (part: unknown, depth: number): void => {
    if (part instanceof Uint8Array) held.add(part.buffer);
    else if (typeof part === 'object' && part !== null && depth <= 3) {
      for (const inner of Object.values(part) as unknown[]) look(inner, depth + 1);
    }
  };
  look(value, 0);
  return [...held].reduce((sum, { byteLength }) => sum + byteLength, 0);
}
