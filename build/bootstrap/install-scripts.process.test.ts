import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { npmCli } from '../kit/process/npm-version.ts';
import { installModules } from './npm-ci.mjs';

const PROJECT = join(import.meta.dirname, '../..');

let folder: string;
let root: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bianmin-scripts-'));
  root = join(folder, 'project');
  mkdirSync(root);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** A package whose script leaves its name behind when it runs. */
function pack(name: string): string {
  const at = join(folder, name);
  mkdirSync(at);
  const leave = `require('fs').writeFileSync(${JSON.stringify(join(folder, `${name}-ran`))}, '')`;
  const scripts = {
    preinstall: `node -e ${JSON.stringify(leave)}`,
    postinstall: `node -e ${JSON.stringify(leave)}`,
  };
  writeFileSync(join(at, 'package.json'), JSON.stringify({ name, version: '1.0.0', scripts }));
  run(['npm'], ['pack', '--pack-destination', folder, at]);
  return `file:../${name}-1.0.0.tgz`;
}

const ran = (name: string): boolean => existsSync(join(folder, `${name}-ran`));

function run([command = '', ...before]: readonly string[], args: readonly string[]): void {
  const { status, stderr } = spawnSync(
    command,
    [...before, ...args, '--offline', '--cache', join(folder, 'cache')],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(stderr);
}

/** A project with our own rules, one package that is listed and one that is not; nothing of it is installed. */
function project(npm: readonly string[]): void {
  const dependencies = { listed: pack('listed'), stranger: pack('stranger') };
  const manifest = { name: 'ours', version: '1.0.0', dependencies, allowScripts: { listed: true } };
  writeFileSync(join(root, 'package.json'), JSON.stringify(manifest));
  cpSync(join(PROJECT, '.npmrc'), join(root, '.npmrc'));
  run(npm, ['install', '--package-lock-only', '--ignore-scripts']);
}

describe('an install script of a package that is not listed', () => {
  it.each(['10', '11'] as const)('does not run with npm %s, however it is installed', async (line) => {
    const found = await npmCli(line, (text) => process.stdout.write(`${text}\n`));
    if ('absent' in found) {
      process.stdout.write(`${found.absent}: skipped\n`);
      return;
    }
    const npm = [process.execPath, found.cli];
    project(npm);
    run(npm, ['ci']);
    expect([ran('listed'), ran('stranger')]).toEqual([false, false]);
    rmSync(join(root, 'node_modules'), { recursive: true });
    run(npm, ['install']);
    expect([ran('listed'), ran('stranger')]).toEqual([false, false]);
    // Who wants scripts all the same is refused by the npm that knows a list.
    if (line === '11') expect(() => run(npm, ['ci', '--ignore-scripts=false'])).toThrow('allowScripts');
  });

  it('does not run when our commands install, and that of a listed one does', () => {
    // npm 11 knows a tarball by its path and not by the name that the list has.
    vi.stubEnv('npm_config_strict_allow_scripts', 'false');
    project(['npm']);
    expect(installModules(false, root)).toContain('npm run modules');
    expect(installModules(true, root)).toBeUndefined();
    expect([ran('listed'), ran('stranger')]).toEqual([true, false]);
    // A person's own npm ci comes between: what is listed is built once more, and nothing else.
    rmSync(join(folder, 'listed-ran'));
    run(['npm'], ['ci']);
    expect(ran('listed')).toBe(false);
    expect(installModules(true, root)).toBeUndefined();
    expect([ran('listed'), ran('stranger')]).toEqual([true, false]);
  });

  it('runs at no installation that a file of ours tells of', () => {
    const { stdout } = spawnSync('git', ['grep', '-hE', 'npm (ci|install) -'], {
      cwd: PROJECT,
      encoding: 'utf8',
    });
    const telling = stdout.split('\n').filter((line) => /npm (?:ci|install) --?[a-z]/.test(line));
    expect(telling.filter((line) => !line.includes('--ignore-scripts') && !line.includes('grep'))).toEqual(
      [],
    );
    expect(telling.length).toBeGreaterThan(2);
    expect(readFileSync(join(PROJECT, '.npmrc'), 'utf8')).toMatch(/^ignore-scripts=true$/m);
  });
});
