import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ANDROID, ANIMAL_SNIFFER, API_21, ASM, DX, jar } from './jars.ts';
import { ANDROID_SOURCES } from './resources.ts';
import { run } from './run.ts';

/** Classes that use what Android 5.0 has not, loaded on later versions only. */
const GUARDED = ['cn.bianmin.box.Api26Notice', 'cn.bianmin.box.keys.Api23Keys'];

/** Compiles the shell to `work/classes` and checks that Android 5.0 has what it uses. Gives the folder. */
export async function compileCode(work: string, gen: string): Promise<string> {
  const classes = join(work, 'classes');
  await rm(classes, { recursive: true, force: true });
  await mkdir(classes, { recursive: true });
  // dx takes no lambda below API 26, and Java 7 has none.
  await run('javac', [
    ...['--release', '7', '-encoding', 'UTF-8', '-nowarn', '-Xlint:-options'],
    ...['-cp', await jar(ANDROID), '-d', classes],
    ...(await javaFiles(join(ANDROID_SOURCES, 'main/java'))),
    ...(await javaFiles(gen)),
  ]);
  return classes;
}

/** Throws with the names of what is used and not there; gives how much was looked at. */
export async function checkApiLevel(classes: string): Promise<string> {
  const path = `${await jar(ANIMAL_SNIFFER)}:${await jar(ASM)}`;
  const check = join(import.meta.dirname, 'java/ApiCheck.java');
  return (await run('java', ['-cp', path, check, await jar(API_21), classes, ...GUARDED])).trim();
}

/** Writes `classes.dex`. */
export async function makeDex(classes: string, dex: string): Promise<void> {
  const main = 'com.android.dx.command.Main';
  await run('java', [
    ...['-cp', await jar(DX), main, '--dex', '--min-sdk-version=21', `--output=${dex}`, classes],
  ]);
}

async function javaFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries
    .filter((name) => name.endsWith('.java'))
    .sort()
    .map((name) => join(folder, name));
}
