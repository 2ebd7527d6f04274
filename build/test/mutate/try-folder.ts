import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { relative } from 'node:path';
import process from 'node:process';
import { Stryker } from '@stryker-mutator/core';
import type { MutateFolder } from './folders.ts';
import { isNoticed, isUnnoticed, keyOf, placeOf, type Mutant } from './score.ts';

/** As few examples as `npm test` tries: each property is tried with hundreds of mutants. */
const PROPERTY_PERCENT = '25';
/** What a copy of the project does not need for its tests. */
const LEFT_OUT = [
  '/docs',
  '/.data',
  '**/dist',
  '/build/kit/db/target',
  '/stb-app',
  '/terminal-app',
  '/server/admin',
];

type Results = Awaited<ReturnType<Stryker['runMutationTest']>>;

/**
 * Makes places of a folder wrong, one at a time, in a copy of the project, and has the folder's tests tried: of one floor after the
 * other, and on the next only what the one before did not notice, since a database costs seconds a mutant. `all`: files, or parts
 * of files as `placeOf` says them.
 */
export async function tryFolder(folder: MutateFolder, all: readonly string[]): Promise<Mutant[]> {
  const tried = new Map<string, Mutant>();
  let places = all;
  for (const floor of folder.floors) {
    if (places.length === 0) break;
    for (const mutant of await tryPlaces(folder, floor, places)) {
      const known = tried.get(keyOf(mutant));
      if (known === undefined || (isUnnoticed(known) && isNoticed(mutant))) tried.set(keyOf(mutant), mutant);
    }
    places = [...new Set([...tried.values()].filter(isUnnoticed).map(placeOf))];
  }
  return [...tried.values()];
}

async function tryPlaces(
  folder: MutateFolder,
  floor: MutateFolder['floors'][number],
  places: readonly string[],
): Promise<Mutant[]> {
  process.env['MUTATE_TESTS'] = folder.tests.join(' ');
  process.env['MUTATE_FLOOR'] = floor;
  process.env['PROPERTY_RUNS'] = PROPERTY_PERCENT;
  const stryker = new Stryker({
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    // Which tests come to a place is known from the first run of all; to look for it again with each mutant takes seconds.
    vitest: { configFile: 'build/test/mutate/vitest.config.ts', related: false },
    mutate: [...places],
    ignorePatterns: LEFT_OUT,
    tempDirName: '.data/mutate',
    coverageAnalysis: 'perTest',
    concurrency: availableParallelism(),
    // Types are checked by `npm run typecheck`; the copy is only run.
    disableTypeChecks: false,
    reporters: ['progress-append-only'],
    allowConsoleColors: false,
    timeoutMS: 15_000,
  });
  return Promise.all((await stryker.runMutationTest()).map(mutantOf));
}

async function mutantOf(result: Results[number]): Promise<Mutant> {
  const { location, mutatorName, replacement, status, fileName } = result;
  const { start, end } = location;
  return {
    file: relative(process.cwd(), fileName),
    at: `${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`,
    mutator: mutatorName,
    was: cut(await readFile(fileName, 'utf8'), location),
    becomes: replacement ?? '',
    status,
  };
}

/** The text of a place. */
function cut(text: string, { start, end }: Results[number]['location']): string {
  const lines = text.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  return lines
    .map((line, n) => line.slice(n === 0 ? start.column - 1 : 0, n === last ? end.column - 1 : undefined))
    .join('\n');
}
