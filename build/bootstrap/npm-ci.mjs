import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';

const ROOT = join(import.meta.dirname, '../..');

/**
 * What is to be done to have what the lock file says. `built`: nothing, we installed from these very bytes for this Node;
 * `unbuilt`: npm itself wrote its record after the lock file was last changed (a person's own `npm ci` or `npm install`), which
 * runs no package's script; `old`: install.
 *
 * @param {string} root
 * @returns {'built' | 'unbuilt' | 'old'}
 */
export function stateOfModules(root = ROOT) {
  const record = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return 'old';
  const stamp = stampPath(root);
  if (existsSync(stamp)) {
    const kept = readFileSync(stamp, 'utf8');
    if (kept === stampOf(root)) return 'built';
    // Compiled modules belong to one Node.
    if (!kept.endsWith(`node ${process.versions.modules}`)) return 'old';
  }
  return statSync(record).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs ? 'unbuilt' : 'old';
}

/**
 * The packages whose install scripts run here: `allowScripts` of package.json, which npm 11 reads as well. No other package's
 * does: `.npmrc` forbids all, since npm 10 knows no list, and 11 only warns of what is not on it.
 *
 * @param {string} root
 * @returns {string[]}
 */
export function scriptsAllowed(root = ROOT) {
  const { allowScripts = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return Object.entries(allowScripts).flatMap(([name, allowed]) => (allowed === true ? [name] : []));
}

/**
 * Brings node_modules to what the lock file names, and builds what may be built.
 *
 * @param {boolean} mayInstall
 * @param {string} root
 * @returns {string | undefined} what went wrong, as a sentence that tells what to do
 */
export function installModules(mayInstall, root = ROOT) {
  const state = stateOfModules(root);
  if (state === 'built') return undefined;
  if (!mayInstall)
    return 'node_modules is not what package-lock.json names, and --no-install forbids installing. Run: npm run modules';
  if (state === 'old') {
    process.stderr.write('Installing the npm packages that package-lock.json names (npm ci)\n');
    if (!npm(root, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']))
      return 'npm ci failed; what it said is above. Mend that (network, disk space) and run the command again.';
  }
  const names = scriptsAllowed(root);
  const build = (/** @type {readonly string[]} */ those) =>
    npm(root, ['rebuild', '--ignore-scripts=false', '--loglevel=error', ...those]);
  // One that cannot be compiled here is done without, as npm itself does with what is optional.
  if (names.length > 0 && !build(names)) {
    for (const name of names.filter((each) => !build([each])))
      process.stderr.write(
        `${name} could not be built; what it said is above. What it is for is not there.\n`,
      );
  }
  markModulesCurrent(root);
  return undefined;
}

/**
 * @param {string} root
 * @param {readonly string[]} args
 */
function npm(root, args) {
  const { status } = spawnSync('npm', args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...ownHeaders() },
    shell: process.platform === 'win32',
  });
  return status === 0;
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
