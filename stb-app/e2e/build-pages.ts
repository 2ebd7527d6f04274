import { ensureTvPages } from '../../build/dev/renderer.ts';

/** The pages are built before any test: on a busy machine that takes longer than a test may. */
export async function setup(): Promise<void> {
  await ensureTvPages((line) => process.stdout.write(`${line}\n`));
}
