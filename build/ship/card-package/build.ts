import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { runToEnd } from '../../kit/process/run-to-end.ts';

const ROOT = join(import.meta.dirname, '../../..');
const CARD = join(ROOT, 'shared/card');
/** What is the same in the workspace and in the package. */
const AS_IT_IS = ['bin/bianmin-card.js', 'CHANGELOG.md', 'LICENSE', 'README.md'];

/** What of the workspace's package.json is looked at; the rest is the package's as it stands there. */
interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string>>;
}

/** How a caller names what is public: `@bianmin/card`, `@bianmin/card/node`. */
export async function publicNames(): Promise<string[]> {
  const { name, exports } = await manifest();
  return Object.keys(exports)
    .filter((path) => isPublic(path) && isSource(exports[path] ?? ''))
    .map((path) => `${name}${path.slice(1)}`)
    .sort();
}

/** Builds the package `@bianmin/card` into a folder that is made anew. Throws with the compiler's words. */
export async function buildCardPackage(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const tsc = join(ROOT, 'node_modules/typescript-native/bin/tsc');
  const args = ['-p', join(CARD, 'tsconfig.package.json'), '--outDir', join(folder, 'dist')];
  const { code, output } = await runToEnd(process.execPath, [tsc, ...args], { cwd: ROOT });
  if (code !== 0) throw new Error(`The card package does not compile:\n${output}`);
  for (const name of AS_IT_IS) await cp(join(CARD, name), join(folder, name));
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(published(await manifest()), null, 2)}\n`);
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

/** The workspace's package.json with compiled files in place of sources, and without what is there for the project alone. */
function published(own: Manifest): object {
  const paths = Object.entries(own.exports).filter(([path]) => isPublic(path));
  return {
    ...own,
    private: undefined,
    devDependencies: undefined,
    exports: Object.fromEntries(paths.map(([path, file]) => [path, isSource(file) ? compiled(file) : file])),
  };
}

/** The project reaches every module by a pattern; the package has no such thing. */
const isPublic = (path: string): boolean => !path.includes('*');
const isSource = (file: string): boolean => file.endsWith('.ts');

function compiled(source: string): object {
  const file = source.replace('./src/', './dist/').slice(0, -'.ts'.length);
  return { types: `${file}.d.ts`, default: `${file}.js` };
}

async function manifest(): Promise<Manifest> {
  return JSON.parse(await readFile(join(CARD, 'package.json'), 'utf8')) as Manifest;
}
