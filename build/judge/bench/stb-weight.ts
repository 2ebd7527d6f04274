import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { gzipSync } from 'node:zlib';
import { readZip } from '../../kit/zip.ts';
import { runToEnd } from '../../kit/process/run-to-end.ts';

const ROOT = join(import.meta.dirname, '../../..');
const PACKAGES = join(ROOT, 'stb-app/android/dist');
/** As large as the languages want them. */
const FONT_OR_VOICE = /\.(?:woff2?|ttf|otf|mp3|ogg|opus|m4a)$/;

/** KB of 1024 that a browser would fetch of the built pages, compressed, without fonts and voices. */
export async function bundleKb(pages: string): Promise<number> {
  const entries = await readdir(pages, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile() && !FONT_OR_VOICE.test(entry.name));
  const bytes = await Promise.all(
    files.map(async ({ parentPath, name }) => gzipSync(await readFile(join(parentPath, name)), { level: 9 })),
  );
  return bytes.reduce((sum, { length }) => sum + length, 0) / 1024;
}

export interface PackageWeight {
  /** MB of 1,048,576, without fonts and voices. */
  readonly mb: number;
  readonly file: string;
}

/** Of the package that is there, else of one that is built now. A text says why there is none to weigh. */
export async function apkWeight(report: (line: string) => void): Promise<PackageWeight | string> {
  let file = await newestPackage();
  if (file === undefined) {
    report('No package of the box is there: building one (npm run apk)');
    const { code, output } = await runToEnd(process.execPath, [join(ROOT, 'build/run.mjs'), 'apk'], {
      cwd: ROOT,
    });
    file = await newestPackage();
    if (code !== 0 || file === undefined) {
      return `apkMB is left out: npm run apk made no package; ${output.trim().split('\n').at(-1) ?? ''}`;
    }
  }
  return weighPackage(await readFile(file), file);
}

/** A package whose pages are a placeholder says nothing about the weight. */
function weighPackage(bytes: Buffer, file: string): PackageWeight | string {
  const entries = [...readZip(bytes)];
  if (!entries.some(([name]) => /^assets\/pages\/.*\.js$/.test(name))) {
    return `apkMB is left out: ${file} was built without the TV pages; build it again with npm run apk`;
  }
  const fonts = entries.filter(([name]) => FONT_OR_VOICE.test(name));
  const fontBytes = fonts.reduce((sum, [, { packedBytes }]) => sum + packedBytes, 0);
  return { mb: (bytes.length - fontBytes) / (1024 * 1024), file };
}

async function newestPackage(): Promise<string | undefined> {
  if (!existsSync(PACKAGES)) return undefined;
  const names = (await readdir(PACKAGES)).filter((name) => name.endsWith('.apk'));
  const dated = await Promise.all(
    names.map(async (name) => ({
      path: join(PACKAGES, name),
      at: (await stat(join(PACKAGES, name))).mtimeMs,
    })),
  );
  return dated.sort((a, b) => b.at - a.at)[0]?.path;
}
