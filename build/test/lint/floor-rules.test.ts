import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { floorProblem } from './floor-rules.ts';
import { importsUnder, loadedBy, ringsIn, wayTo, type Imports } from '../../kit/import-graph.ts';

const KIT = 'server/src/testing/orders-kit.ts';
const graph = (edges: Readonly<Record<string, readonly string[]>>): Imports => {
  return (path) => ({ [KIT]: ['server/src/testing/context.ts'], ...edges })[path] ?? [];
};

describe('what a file loads', () => {
  it('is its imports and re-exports, those of types apart', () => {
    const text = `import { a } from './a.ts';
import type { T } from './types.ts';
import {
  b,
  type B,
} from './b.ts';
export * from './c.ts';
export type { D } from './d.ts';
import './effect.ts';
export const e = (await import('./e.ts')).e;`;
    expect(loadedBy(text)).toEqual(['./a.ts', './b.ts', './c.ts', './effect.ts', './e.ts']);
  });

  it('is followed the shortest way, and a ring ends', () => {
    const imports = graph({ a: ['b', 'c'], b: ['a', 'd'], c: ['x'], d: ['x'] });
    expect(wayTo('a', (module) => module === 'x', imports)).toEqual(['a', 'c', 'x']);
    expect(wayTo('a', (module) => module === 'y', imports)).toBeUndefined();
  });
});

describe('a ring of files', () => {
  it('is found once, whole, and what hangs on it is not in it', () => {
    const imports = graph({ a: ['b'], b: ['c', 'd'], c: ['a'], d: ['e'], e: [] });
    expect(ringsIn(['d', 'a', 'b', 'c', 'e'], imports).map((ring) => [...ring].sort())).toEqual([
      ['a', 'b', 'c'],
    ]);
    expect(ringsIn(['f'], graph({ f: ['f'] }))).toEqual([['f']]);
    expect(ringsIn(['a', 'b', 'c'], graph({ a: ['b', 'c'], b: ['c'] }))).toEqual([]);
  });

  it('is seen in files', () => {
    const at = 'build/test/lint/fixtures/cycle';
    const imports = importsUnder(join(import.meta.dirname, '../../..'));
    expect(ringsIn([`${at}/egg.ts`, `${at}/hen.ts`], imports)).toEqual([[`${at}/egg.ts`, `${at}/hen.ts`]]);
  });
});

describe('the floor of a test file', () => {
  const problem = (path: string, ...loads: string[]) => floorProblem(path, graph({ [path]: loads }));

  it('pure has no database, however far away', () => {
    expect(problem('server/src/a.test.ts', 'node:fs')).toBeUndefined();
    expect(problem('server/src/a.test.ts', KIT)).toBe(
      `server/src/a.test.ts is on the floor pure and has a database (server/src/a.test.ts → ${KIT} → server/src/testing/context.ts): call it server/src/a.db.test.ts`,
    );
  });

  it('pure starts no process itself; what its product could start is for the run to see', () => {
    expect(problem('build/a.test.ts', 'node:child_process')).toContain('call it build/a.process.test.ts');
    const imports = graph({ 'build/a.test.ts': ['build/job.ts'], 'build/job.ts': ['node:child_process'] });
    expect(floorProblem('build/a.test.ts', imports)).toBeUndefined();
  });

  it('a file that needs less than its floor stands too high', () => {
    expect(problem('server/src/a.db.test.ts', 'node:fs')).toContain('take .db from its name');
    expect(problem('server/src/a.db.test.ts', KIT)).toBeUndefined();
    expect(problem('build/a.process.test.ts', 'node:fs')).toContain('take .process from its name');
    expect(problem('build/a.process.test.ts', 'build/kit/process/program.ts')).toBeUndefined();
    expect(problem('server/src/a.contract.test.ts', KIT)).toContain('take .contract from its name');
    expect(problem('server/src/a.contract.test.ts', 'server/src/testing/grid-contract.ts')).toBeUndefined();
  });

  it('other files have none', () => {
    expect(problem('terminal-app/e2e/purchase.e2e.ts', KIT)).toBeUndefined();
  });
});
