import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openRootChain } from '@bianmin/purchase/node/release-root';
import { closureOf, NATIVES } from './natives.ts';
import { PARTS } from './parts.ts';

/** The packaged app's own manifest: what it needs is bundled, except for native packages. */
export interface AppManifest {
  readonly name: string;
  readonly productName: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly homepage: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly type: 'module';
  readonly main: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/**
 * Makes the folder that electron-builder packages: the built parts, a manifest, and the native packages with what they need. So
 * the file list is known before a packager looks at it, and nothing of the workspace comes along by accident.
 *
 * @param root the project's
 * @param built where `buildParts` left the parts
 * @param out is made anew
 * @param roots the file of those who sign releases, which the kiosk is born with; absent: it is told by its environment
 */
export async function stageApp(
  root: string,
  built: string,
  { out, roots }: { readonly out: string; readonly roots?: string | undefined },
): Promise<AppManifest> {
  const app = join(root, 'terminal-app');
  const { version, main } = JSON.parse(await readFile(join(app, 'package.json'), 'utf8')) as {
    version: string;
    main: string;
  };
  await rm(out, { recursive: true, force: true });
  for (const part of Object.keys(PARTS))
    await cp(join(built, part), join(out, 'dist', part), { recursive: true });
  if (roots !== undefined) {
    const text = await readFile(roots, 'utf8');
    // A kiosk that cannot read it does not start.
    openRootChain(text);
    await writeFile(join(out, 'dist/release-root.jsonl'), text);
  }
  const packages = closureOf(NATIVES, app);
  for (const { name, folder } of packages) {
    await mkdir(join(out, 'node_modules', name), { recursive: true });
    await cp(folder, join(out, 'node_modules', name), { recursive: true, dereference: true });
  }
  const manifest: AppManifest = {
    name: 'bianmin-kiosk',
    productName: '便民电卡',
    version,
    description: 'Prepaid electricity at a self-service terminal',
    license: 'Apache-2.0',
    homepage: 'https://bianmin.invalid/',
    author: { name: 'Bianmin', email: 'kiosk@bianmin.invalid' },
    type: 'module',
    main,
    dependencies: Object.fromEntries(packages.map((found) => [found.name, found.version])),
  };
  await writeFile(join(out, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}
