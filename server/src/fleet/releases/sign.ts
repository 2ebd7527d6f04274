import { createHash, createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { BOX_MANIFEST_NAME, boxReleaseManifest } from '@bianmin/shared/api/box-release';
import {
  FEED_FILES,
  releaseManifest,
  type KioskKind,
  type ReleaseFile,
  type ReleaseKind,
  type ReleaseManifest,
} from '@bianmin/shared/api/release';
import { layoutsFrom } from '@bianmin/shared/meter-card/layouts-document';
import { signLayouts } from '@bianmin/shared/node/signed-layouts';
import { signRelease } from '@bianmin/shared/node/signed-release';

/** What `sign` writes beside the files, and `import` and the console read. */
export const SIGNED_NAME = 'release.jws';

/** As much of electron-builder's feed as says what belongs to a release. */
const feed = z.object({
  version: z.string(),
  files: z.array(z.object({ url: z.string(), sha512: z.string() })).min(1),
});

/** Makes a release key; gives its public half as RELEASE_PUBLIC_KEY has it. Fails where the file is there. */
export async function makeReleaseKey(file: string): Promise<string> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' });
  await writeFile(file, pem, { mode: 0o600, flag: 'wx' });
  return publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
}

/**
 * Signs what a build left in a folder. Of a kiosk: electron-builder's feed, what that names, and the blockmaps beside it; of a box: the
 * package that `release.json` names. Fails where these do not fit the files: a terminal would refuse them.
 */
export async function signFolder(init: {
  folder: string;
  kind: ReleaseKind;
  keyFile: string;
  notes: string;
}): Promise<ReleaseManifest> {
  const { folder, kind, keyFile, notes } = init;
  const found = kind === 'box' ? await ofBox(folder) : await ofKiosk(folder, kind);
  const manifest = releaseManifest.parse({ format: 1, kind, notes, ...found });
  const key = createPrivateKey(await readFile(keyFile, 'utf8'));
  await writeFile(join(folder, SIGNED_NAME), `${signRelease(manifest, key)}\n`);
  return manifest;
}

/** Signs a document of card layouts; gives its version. Fails with `LayoutsError`: a terminal would refuse it. */
export async function signLayoutsFile(file: string, keyFile: string): Promise<{ version: number }> {
  const layouts = layoutsFrom(JSON.parse(await readFile(file, 'utf8')));
  const key = createPrivateKey(await readFile(keyFile, 'utf8'));
  await writeFile(`${file.replace(/\.json$/, '')}.jws`, `${signLayouts(layouts, key)}\n`);
  return { version: layouts.version };
}

type Found = Pick<ReleaseManifest, 'version' | 'files' | 'box'>;

async function ofKiosk(folder: string, kind: KioskKind): Promise<Found> {
  const feedName = FEED_FILES[kind];
  const { version, files } = feed.parse(parse(await readFile(join(folder, feedName), 'utf8')));
  const listed = [await describeFile(folder, feedName)];
  for (const { url, sha512 } of files) {
    const file = await describeFile(folder, url);
    if (file.sha512 !== sha512) throw otherFile(url, feedName);
    listed.push(file);
    const blockmap = `${url}.blockmap`;
    if ((await stat(join(folder, blockmap)).catch(() => undefined)) !== undefined) {
      listed.push(await describeFile(folder, blockmap));
    }
  }
  return { version, files: listed };
}

async function ofBox(folder: string): Promise<Found> {
  const text = await readFile(join(folder, BOX_MANIFEST_NAME), 'utf8');
  const { versionCode, versionName, signerSha256, file, sha256 } = boxReleaseManifest.parse(JSON.parse(text));
  const found = await describeFile(folder, file);
  if (found.sha256 !== sha256) throw otherFile(file, BOX_MANIFEST_NAME);
  return { version: versionName, box: { versionCode, signerSha256 }, files: [found] };
}

function otherFile(file: string, named: string): Error {
  return new Error(`${file} is not the file that ${named} names. Build both again.`);
}

async function describeFile(folder: string, name: string): Promise<ReleaseFile> {
  const path = join(folder, name);
  const [sha256, sha512] = [createHash('sha256'), createHash('sha512')];
  await pipeline(createReadStream(path), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      sha256.update(chunk);
      sha512.update(chunk);
    }
  });
  const digests = { sha256: sha256.digest('hex'), sha512: sha512.digest('base64') };
  return { name, bytes: (await stat(path)).size, ...digests };
}
