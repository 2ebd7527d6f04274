import { defineConfig } from 'vitest/config';
import { FLOOR_FILES, type Floor } from './build/kit/floors.ts';

const PLACES = [
  'shared/card/src',
  'shared/purchase/src',
  'server',
  'terminal-app/src',
  'terminal-app/e2e',
  'stb-app/src',
  'stb-app/portal',
  'build',
];
/** Against what hangs, not against what is slow: on a busy machine a test takes ten times as long. */
const HANGS_MS = 300_000;

const OTHER_FLOORS = Object.values(FLOOR_FILES).filter((files) => files !== FLOOR_FILES.pure);
/** One floor of build/kit/floors.ts. */
const floor = (name: Floor) => ({
  name,
  include: PLACES.map((place) => `${place}/**/${FLOOR_FILES[name]}`),
  exclude: [
    '**/node_modules/**',
    '**/dist/**',
    'build/ship/deploy/e2e/**',
    ...(name === 'pure' ? OTHER_FLOORS.map((files) => `**/${files}`) : []),
  ],
  setupFiles: [
    'build/test/properties.ts',
    'build/test/measured.ts',
    ...(name === 'pure' ? ['build/test/no-process.ts'] : []),
  ],
  testTimeout: HANGS_MS,
  hookTimeout: HANGS_MS,
  expect: { poll: { timeout: HANGS_MS / 5 } },
});

/** A project takes nothing over from the root's configuration unless it says so. */
const EXTENDS = { extends: true } as const;

export default defineConfig({
  test: {
    // One more than cores: tests of the database wait for it now and then.
    maxWorkers: 3,
    // Processes, since one that hangs can be killed: a thread within a native call cannot, and the run waited for it for ever.
    pool: 'forks',
    // Modules that did not change are transformed once, not once a run.
    experimental: { fsModuleCache: true },
    projects: [
      // One set of modules for all files: nothing in them is a file's own.
      { ...EXTENDS, test: { ...floor('pure'), isolate: false } },
      { ...EXTENDS, test: { ...floor('db'), isolate: false, globalSetup: 'build/test/services.ts' } },
      { ...EXTENDS, test: floor('process') },
      { ...EXTENDS, test: { ...floor('contract'), globalSetup: 'build/test/services.ts' } },
    ],
  },
});
