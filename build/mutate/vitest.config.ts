import { defineConfig } from 'vitest/config';
import { FLOOR_FILES } from '../test/floors.ts';

/** Floors that mutants are tried on, with a space between: one that starts a process would cost seconds a mutant. */
const floors = (process.env['MUTATE_FLOORS'] ?? 'pure').split(' ');
const places = (process.env['MUTATE_TESTS'] ?? '').split(' ');
const HANGS_MS = 300_000;
const OTHERS = Object.values(FLOOR_FILES)
  .filter((files) => files !== FLOOR_FILES.pure)
  .map((files) => `**/${files}`);

/**
 * The tests of a copy of the project in which one place at a time is wrong. Modules come from that copy, also those that are asked for by
 * the package's name.
 */
export default defineConfig({
  resolve: {
    alias: [{ find: /^@bianmin\/shared\/(.*)$/u, replacement: `${process.cwd()}/shared/src/$1.ts` }],
  },
  test: {
    pool: 'threads',
    // A mutant that hangs is ended from outside.
    testTimeout: HANGS_MS,
    hookTimeout: HANGS_MS,
    projects: [
      ...(floors.includes('pure')
        ? [
            {
              extends: true as const,
              test: {
                name: 'pure',
                include: places.map((place) => `${place}/**/${FLOOR_FILES.pure}`),
                exclude: ['**/node_modules/**', ...OTHERS],
                setupFiles: ['build/test/properties.ts'],
                isolate: false,
              },
            },
          ]
        : []),
      ...(floors.includes('db')
        ? [
            {
              extends: true as const,
              test: {
                name: 'db',
                include: places.map((place) => `${place}/**/${FLOOR_FILES.db}`),
                globalSetup: 'build/test/services.ts',
                setupFiles: ['build/test/properties.ts'],
                isolate: false,
              },
            },
          ]
        : []),
    ],
  },
});
