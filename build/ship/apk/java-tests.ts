import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runToEnd } from '../../kit/process/run-to-end.ts';
import type { Tally } from '../../kit/tally.ts';
import { fetchIntoRepository } from './jars.ts';
import { startBoxServer } from './box-server.ts';
import { ANDROID_SOURCES, compileResources } from './resources.ts';
import { readSettings, ROOT } from './settings.ts';

/** Where pom.xml looks for what aapt made, and builds. */
const WORK = join(ROOT, '.data/box-java');
const POM = join(ROOT, 'stb-app/android/pom.xml');
const PLATFORMS = ['5.0.2_r3-robolectric-r0-i7', '5.1.1_r9-robolectric-r2-i7'];

/** The shell's tests under Robolectric on API 21 and 22. Reports what Maven says only where something failed. */
export async function runJavaTests(say: (text: string) => void): Promise<Tally> {
  const from = performance.now();
  const settings = await readSettings(false, { BIANMIN_BOX_SERVER_URL: 'https://box.example' });
  await rm(join(WORK, 'target/surefire-reports'), { recursive: true, force: true });
  await compileResources(WORK, settings, join(ANDROID_SOURCES, 'test/assets'));
  for (const version of PLATFORMS) {
    await fetchIntoRepository({ group: 'org.robolectric', name: 'android-all-instrumented', version });
  }
  const server = await startBoxServer();
  const facts = [
    `-Dbox.server=${server.url}`,
    `-Dbox.timeKey=${server.timeKey}`,
    `-Dbox.root=${server.releaseRoot}`,
  ];
  const { code, output } = await runToEnd('mvn', ['-q', '-B', '-f', POM, ...facts, 'test']);
  await server.close();
  if (code !== 0) say(output);
  const counted = await countReports(join(WORK, 'target/surefire-reports'));
  const failed = code === 0 && counted.passed > 0 ? counted.failed : Math.max(counted.failed, 1);
  return { ...counted, failed, name: 'shell on API 21 and 22', ms: Math.round(performance.now() - from) };
}

async function countReports(folder: string): Promise<{ passed: number; failed: number; skipped: number }> {
  const names = await readdir(folder).catch((): string[] => []);
  const counted = { passed: 0, failed: 0, skipped: 0 };
  for (const name of names.filter((each) => each.endsWith('.xml'))) {
    const suite = /<testsuite [^>]*>/.exec(await readFile(join(folder, name), 'utf8'))?.[0] ?? '';
    const of = (attribute: string): number =>
      Number(new RegExp(` ${attribute}="(\\d+)"`).exec(suite)?.[1] ?? 0);
    const failed = of('failures') + of('errors');
    counted.failed += failed;
    counted.skipped += of('skipped');
    counted.passed += of('tests') - failed - of('skipped');
  }
  return counted;
}
