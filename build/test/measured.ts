import { relative } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { CPU_FOLDER, keepCpu, threadSeconds } from './cpu.ts';

/** Set-up of each file of tests: its processor time, for `npm test -- --json`. What its imports took is not in it. */
const folder = process.env[CPU_FOLDER];
if (folder !== undefined) {
  let from: number | undefined;
  beforeAll(() => {
    from = threadSeconds();
  });
  afterAll(() => {
    const until = threadSeconds();
    const { testPath } = expect.getState();
    if (from === undefined || until === undefined || testPath === undefined) return;
    keepCpu(folder, relative(process.cwd(), testPath), until - from);
  });
}
