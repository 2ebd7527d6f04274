import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import process from 'node:process';
import { readOptions } from '@bianmin/purchase/node/cli-options';
import { ReleaseSigners } from '@bianmin/purchase/testing/node/release-signers';
import { buildParts } from '../package/parts.ts';
import { stageApp } from '../package/stage.ts';
import { entriesOf, integrityCheck, readEntry } from './archive.ts';
import { loadsCheck, preloadCheck, screenSafeCheck } from './bundles.ts';
import { failures, report, type Check } from './check.ts';
import { configCheck } from './config.ts';
import { contentChecks, nativesCheck } from './contents.ts';
import { fuseCheck, imageCheck, manifestCheck, modulesCheck, windowsCheck } from './package.ts';
import { fusesOf, readYaml, schemaProblems } from './packager.ts';
import { makeStandIn } from './stand-in.ts';
import { childStarts, mainStarts, preloadStarts } from './starts.ts';

/**
 * Packages the kiosk by electron-builder itself, with a stand-in for Electron's binary, and looks at what came out. Needs no network,
 * installs nothing, and leaves nothing behind but `terminal-app/dist/package-check`.
 */
const ROOT = join(import.meta.dirname, '../../..');
const WORK = join(ROOT, 'terminal-app/dist/package-check');
const CONFIG = join(ROOT, 'electron-builder.yml');

readOptions({
  usage:
    'Usage: npm run package:check. Packages the kiosk around a stand-in for Electron and looks at what came out.',
});
const config = readYaml(CONFIG);
const checks: Check[] = [
  { name: 'electron-builder’s own schema accepts the configuration', problems: schemaProblems(config) },
  configCheck(config),
];

await rm(WORK, { recursive: true, force: true });
await mkdir(WORK, { recursive: true });
buildParts(ROOT, WORK);
const roots = join(WORK, 'roots.jsonl');
await writeFile(roots, `${new ReleaseSigners().document}\n`);
const manifest = await stageApp(ROOT, WORK, { out: join(WORK, 'app'), roots });
const packages = Object.keys(manifest.dependencies);
const { version } = JSON.parse(readFileSync(join(ROOT, 'node_modules/electron/package.json'), 'utf8')) as {
  version: string;
};
await makeStandIn(join(WORK, 'electron'), version);

const inRoot = (name: string): string => relative(ROOT, join(WORK, name));
const run = spawnSync(
  process.execPath,
  [
    join(ROOT, 'node_modules/electron-builder/cli.js'),
    ...['--linux', 'dir', '--x64', '--publish', 'never'],
    `-c.directories.app=${inRoot('app')}`,
    `-c.directories.output=${inRoot('out')}`,
    `-c.electronDist=${inRoot('electron')}`,
    `-c.electronVersion=${version}`,
    // Compiling native modules for Electron needs its headers, which no registry has.
    '-c.npmRebuild=false',
  ],
  { cwd: ROOT, encoding: 'utf8' },
);
const folder = join(WORK, 'out/linux-unpacked');
const archive = join(folder, 'resources/app.asar');
const made = run.status === 0 && existsSync(archive);
checks.push({
  name: 'electron-builder packages it',
  problems: made ? [] : [`exit ${String(run.status)}\n${run.stdout}${run.stderr}`],
});
if (made) {
  const entries = entriesOf(archive);
  const read = (path: string): Buffer => {
    const entry = entries.find((found) => found.path === path);
    return entry === undefined ? Buffer.alloc(0) : readEntry(archive, entry);
  };
  checks.push(
    ...contentChecks(entries, packages),
    nativesCheck(entries),
    modulesCheck(entries, (entry) => readEntry(archive, entry)),
    windowsCheck((name) => join(WORK, 'app/node_modules', name)),
    manifestCheck(read('package.json').toString(), entries),
    preloadCheck(read('dist/preload/preload.cjs').toString()),
    loadsCheck('the main process', read('dist/main/main.js').toString(), packages),
    screenSafeCheck(read('dist/main/main.js').toString()),
    loadsCheck('the devices’ child', read('dist/device-child/device-child.js').toString(), packages),
    // The staged folder has what the archive has, where Node can load it.
    mainStarts(join(WORK, 'app/dist/main/main.js')),
    childStarts(join(WORK, 'app/dist/device-child/device-child.js')),
    preloadStarts(read('dist/preload/preload.cjs').toString()),
    integrityCheck(archive),
    imageCheck(join(ROOT, 'build/ship/image/linux'), join(folder, 'resources/kiosk-image')),
    fuseCheck(await fusesOf(join(folder, 'bianmin-kiosk'))),
  );
}
for (const line of report(checks)) process.stdout.write(`${line}\n`);
process.exitCode = failures(checks) === 0 ? 0 : 1;
