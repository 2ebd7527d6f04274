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
  dev: { program: 'build/run/dev/live/main.ts', purpose: 'start' },
  lint: { program: 'build/test/checks-main.ts', purpose: 'stack', args: ['lint'] },
  'lint:floors': { program: 'build/test/lint/imports-main.ts', purpose: 'stack', args: ['--draw'] },
  typecheck: { program: 'build/test/checks-main.ts', purpose: 'stack', args: ['typecheck'] },
  e2e: { program: 'build/test/e2e-main.ts', purpose: 'test' },
  journey: { program: 'build/judge/journey/main.ts', purpose: 'stack' },
  bench: { program: 'build/judge/bench/main.ts', purpose: 'stack' },
  apk: { program: 'build/ship/apk/main.ts', purpose: 'apk' },
  'box:test': { program: 'build/ship/apk/ci-main.ts', purpose: 'apk' },
  'deploy:local': { program: 'build/run/dev/start.ts', purpose: 'deploy', args: ['--two-nodes'] },
  'deploy:check': {
    program: 'build/test/suite-main.ts',
    purpose: 'deploy',
    args: ['--config', 'build/ship/deploy/vitest.config.ts', 'build/ship/deploy/e2e/check'],
  },
  backup: { program: 'server/src/main-backup.ts', purpose: 'stack' },
  'data:record': { program: 'build/test/data/record-main.ts', purpose: 'stack' },
  migrate: { program: 'server/src/main-migrate.ts', purpose: 'stack' },
  keys: { program: 'server/src/main-keys.ts', purpose: 'stack' },
  'seed:year': { program: 'build/run/seed/main.ts', purpose: 'stack' },
  audit: { program: 'server/src/main-audit.ts', purpose: 'stack' },
  support: { program: 'server/src/main-support.ts', purpose: 'stack' },
  'break-glass': { program: 'server/src/main-break-glass.ts', purpose: 'stack' },
  release: { program: 'server/src/main-release.ts', purpose: 'stack' },
  statistics: { program: 'server/src/main-statistics.ts', purpose: 'stack' },
  contract: { program: 'build/judge/contract/main.ts', purpose: 'contract' },
  'pack:card': { program: 'build/ship/card-package/main.ts', purpose: 'package' },
  images: { program: 'build/ship/images/main.ts', purpose: 'package' },
  stores: { program: 'build/ship/stores/main.ts', purpose: 'package' },
  sbom: { program: 'build/ship/sbom/main.ts', purpose: 'package' },
  package: { program: 'build/ship/package/main.ts', purpose: 'package' },
  'package:check': { program: 'build/ship/package-check/main.ts', purpose: 'package' },
  voice: { program: 'build/ship/voice/main.ts', purpose: 'stack' },
  logs: { program: 'build/judge/logs/main.ts', purpose: 'stack' },
  attack: { program: 'build/judge/attack/main.ts', purpose: 'deploy' },
  accept: { program: 'build/judge/accept/main.ts', purpose: 'stack' },
  rig: { program: 'build/judge/rig/main.ts', purpose: 'rig' },
  promtool: { program: 'build/test/prometheus/main.ts', purpose: 'stack' },
  mutate: { program: 'build/test/mutate/main.ts', purpose: 'stack' },
  soak: { program: 'build/judge/soak/main.ts', purpose: 'stack' },
};
