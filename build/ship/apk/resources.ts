import { cp, mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.ts';
import { ROOT, type Settings } from './settings.ts';

export const ANDROID_SOURCES = join(ROOT, 'stb-app/android/src');
/** Debian's android-framework-res. */
const FRAMEWORK = '/usr/share/android-framework-res/framework-res.apk';
/** The beginning of ZIP's time, so that packages of one source are alike. */
const FIXED_TIME = new Date(Date.UTC(1981, 0, 1));

/** What aapt makes: the package without code, and R.java beside it. */
export interface Resources {
  readonly apk: string;
  readonly gen: string;
}

/** Compiles manifest, resources and `assets` (a folder; its files become the package's) in `work`, which is emptied. */
export async function compileResources(work: string, settings: Settings, assets: string): Promise<Resources> {
  const gen = join(work, 'gen');
  const apk = join(work, 'res.apk');
  const staged = join(work, 'staged');
  for (const folder of [gen, staged]) await rm(folder, { recursive: true, force: true });
  await mkdir(gen, { recursive: true });
  await cp(join(ANDROID_SOURCES, 'main'), staged, {
    recursive: true,
    filter: (path) => !path.endsWith('/java'),
  });
  await mkdir(join(staged, 'own/values'), { recursive: true });
  await writeFile(join(staged, 'own/values/box.xml'), valuesOf(settings));
  if (existsSync(assets)) await cp(assets, join(staged, 'assets'), { recursive: true });
  await mkdir(join(staged, 'assets'), { recursive: true });
  await fixTimes(staged);
  await run('aapt', [
    ...['package', '-f', '-m', '-J', gen, '-M', join(staged, 'AndroidManifest.xml')],
    ...['-S', join(staged, 'own'), '-S', join(staged, 'res'), '--auto-add-overlay'],
    ...['-A', join(staged, 'assets'), '-I', FRAMEWORK, '-F', apk],
    ...['--version-code', String(settings.versionCode), '--version-name', settings.version],
    ...(settings.release ? [] : ['--debug-mode']),
  ]);
  return { apk, gen };
}

/** Of everything below a folder: aapt keeps the time of each file. */
export async function fixTimes(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await fixTimes(path);
    await utimes(path, FIXED_TIME, FIXED_TIME);
  }
}

/** What `Config.java` reads. */
function valuesOf(settings: Settings): string {
  const text = (name: string, value: string): string =>
    `    <string name="${name}" translatable="false">${escaped(value)}</string>`;
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<resources>',
    text('server_url', settings.serverUrl),
    text('help_phone', settings.helpPhone),
    text('time_key', settings.timeKey),
    text('release_root', settings.releaseRoot),
    text('anchors', settings.anchors),
    `    <bool name="sandbox">${settings.release ? 'false' : 'true'}</bool>`,
    '</resources>',
    '',
  ].join('\n');
}

/** For XML, and for Android's own reading of a string: an `@` or `?` at its beginning, quotes, backslashes. */
function escaped(value: string): string {
  return value
    .replace(/[\\'"]|^[@?]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;');
}
