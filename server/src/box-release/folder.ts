import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { boxReleaseManifest, type BoxReleaseManifest } from '@bianmin/shared/api/box-release';
import { ReleaseError } from './error.ts';

/** What `npm run apk -- --release` writes beside the package. */
export const MANIFEST_NAME = 'release.json';

/** The manifest of the folder, as agreed. Throws a `ReleaseError`. */
export async function readManifest(folder: string): Promise<BoxReleaseManifest> {
  const text = await readFile(join(folder, MANIFEST_NAME), 'utf8').catch((cause: unknown) => {
    throw new ReleaseError({
      code: 'release.no-manifest',
      message: `BOX_RELEASE_DIR has no ${MANIFEST_NAME} that can be read. Copy it there, after the package.`,
      cause,
    });
  });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // Half a file, perhaps: the next request looks again.
  }
  const manifest = boxReleaseManifest.safeParse(parsed);
  if (manifest.success) return manifest.data;
  const fields = manifest.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`);
  throw new ReleaseError({
    code: 'release.bad-manifest',
    message: `${MANIFEST_NAME} is not as npm run apk -- --release writes it (${fields.join('; ')}). Copy it again.`,
  });
}

/** Throws a `ReleaseError` where the package is not the one of the manifest. Reads all of it. */
export async function verifyPackage(folder: string, manifest: BoxReleaseManifest): Promise<void> {
  const path = join(folder, manifest.file);
  const missing = (cause?: unknown): ReleaseError =>
    new ReleaseError({
      code: 'release.no-package',
      message: `BOX_RELEASE_DIR has no file ${manifest.file}, or it leads out of the folder. Copy the package there.`,
      cause,
    });
  try {
    const [real, home] = await Promise.all([realpath(path), realpath(folder)]);
    const found = await stat(real);
    // A link may lead on inside the folder, as mounted volumes have it.
    if (!found.isFile() || !`${dirname(real)}/`.startsWith(`${home}/`)) throw missing();
    if (found.size !== manifest.bytes) {
      throw new ReleaseError({
        code: 'release.other-length',
        message: `${manifest.file} has ${found.size} bytes and not ${manifest.bytes}. Copy package and manifest of one build.`,
      });
    }
    const hash = createHash('sha256');
    await pipeline(createReadStream(real), hash);
    if (hash.digest('hex') === manifest.sha256) return;
  } catch (error) {
    throw error instanceof ReleaseError ? error : missing(error);
  }
  throw new ReleaseError({
    code: 'release.other-bytes',
    message: `${manifest.file} is not the file whose SHA-256 ${MANIFEST_NAME} has. Find out who changed it, then copy both again.`,
  });
}

/** Other than before where one of the files was written, exchanged or taken away. */
export async function markOf(folder: string, names: readonly string[]): Promise<string> {
  const marks = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(folder, name), { bigint: true }).catch(() => undefined);
      if (found === undefined) return 'none';
      const { dev, ino, size, mtimeNs, ctimeNs } = found;
      return [dev, ino, size, mtimeNs, ctimeNs].join('.');
    }),
  );
  return marks.join(' ');
}
