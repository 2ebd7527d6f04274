import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { findCommand } from './machine.mjs';

/** @typedef {import('./needs.mjs').Need} Need */

/**
 * The line that a person types.
 *
 * @param {readonly Need[]} needs
 */
export function aptLine(needs) {
  return `apt-get update && apt-get install -y --no-install-recommends ${needs.map(({ name }) => name).join(' ')}`;
}

/**
 * Why nothing may be installed here, with what to type; nothing where it may.
 *
 * @param {readonly Need[]} needs
 * @param {{ mayInstall: boolean, isRoot: boolean, hasApt: boolean }} may
 * @returns {string | undefined}
 */
export function refusal(needs, { mayInstall, isRoot, hasApt }) {
  if (needs.length === 0) return undefined;
  const list = needs.map(({ name, why }) => `  ${name}: for ${why}`).join('\n');
  if (!hasApt) return `These are lacking, and this is not a Debian system. Install what they bring:\n${list}`;
  if (!mayInstall)
    return `These Debian packages are lacking, and --no-install forbids installing them:\n${list}\nRun as root:\n  ${aptLine(needs)}`;
  if (!isRoot)
    return `These Debian packages are lacking:\n${list}\nRun this, then the command again:\n  sudo sh -c '${aptLine(needs)}'`;
  return undefined;
}

/**
 * Installs what is lacking, with one line that says what and why.
 *
 * @param {readonly Need[]} needs
 * @param {{ mayInstall: boolean, isRoot: boolean }} may
 * @returns {string | undefined} what went wrong, as a sentence that tells what to do
 */
export function installPackages(needs, may) {
  if (needs.length === 0) return undefined;
  const refused = refusal(needs, { ...may, hasApt: findCommand('apt-get') !== undefined });
  if (refused !== undefined) return refused;
  process.stderr.write(`Installing ${needs.map(({ name, why }) => `${name} (${why})`).join(', ')}\n`);
  const names = needs.map(({ name }) => name);
  const failed =
    aptGet(['update', '-q']) ?? aptGet(['install', '-q', '-y', '--no-install-recommends', ...names]);
  if (failed === undefined) return undefined;
  return `${failed}\napt-get could not install ${names.join(' ')}. Run this by hand to see why:\n  ${aptLine(needs)}`;
}

/**
 * @param {readonly string[]} args
 * @returns {string | undefined} the end of its output where it failed
 */
function aptGet(args) {
  const { status, stdout, stderr } = spawnSync('apt-get', args, {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  return status === 0 ? undefined : `${stdout}${stderr}`.trimEnd().split('\n').slice(-15).join('\n');
}
