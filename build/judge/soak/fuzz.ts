import { fuzz } from '@bianmin/card/testing/fuzz/fuzz';
import { processorMs } from '@bianmin/card/testing/node/processor-time';
import { FUZZ_TARGETS } from '@bianmin/card/testing/fuzz/targets';
import { BRIDGE_TARGETS } from '@bianmin/purchase/testing/fuzz/bridge-targets';
import { HOSTILE_TARGETS } from '@bianmin/purchase/testing/node/hostile/targets';

export interface FuzzSoakRow {
  readonly soak: 'fuzz';
  readonly parser: string;
  readonly inputs: number;
  /** Inputs that ended in anything but a result or a typed error, or in more bytes than they stated. */
  readonly untyped: number;
  readonly hangs: number;
  readonly oversized: number;
  readonly seed: number;
}

/** `inputs` inputs for each parser, a five-hundredth of them for each hostile device; the same seed feeds the same ones. Reports the first bad input of a parser. */
export async function* soakFuzz(init: {
  inputs: number;
  seed: number;
  report: (line: string) => void;
}): AsyncGenerator<FuzzSoakRow> {
  for (const target of [...FUZZ_TARGETS, ...BRIDGE_TARGETS, ...HOSTILE_TARGETS]) {
    const { first, ...row } = await fuzz(target, { ...init, now: processorMs });
    if (first !== undefined) init.report(`${target.parser}: ${first.what} on ${first.input}`);
    yield { soak: 'fuzz', ...row };
  }
}
