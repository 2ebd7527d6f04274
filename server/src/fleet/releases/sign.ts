import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { layoutsFrom } from '@bianmin/card/meter-card/layouts-document';
import { BOX_MANIFEST_NAME, boxReleaseManifest } from '@bianmin/purchase/api/box-release';
import {
  FEED_FILES,
  type FormerManifest,
  type KioskKind,
  type ReleaseFile,
  type ReleaseKind,
  type ReleaseManifest,
} from '@bianmin/purchase/api/release';
import { draftLayouts, signLayouts } from '@bianmin/purchase/node/signed-layouts';
import {
  draftRelease,
  signFormerRelease,
  signRelease,
  unverifiedRelease,
} from '@bianmin/purchase/node/signed-release';
import { readSignerKey, signedFor, type Signing } from './signing.ts';

/** What `sign` writes beside the files, and `import` and the console read. */
export const SIGNED_NAME = 'release.signed.json';
/** The same for kiosks that know no root. */
export const FORMER_NAME = 'release.jws';

/** As much of electron-builder's feed as says what belongs to a release. */
const feed = z.object({
  version: z.string(),
  files: z.array(z.object({ url: z.string(), sha512: z.string() })).min(1),
});

/**
 * Signs what a build left in a folder, as the first of its signers. Of a kiosk: electron-builder's feed, what that names, and
 * the blockmaps beside it; of a box: the package that `release.json` names. Fails where these do not fit the files: a terminal
 * would refuse them.
 */
export async function signFolder(
  { folder, kind, notes }: { readonly folder: string; readonly kind: ReleaseKind; readonly notes: string },
  signing: Signing,
): Promise<ReleaseManifest> {
  const key = await readSignerKey(signing);
  const found = await foundIn(folder, kind);
  const document = draftRelease({ format: 2, kind, notes, ...found, ...signedFor(signing) });
  await writeFile(join(folder, SIGNED_NAME), `${signRelease(document, key)}\n`);
  return readSigned(document);
}

/** Throws where a folder has other files than its manifest names: a second signer signs what lies there, or nothing. */
export async function requireSameFiles(folder: string, manifest: ReleaseManifest): Promise<void> {
  const found = await foundIn(folder, manifest.kind);
  const of = ({ version, box, files }: Found): string => JSON.stringify([version, box ?? null, files]);
  if (of(found) === of(manifest)) return;
  throw new Error(
    'The files in this folder are not those that were signed. Build the same source again, or ask who signed it.',
  );
}

/** What the manifest of a folder says, whoever signed it. Throws where there is none. */
export async function readManifest(folder: string): Promise<ReleaseManifest> {
  return readSigned(await readFile(join(folder, SIGNED_NAME), 'utf8'));
}

/** Signs the release of a folder with the one key of before, for kiosks that know no root. Gives what it signed. */
export async function signFormer(folder: string, keyFile: string): Promise<FormerManifest> {
  const { kind, version, notes, box, files } = await readManifest(folder);
  const manifest: FormerManifest = {
    ...{ format: 1, kind, version, notes, files },
    ...(box === undefined ? {} : { box }),
  };
  const key = await readSignerKey({ keyFile });
  await writeFile(join(folder, FORMER_NAME), `${signFormerRelease(manifest, key)}\n`);
  return manifest;
}

/** Signs card layouts as the first of their signers; gives their version. Fails with `LayoutsError`: a terminal would refuse them. */
export async function signLayoutsFile(file: string, signing: Signing): Promise<{ version: number }> {
  const key = await readSignerKey(signing);
  const layouts = layoutsFrom(JSON.parse(await readFile(file, 'utf8')));
  const document = signLayouts(draftLayouts(layouts, signedFor(signing)), key);
  await writeFile(`${file.replace(/\.json$/, '')}.signed.json`, `${document}\n`);
  return { version: layouts.version };
}

function readSigned(document: string): ReleaseManifest {
  const manifest = unverifiedRelease(document.trim());
  if (manifest !== undefined) return manifest;
  throw new Error(`${SIGNED_NAME} is no signed manifest. Make it with npm run release -- sign.`);
}

type Found = Pick<ReleaseManifest, 'version' | 'files' | 'box'>;

function foundIn(folder: string, kind: ReleaseKind): Promise<Found> {
  return kind === 'box' ? ofBox(folder) : ofKiosk(folder, kind);
}

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
