import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { bootstrap, EXIT_NEEDS_HELP } from './bootstrap.mjs';
import { findCommand } from './bootstrap/machine.mjs';

// A pre-release whose manifest asks for a newer compiler than it needs: 1.95 builds it.
const VERSION = '0.5.3-beta.196';
const LEAST_MINOR = 95;

const folder = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'bianmin/secantus');
const server = join(folder, 'bin/secantusd-rs');

/** @param {string} sentence */
function giveUp(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(EXIT_NEEDS_HELP);
}

/** Where Cargo is; rustup puts it into the home folder and not on everybody's PATH. */
function findCargo() {
  const own = join(process.env['CARGO_HOME'] || join(homedir(), '.cargo'), 'bin/cargo');
  return findCommand('cargo') ?? (existsSync(own) ? own : undefined);
}

function build() {
  bootstrap('database');
  const cargo = findCargo();
  if (cargo === undefined) {
    giveUp(
      'The durable database is built with Rust, and there is no cargo here. Install Rust 1.95 or newer and run ' +
        'npm run db:build again. Everything but crash tests and benchmarks runs without it.',
    );
    return;
  }
  const version = spawnSync(cargo, ['--version'], { encoding: 'utf8' }).stdout;
  if (Number(/cargo 1\.(\d+)/.exec(version)?.[1] ?? LEAST_MINOR) < LEAST_MINOR) {
    giveUp(`The durable database needs Rust 1.95 or newer, and this is ${version.trim()}.`);
  }
  mkdirSync(folder, { recursive: true });
  process.stderr.write(`Building SecantusDB ${VERSION} into ${folder}: about 8 minutes on two cores, once\n`);
  const target = join(folder, 'target');
  const { status } = spawnSync(
    cargo,
    ['install', 'secantus-mdb', '--version', VERSION, '--ignore-rust-version', '--root', folder],
    { stdio: ['ignore', 2, 2], env: { ...process.env, CARGO_TARGET_DIR: target } },
  );
  if (status !== 0) giveUp('The durable database could not be built; what Cargo said is above.');
  rmSync(target, { recursive: true, force: true });
}

const USAGE = `Usage: npm run db:build -- [--no-install]
Builds the durable database (SecantusDB ${VERSION}) into ${folder}, once.
`;
const args = process.argv.slice(2);
const strange = args.find((arg) => arg !== '--no-install');
if (strange === '--help' || strange === '-h') {
  process.stdout.write(USAGE);
  process.exit(0);
}
if (strange !== undefined) giveUp(`There is no option "${strange}".\n${USAGE.trimEnd()}`);

if (!existsSync(server)) build();
process.stdout.write(`secantusd-rs is in ${server}\n`);
