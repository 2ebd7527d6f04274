import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import {
  FEED_FILES,
  RELEASE_PIECE_BYTES,
  releaseView,
  type KioskKind,
  type ReleaseManifest,
  type ReleaseView,
} from '@bianmin/purchase/api/release';
import type { ReleaseSigners } from '@bianmin/purchase/testing/node/release-signers';

/** Writes the roots of these signers into a file; gives its path, as RELEASE_ROOT_FILE has it. */
export function rootFile(path: string, { document }: Pick<ReleaseSigners, 'document'>): string {
  writeFileSync(path, `${document}\n`);
  return path;
}

type Unsigned = Omit<ReleaseManifest, 'format' | 'issued' | 'expires'>;

/** A release with its files' bytes, as they come from a build. */
export interface MadeRelease {
  readonly id: string;
  readonly manifest: Unsigned;
  /** By two of the signers. */
  readonly signed: string;
  /** By the first of them alone, for kiosks that know no root. */
  readonly former: string;
  readonly files: ReadonlyMap<string, Buffer>;
}

/** A kiosk's release of random bytes with the feed that electron-builder writes for it. */
export function madeRelease(
  signers: ReleaseSigners,
  {
    version = '1.1.0',
    kind = 'kiosk-linux',
    bytes = 300_000,
  }: Partial<{ version: string; kind: KioskKind; bytes: number }> = {},
): MadeRelease {
  const name = `bianmin-kiosk-${version}-x64.${kind === 'kiosk-win' ? 'exe' : 'AppImage'}`;
  const program = randomBytes(bytes);
  const sha512 = createHash('sha512').update(program).digest('base64');
  const feed = [
    `version: ${version}`,
    'files:',
    `  - url: ${name}`,
    `    sha512: ${sha512}`,
    `    size: ${program.length}`,
    `path: ${name}`,
    `sha512: ${sha512}`,
    "releaseDate: '2026-11-27T00:00:00.000Z'",
    '',
  ].join('\n');
  const files = new Map([
    [name, program],
    [FEED_FILES[kind], Buffer.from(feed)],
  ]);
  const manifest: Unsigned = {
    ...{ kind, version, notes: 'of a test' },
    files: [...files].map(([each, content]) => ({
      ...{ name: each, bytes: content.length },
      sha256: createHash('sha256').update(content).digest('hex'),
      sha512: createHash('sha512').update(content).digest('base64'),
    })),
  };
  return { id: `${kind}@${version}`, manifest, files, ...signedBy(signers, manifest) };
}

/** A home box's package of random bytes. */
export function madePackage(signers: ReleaseSigners, version = '0.2.0'): MadeRelease {
  const name = `bianmin-box-${version}.apk`;
  const content = randomBytes(300_000);
  const manifest: Unsigned = {
    ...{ kind: 'box', version, notes: 'of a test' },
    box: { versionCode: 2000, signerSha256: 'ab'.repeat(32) },
    files: [
      {
        ...{ name, bytes: content.length },
        sha256: createHash('sha256').update(content).digest('hex'),
        sha512: createHash('sha512').update(content).digest('base64'),
      },
    ],
  };
  const files = new Map([[name, content]]);
  return { id: `box@${version}`, manifest, files, ...signedBy(signers, manifest) };
}

function signedBy(signers: ReleaseSigners, manifest: Unsigned): Pick<MadeRelease, 'signed' | 'former'> {
  return { signed: signers.sign(manifest), former: signers.signFormer(manifest) };
}

/** Sends a whole release, as the console does: the manifest, then what is missing of each file, in pieces. */
export async function uploadRelease(url: string, token: string, made: MadeRelease): Promise<ReleaseView> {
  const send = async (
    method: string,
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    type: string,
  ): Promise<ReleaseView> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': type };
    const answer = await fetch(`${url}${path}`, { method, body, headers });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return releaseView.parse(await answer.json());
  };
  const manifest = JSON.stringify({ manifest: made.signed });
  let view = await send('POST', '/v1/admin/releases', manifest, 'application/json');
  for (const [name, content] of made.files) {
    const received = view.files.find((file) => file.name === name)?.received ?? 0;
    for (let offset = received; offset < content.length; offset += RELEASE_PIECE_BYTES) {
      const piece = Uint8Array.from(content.subarray(offset, offset + RELEASE_PIECE_BYTES));
      const path = `/v1/admin/releases/${encodeURIComponent(made.id)}/files/${name}?offset=${offset}`;
      view = await send('PUT', path, piece, 'application/octet-stream');
    }
  }
  return view;
}
