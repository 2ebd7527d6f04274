import { floorOf, type Floor } from '../../kit/floors.ts';
import { wayTo, type Imports } from '../../kit/import-graph.ts';

/** Who reaches one of these has the run's database and Redis, or starts its own. */
const SERVICES = new Set(['context', 'redis', 'database'].map((name) => `server/src/testing/${name}.ts`));
/** Who reaches one of these can start a process; bundlers have esbuild beside them. */
const STARTERS = new Set([
  'node:child_process',
  'node:cluster',
  'build/kit/process/program.ts',
  'vite',
  'esbuild',
]);

const toServices = (module: string): boolean => SERVICES.has(module);
const toProcesses = (module: string): boolean => SERVICES.has(module) || STARTERS.has(module);

/**
 * What is wrong with the floor of a test file, as a sentence; undefined: nothing. A pure file that merely loads what
 * could start a process is left to `build/test/no-process.ts`, which fails when it does.
 */
export function floorProblem(path: string, imports: Imports): string | undefined {
  const floor = floorOf(path);
  if (floor === undefined) return undefined;
  const services = wayTo(path, toServices, imports);
  const rename = (to: Exclude<Floor, 'pure'>): string =>
    `call it ${path.replace(/(?:\.(?:db|process|contract))?\.test\.ts$/, `.${to}.test.ts`)}`;
  switch (floor) {
    case 'pure': {
      if (services !== undefined)
        return `${path} is on the floor pure and has a database (${services.join(' → ')}): ${rename('db')}`;
      if (imports(path).some((module) => STARTERS.has(module)))
        return `${path} is on the floor pure and starts processes: ${rename('process')}`;
      return undefined;
    }
    case 'db':
      return services === undefined
        ? `${path} is on the floor db and has neither database nor Redis: take .db from its name, or ${rename('process')}`
        : undefined;
    case 'process':
      return wayTo(path, toProcesses, imports) === undefined
        ? `${path} is on the floor process and starts none: take .process from its name`
        : undefined;
    case 'contract':
      return wayTo(path, isContract, imports) === undefined
        ? `${path} is on the floor contract and runs no contract suite: take .contract from its name`
        : undefined;
  }
}

/** A suite that several implementations go through. */
function isContract(module: string): boolean {
  return /\/testing\/[\w-]*contract\.ts$/.test(module);
}
