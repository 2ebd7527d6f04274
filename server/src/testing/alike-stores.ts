import fc from 'fast-check';
import { expect } from 'vitest';

export type Call<Memory, Real> = (store: Memory | Real, run: string) => Promise<unknown>;

/** Tries calls in every order; names of two runs differ, so that one database serves all. */
export async function alike<Memory, Real>(of: {
  readonly memory: () => Memory;
  readonly real: Real;
  readonly calls: readonly fc.Arbitrary<Call<Memory, Real>>[];
}): Promise<void> {
  let runs = 0;
  const steps = fc.array(fc.oneof(...of.calls), { minLength: 20, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(steps, async (calls) => {
      const [memory, run] = [of.memory(), `run-${(runs += 1)}`];
      for (const [n, call] of calls.entries()) {
        expect(await call(memory, run), `call ${n}`).toEqual(await call(of.real, run));
      }
    }),
  );
}
