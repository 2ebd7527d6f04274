import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RELEASE_PIECE_BYTES, type ReleaseView } from '@bianmin/purchase/api/release';
import type { Releases } from './releases.ts';
import { FORMER_NAME, SIGNED_NAME } from './sign.ts';

/** Brings a signed folder in, as an upload would; one that was cut off goes on where it ended. */
export async function importFolder(releases: Releases, folder: string): Promise<ReleaseView> {
  const where = { ip: '', traceId: '' };
  const signed = (await readFile(join(folder, SIGNED_NAME), 'utf8')).trim();
  const former = (await readFile(join(folder, FORMER_NAME), 'utf8').catch(() => undefined))?.trim();
  const by = { kind: 'system', id: 'command' } as const;
  let opened = await releases.begin({ signed, former }, by, where);
  const { files } = await releases.view(opened);
  for (const { name, bytes, received } of files) {
    let offset = received;
    if (offset === bytes) continue;
    const pieces = createReadStream(join(folder, name), {
      start: offset,
      highWaterMark: RELEASE_PIECE_BYTES,
    });
    for await (const piece of pieces as AsyncIterable<Buffer>) {
      opened = await releases.append(opened.release._id, { name, offset, piece });
      offset += piece.length;
    }
  }
  return releases.view(opened);
}
