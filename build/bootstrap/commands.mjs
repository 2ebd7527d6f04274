/**
 * @typedef {object} Command
 * @property {string} program
 * @property {import('./needs.mjs').Purpose} purpose
 * @property {readonly string[]} [args] before the person's own
 */
/**
 * What `node build/run.mjs NAME` runs: most of package.json's scripts.
 *
 * @type {Readonly<Record<string, Command>>}
 */
export const COMMANDS = {
  dev: { program: 'build/dev/live/main.ts', purpose: 'start' },
  lint: { program: 'build/test/checks-main.ts', purpose: 'stack', args: ['lint'] },
  typecheck: { program: 'build/test/checks-main.ts', purpose: 'stack', args: ['typecheck'] },
  e2e: { program: 'build/test/e2e-main.ts', purpose: 'test' },
  journey: { program: 'build/journey/main.ts', purpose: 'stack' },
  bench: { program: 'build/bench/main.ts', purpose: 'stack' },
  apk: { program: 'build/apk/main.ts', purpose: 'apk' },
  'box:test': { program: 'build/apk/ci-main.ts', purpose: 'apk' },
  'deploy:local': { program: 'build/dev/start.ts', purpose: 'deploy', args: ['--two-nodes'] },
  'deploy:check': {
    program: 'build/test/suite-main.ts',
    purpose: 'deploy',
    args: ['--config', 'build/deploy/vitest.config.ts', 'build/deploy/e2e/check'],
  },
  backup: { program: 'server/src/main-backup.ts', purpose: 'stack' },
  'data:record': { program: 'build/data/record-main.ts', purpose: 'stack' },
  migrate: { program: 'server/src/main-migrate.ts', purpose: 'stack' },
  'seed:year': { program: 'build/seed/main.ts', purpose: 'stack' },
  audit: { program: 'server/src/main-audit.ts', purpose: 'stack' },
  release: { program: 'server/src/main-release.ts', purpose: 'stack' },
  statistics: { program: 'server/src/main-statistics.ts', purpose: 'stack' },
  contract: { program: 'build/contract/main.ts', purpose: 'contract' },
  package: { program: 'build/package/main.ts', purpose: 'package' },
  'package:check': { program: 'build/package-check/main.ts', purpose: 'package' },
  voice: { program: 'build/voice/main.ts', purpose: 'stack' },
  logs: { program: 'build/logs/main.ts', purpose: 'stack' },
  promtool: { program: 'build/prometheus/main.ts', purpose: 'stack' },
  mutate: { program: 'build/mutate/main.ts', purpose: 'stack' },
  soak: { program: 'build/soak/main.ts', purpose: 'stack' },
};
