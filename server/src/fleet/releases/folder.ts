import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ReleaseFile, ReleaseManifest } from '@bianmin/purchase/api/release';

/** Of one release; names come from its signed manifest, whose pattern lets no path through. */
export type FolderOf = Pick<ReleaseManifest, 'kind' | 'version'>;

/**
 * Releases on disk: `kind/version/name`, and `name.part` while a file comes in. A file is the one that was signed, or it is not
 * there: it is read as a whole when it was written and whenever its place, size or times have changed.
 */
export class ReleaseFolder {
  readonly #root: string;
  /** By path: how the file looked when it was last read, and whether it was the one that was signed. */
  readonly #read = new Map<string, { readonly mark: string; readonly whole: Promise<boolean> }>();

  constructor(root: string) {
    this.#root = root;
  }

  of({ kind, version }: FolderOf): string {
    return join(this.#root, kind, version);
  }

  /** How much of it is there, bytes. */
  async received(of: FolderOf, { name, bytes }: ReleaseFile): Promise<number> {
    const path = join(this.of(of), name);
    if ((await stat(path).catch(() => undefined))?.isFile() === true) return bytes;
    return (await stat(`${path}.part`).catch(() => undefined))?.size ?? 0;
  }

  /**
   * Adds a piece at the end of what is there; gives how much there is then. Another caller's piece in between is
   * found at the end.
   */
  async append(of: FolderOf, file: ReleaseFile, piece: Uint8Array): Promise<number> {
    await mkdir(this.of(of), { recursive: true, mode: 0o750 });
    const part = `${join(this.of(of), file.name)}.part`;
    const out = await open(part, 'a', 0o640);
    try {
      await writeAll(out, piece);
      await out.sync();
      return (await out.stat()).size;
    } finally {
      await out.close();
    }
  }

  /** Puts a file that is complete in its place; false where it was not the one that was signed, which is then gone. */
  async finish(of: FolderOf, file: ReleaseFile): Promise<boolean> {
    const path = join(this.of(of), file.name);
    if (!(await isWhole(`${path}.part`, file))) {
      await rm(`${path}.part`, { force: true });
      return false;
    }
    await rename(`${path}.part`, path);
    const folder = await open(this.of(of), 'r');
    // The name is on the disk before anybody is told that it is there.
    await folder.sync().finally(() => folder.close());
    return true;
  }

  /** Whether the file is there as it was signed. Never throws. */
  async whole(of: FolderOf, file: ReleaseFile): Promise<boolean> {
    const path = join(this.of(of), file.name);
    const mark = await this.#markOf(path);
    if (mark === undefined) return false;
    const known = this.#read.get(path);
    if (known?.mark === mark) return known.whole;
    const whole = isWhole(path, file).catch(() => false);
    this.#read.set(path, { mark, whole });
    return whole;
  }

  /** Undefined where there is no file, or the name leads out of the folder. */
  async #markOf(path: string): Promise<string | undefined> {
    try {
      const [real, home] = await Promise.all([realpath(path), realpath(this.#root)]);
      if (!real.startsWith(`${home}/`)) return undefined;
      const { dev, ino, size, mtimeNs, ctimeNs } = await stat(real, { bigint: true });
      return [dev, ino, size, mtimeNs, ctimeNs].join('.');
    } catch {
      return undefined;
    }
  }
}

async function writeAll(out: FileHandle, piece: Uint8Array): Promise<void> {
  for (let at = 0; at < piece.length;) at += (await out.write(piece, at)).bytesWritten;
}

/** Reads all of it, never more than a buffer at a time. */
async function isWhole(path: string, file: ReleaseFile): Promise<boolean> {
  if ((await stat(path)).size !== file.bytes) return false;
  const [sha256, sha512] = [createHash('sha256'), createHash('sha512')];
  await pipeline(createReadStream(path), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      sha256.update(chunk);
      sha512.update(chunk);
    }
  });
  return sha256.digest('hex') === file.sha256 && sha512.digest('base64') === file.sha512;
}
