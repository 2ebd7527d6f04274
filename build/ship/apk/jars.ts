import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../../kit/process/cache.ts';
import { run } from './run.ts';

/** A file of Maven Central. */
export interface Artifact {
  readonly group: string;
  readonly name: string;
  readonly version: string;
  readonly type?: string;
}

/** Android 9's classes, the target SDK's, as android.jar; what of them Android 5.0 has not is found afterwards. */
export const ANDROID: Artifact = {
  group: 'org.robolectric',
  name: 'android-all',
  version: '9-robolectric-4913185-2',
};
export const DX: Artifact = {
  group: 'com.jakewharton.android.repackaged',
  name: 'dalvik-dx',
  version: '16.0.1',
};
/** What Android 5.0 has, by name. */
export const API_21: Artifact = {
  group: 'net.sf.androidscents.signature',
  name: 'android-api-level-21',
  version: '5.0.1_r2',
  type: 'signature',
};
export const ANIMAL_SNIFFER: Artifact = {
  group: 'org.codehaus.mojo',
  name: 'animal-sniffer',
  version: '1.24',
};
export const ASM: Artifact = { group: 'org.ow2.asm', name: 'asm', version: '9.7' };

const DEPENDENCY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';

/** The file in the user's cache, fetched the first time. */
export async function jar(artifact: Artifact): Promise<string> {
  const { group, name, version, type = 'jar' } = artifact;
  const folder = cacheFolder('apk');
  const path = join(folder, `${name}-${version}.${type}`);
  if (existsSync(path)) return path;
  await mkdir(folder, { recursive: true });
  await run('mvn', [
    ...['-q', '-B', `${DEPENDENCY}:copy`, `-DoutputDirectory=${folder}`],
    `-Dartifact=${group}:${name}:${version}:${type}`,
  ]);
  return path;
}

/** Has a file in Maven's own repository, where a project's file names it. */
export async function fetchIntoRepository({ group, name, version }: Artifact): Promise<void> {
  const artifact = `-Dartifact=${group}:${name}:${version}`;
  const get = ['-q', '-B', `${DEPENDENCY}:get`, '-Dtransitive=false', artifact];
  // Maven asks the network for nothing that is there, but asks whether it is.
  await run('mvn', ['-o', ...get]).catch(() => run('mvn', get));
}
