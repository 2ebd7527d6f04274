import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BOX_MANIFEST_NAME, boxReleaseManifest } from '@bianmin/purchase/api/box-release';
import { ensureTvPages } from '../../run/dev/renderer.ts';
import { buildUnsigned } from './build.ts';
import { CHECKS, signerOf } from './checks.ts';
import { ROOT, type Settings } from './settings.ts';
import { signPackage } from './sign.ts';
import { billOf } from '../../kit/sbom.ts';
import { readZip } from '../../kit/zip.ts';

export interface MakeOptions {
  readonly settings: Settings;
  /** Builds twice and compares. */
  readonly twice: boolean;
  readonly say: (line: string) => void;
}

/** Builds, signs and checks a package. Gives its path and how many checks it passed; throws at the first that fails. */
export async function makePackage({
  settings,
  twice,
  say,
}: MakeOptions): Promise<{ apk: string; passed: number }> {
  const work = join(ROOT, '.data/apk');
  const first = await buildUnsigned(join(work, 'first'), settings, await ensureTvPages(say));
  const { apk: unsigned, assets, apiCheck } = first;
  say(`ok    API 21: ${apiCheck}`);
  let passed = 1;
  const digest = sha256(await readFile(unsigned));
  if (twice) {
    // Of the same pages, even if others are built meanwhile.
    const { apk: again } = await buildUnsigned(join(work, 'second'), settings, join(assets, 'pages'));
    if (sha256(await readFile(again)) !== digest) throw new Error('Two builds of one source differ.');
    say('ok    two builds are the same');
    passed += 1;
  }
  say(`ok    before signing: SHA-256 ${digest}`);
  const kind = settings.release ? '' : '-debug';
  const apk = join(ROOT, `stb-app/android/dist/bianmin-box-${settings.version}${kind}.apk`);
  await signPackage(unsigned, apk, settings);
  for (const check of CHECKS) {
    say(`ok    ${check.name}: ${await check.run(apk, { settings, assets })}`);
    passed += 1;
  }
  say(`${apk}: ${await sizeOf(apk)}, SHA-256 ${sha256(await readFile(apk))}`);
  await writeFile(
    apk.replace(/\.apk$/, '.sbom.cdx.json'),
    `${JSON.stringify(billOf('box', ROOT), null, 2)}\n`,
  );
  if (settings.release) say(`Sign and publish (docs/releases.md): ${await writeManifest(apk, settings)}`);
  return { apk, passed };
}

/** What `npm run release -- sign` reads beside the package. */
async function writeManifest(apk: string, settings: Settings): Promise<string> {
  const bytes = await readFile(apk);
  const manifest = boxReleaseManifest.parse({
    versionCode: settings.versionCode,
    versionName: settings.version,
    file: basename(apk),
    sha256: sha256(bytes),
    signerSha256: await signerOf(apk),
    bytes: bytes.length,
  });
  const path = join(dirname(apk), BOX_MANIFEST_NAME);
  await writeFile(path, `${JSON.stringify(manifest, null, 2)}\n`);
  return path;
}

/** In all, and without what is as large as the languages want it. */
async function sizeOf(apk: string): Promise<string> {
  const bytes = await readFile(apk);
  const large = [...readZip(bytes)].filter(([name]) => /\.(?:woff2?|ttf|mp3|ogg|m4a)$/.test(name));
  const largeBytes = large.reduce((sum, [, { packedBytes }]) => sum + packedBytes, 0);
  const kilobytes = (count: number): string => `${(count / 1024).toFixed(0)} KB`;
  return `${kilobytes(bytes.length)}, without fonts and voices ${kilobytes(bytes.length - largeBytes)}`;
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
