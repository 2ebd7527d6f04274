import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { ownHeaders } from '../../bootstrap/npm-ci.mjs';
import { runToEnd, type Outcome } from '../../kit/process/run-to-end.ts';

/** The package in a folder of its own, and the Node that it is used with. */
export interface Installed {
  readonly folder: string;
  /** Runs `node` with these arguments there. */
  node(...args: readonly string[]): Promise<Outcome>;
  /** Runs the tool that npm put there. */
  tool(...args: readonly string[]): Promise<Outcome>;
  /** The same as a person starts it, which takes longer. */
  npx(...args: readonly string[]): Promise<Outcome>;
}

export interface InstallOptions {
  readonly tarball: string;
  /** Where the folder is made. */
  readonly folder: string;
  /** The folder of the Node's `bin`. */
  readonly bin: string;
  readonly withOptional: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** Installs the tarball with npm on that Node. Throws with npm's words. */
export async function installCardPackage(options: InstallOptions): Promise<Installed> {
  const { tarball, folder, bin, withOptional } = options;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "name": "caller", "private": true, "type": "module" }\n');
  const node = join(bin, 'node');
  const env = {
    ...process.env,
    ...ownHeaders(node, {}),
    PATH: [bin, process.env['PATH'] ?? ''].join(delimiter),
    LC_ALL: 'C',
    // A caller's folder has npm's own settings; a script that npm started inherits those of this project.
    npm_config_ignore_scripts: 'false',
    npm_config_strict_allow_scripts: 'false',
    ...options.env,
  };
  const run = (command: string, args: readonly string[]): Promise<Outcome> =>
    runToEnd(command, args, { cwd: folder, env });
  const { code, output } = await run('npm', [
    ...['install', '--no-audit', '--no-fund', '--prefer-offline', '--no-save'],
    ...(withOptional ? [] : ['--omit=optional']),
    tarball,
  ]);
  if (code !== 0) throw new Error(`npm did not install the package:\n${output}`);
  return {
    folder,
    node: (...args) => run(node, args),
    tool: (...args) => run(join(folder, 'node_modules/.bin/bianmin-card'), args),
    npx: (...args) => run('npx', ['--no-install', 'bianmin-card', ...args]),
  };
}
