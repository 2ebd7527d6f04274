import { defineConfig } from 'vitest/config';
import { LikelyFirst, PastReporter } from './likely-first.ts';
import { FLOOR_FILES, type Floor } from '../../kit/floors.ts';

/** The floor whose tests are tried: one that starts a process would cost seconds a mutant. */
const floor = (process.env['MUTATE_FLOOR'] ?? 'pure') as Floor;
const places = (process.env['MUTATE_TESTS'] ?? '').split(' ');
/** A mutant that hangs is ended from outside. */
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
    alias: [
      {
        find: /^@bianmin\/(card|purchase)\/(.*)$/u,
        replacement: `${process.cwd()}/shared/$1/src/$2.ts`,
      },
    ],
  },
  test: {
    pool: 'threads',
    testTimeout: HANGS_MS,
    hookTimeout: HANGS_MS,
    include: places.map((place) => `${place}/**/${FLOOR_FILES[floor]}`),
    exclude: ['**/node_modules/**', ...(floor === 'pure' ? OTHERS : [])],
    setupFiles: ['build/test/properties.ts'],
    ...(floor === 'pure' ? {} : { globalSetup: 'build/test/services.ts' }),
    isolate: false,
    reporters: [new PastReporter()],
    sequence: { sequencer: LikelyFirst },
  },
});
