import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';

const ROOT = join(import.meta.dirname, '../..');

/**
 * Whether node_modules is what the lock file says: either we installed from these very bytes for this Node, or
 * npm itself wrote its own record after the lock file was last changed (`npm install some-package`).
 *
 * @param {string} root
 */
export function modulesAreCurrent(root = ROOT) {
  const record = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return false;
  const stamp = stampPath(root);
  if (existsSync(stamp)) {
    const kept = readFileSync(stamp, 'utf8');
    if (kept === stampOf(root)) return true;
    // Compiled modules belong to one Node.
    if (!kept.endsWith(`node ${process.versions.modules}`)) return false;
  } else if (!existsSync(join(root, 'node_modules/@pokusew/pcsclite'))) {
    // A person's own npm ci came before the headers were there: npm then leaves the optional module out.
    return false;
  }
  return statSync(record).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

/**
 * @param {boolean} mayInstall
 * @returns {string | undefined} what went wrong, as a sentence that tells what to do
 */
export function installModules(mayInstall) {
  if (!mayInstall)
    return 'node_modules is not what package-lock.json names, and --no-install forbids installing. Run: npm ci';
  process.stderr.write('Installing the npm packages that package-lock.json names (npm ci)\n');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...ownHeaders() },
    shell: process.platform === 'win32',
  });
  if (status !== 0)
    return 'npm ci failed; what it said is above. Mend that (network, disk space) and run the command again.';
  markModulesCurrent();
  return undefined;
}

/**
 * Node's headers where they lie beside it, as Debian and Node's own archives have them. Left to itself node-gyp fetches them from
 * afar for each user anew, and npm leaves out what could not be compiled without a word.
 *
 * @returns {Record<string, string>}
 */
export function ownHeaders(node = process.execPath, env = process.env) {
  const prefix = join(dirname(node), '..');
  if (env['npm_config_nodedir'] || !existsSync(join(prefix, 'include/node/node.h'))) return {};
  return { npm_config_nodedir: prefix };
}

/**
 * By the lock file's bytes from here on: a person's own npm ci counts, too, and a checkout that only touches the file changes nothing.
 * Another command that starts now finds the whole stamp: half of one would have it install the packages that this one runs on.
 *
 * @param {string} root
 */
export function markModulesCurrent(root = ROOT) {
  const path = stampPath(root);
  const stamp = stampOf(root);
  if (existsSync(path) && readFileSync(path, 'utf8') === stamp) return;
  const whole = `${path}-${process.pid}`;
  writeFileSync(whole, stamp);
  renameSync(whole, path);
}

/** @param {string} root */
const stampPath = (root) => join(root, 'node_modules/.bianmin-installed');

/** @param {string} root */
function stampOf(root) {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  return `${lock} node ${process.versions.modules}`;
}
