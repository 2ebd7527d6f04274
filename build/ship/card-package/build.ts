import { chmod, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { runToEnd } from '../../kit/process/run-to-end.ts';

const ROOT = join(import.meta.dirname, '../../..');
const FILES = join(import.meta.dirname, 'files');
const LIBRARY = join(ROOT, 'shared/src/library');
const BIN = 'bin/bianmin-card.js';

/** What of a package.json is taken over. */
interface Manifest {
  readonly version: string;
  readonly license: string;
  readonly engines: { readonly node: string };
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

/** Names of the public entries, as `shared/src/library` has them. */
export async function publicEntries(): Promise<string[]> {
  const names = await readdir(LIBRARY);
  return names
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => name.slice(0, -3))
    .sort();
}

/** How a caller names an entry: `@bianmin/card`, `@bianmin/card/node`. */
export function importedAs(entry: string): string {
  return entry === 'index' ? '@bianmin/card' : `@bianmin/card/${entry}`;
}

/** Builds the package `@bianmin/card` into a folder that is made anew. Throws with the compiler's words. */
export async function buildCardPackage(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const tsc = join(ROOT, 'node_modules/typescript-native/bin/tsc');
  const args = ['-p', join(import.meta.dirname, 'tsconfig.json'), '--outDir', join(folder, 'dist')];
  const { code, output } = await runToEnd(process.execPath, [tsc, ...args], { cwd: ROOT });
  if (code !== 0) throw new Error(`The card package does not compile:\n${output}`);
  await cp(FILES, folder, { recursive: true });
  await chmod(join(folder, BIN), 0o755);
  await cp(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(await manifest(), null, 2)}\n`);
}

/** Packs a built folder into `to`; the tarball's path. */
export async function packCardPackage(folder: string, to: string): Promise<string> {
  const { code, output } = await runToEnd('npm', ['pack', '--silent', '--pack-destination', to], {
    cwd: folder,
  });
  const name = output.trim().split('\n').at(-1) ?? '';
  if (code !== 0 || !name.endsWith('.tgz')) throw new Error(`The card package does not pack:\n${output}`);
  return join(to, name);
}

async function manifest(): Promise<object> {
  const [root, shared] = await Promise.all([manifestOf('package.json'), manifestOf('shared/package.json')]);
  const entries = await publicEntries();
  return {
    name: '@bianmin/card',
    version: root.version,
    description:
      'Readers and cards of prepaid electricity: USB, HID and PC/SC, nine memory chips and CPU cards',
    license: root.license,
    type: 'module',
    engines: root.engines,
    bin: { 'bianmin-card': BIN },
    exports: Object.fromEntries<object | string>([
      ...entries.map((entry): [string, object] => [
        entry === 'index' ? '.' : `./${entry}`,
        { types: `./dist/library/${entry}.d.ts`, default: `./dist/library/${entry}.js` },
      ]),
      ['./package.json', './package.json'],
    ]),
    files: ['bin', 'dist', 'CHANGELOG.md'],
    optionalDependencies: shared.optionalDependencies,
  };
}

async function manifestOf(path: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(ROOT, path), 'utf8')) as Manifest;
}
