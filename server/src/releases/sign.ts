import { createHash, createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import {
  FEED_FILES,
  releaseManifest,
  type ReleaseFile,
  type ReleaseKind,
  type ReleaseManifest,
} from '@bianmin/shared/api/release';
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
 * Signs what electron-builder left in a folder: the feed of its kind, what that names, and the blockmaps beside it. Fails where the
 * feed does not fit the files: an updater would refuse them.
 */
export async function signFolder(init: {
  folder: string;
  kind: ReleaseKind;
  keyFile: string;
  notes: string;
}): Promise<ReleaseManifest> {
  const { folder, kind, keyFile, notes } = init;
  const feedName = FEED_FILES[kind];
  const { version, files } = feed.parse(parse(await readFile(join(folder, feedName), 'utf8')));
  const listed = [await describeFile(folder, feedName)];
  for (const { url, sha512 } of files) {
    const file = await describeFile(folder, url);
    if (file.sha512 !== sha512)
      throw new Error(`${url} is not the file that ${feedName} names. Build both again.`);
    listed.push(file);
    const blockmap = `${url}.blockmap`;
    if ((await stat(join(folder, blockmap)).catch(() => undefined)) !== undefined) {
      listed.push(await describeFile(folder, blockmap));
    }
  }
  const manifest = releaseManifest.parse({ format: 1, kind, version, notes, files: listed });
  const key = createPrivateKey(await readFile(keyFile, 'utf8'));
  await writeFile(join(folder, SIGNED_NAME), `${signRelease(manifest, key)}\n`);
  return manifest;
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
