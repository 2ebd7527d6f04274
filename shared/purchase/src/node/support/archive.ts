import { createHash } from 'node:crypto';
import { CodedError } from '@bianmin/card/errors';
import { parseJson } from '@bianmin/card/json-text';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import {
  SUPPORT_ARCHIVE_BYTES,
  SUPPORT_FILE_BYTES,
  supportManifest,
  supportParts,
  type SupportManifest,
  type SupportParts,
} from '../../api/support.ts';
import { cleanSupport } from './clean.ts';

type SupportErrorCode =
  /** No support archive, a damaged one, or one of a version that this program does not know. */
  | 'support.not-readable'
  /** It holds more than an archive may. */
  | 'support.too-large';

class SupportError extends CodedError<SupportErrorCode> {
  override readonly name = 'SupportError';
}

const MANIFEST = 'manifest.json';
/** What stands in the archive by itself; everything else is together in `facts.json`. */
const APART = ['machine', 'settings', 'readers', 'journal', 'lines', 'work', 'stores'] as const;
const LOG = 'log.jsonl';
/** The same parts are the same bytes: a download that is asked for twice has one ETag. */
const MADE = new Date('2020-01-01T00:00:00Z');

/** A ZIP of these parts, looked through: what does not fit their schema is refused before it leaves. Throws `support.too-large`. */
export function packSupport(given: SupportParts): Uint8Array<ArrayBuffer> {
  const parts = cleanSupport(supportParts.parse(given));
  const files = filesOf(parts);
  const manifest: SupportManifest = {
    ...{ format: 'bianmin-support', version: 1, kind: parts.kind, at: parts.at, release: parts.version },
    files: Object.entries(files).map(([name, bytes]) => ({
      ...{ name, bytes: bytes.length },
      sha256: digestOf(bytes),
    })),
  };
  const all = { [MANIFEST]: json(manifest), ...files };
  const packed = zipSync(all, { level: 9, mtime: MADE });
  const isTooLarge =
    packed.length > SUPPORT_ARCHIVE_BYTES ||
    Object.values(all).some(({ length }) => length > SUPPORT_FILE_BYTES);
  if (isTooLarge) {
    throw new SupportError({ code: 'support.too-large', message: 'The archive is larger than one may be.' });
  }
  return packed;
}

/** Opens what `packSupport` made, wherever it was meanwhile. Throws `support.not-readable`, `support.too-large`. */
export function openSupport(bytes: Uint8Array): {
  readonly manifest: SupportManifest;
  readonly parts: SupportParts;
} {
  if (bytes.length > SUPPORT_ARCHIVE_BYTES) throw tooLarge();
  const files = unpacked(bytes);
  const manifest = read(files, MANIFEST, (value) => supportManifest.parse(value));
  for (const { name, sha256 } of manifest.files) {
    const file = files[name];
    if (file === undefined || digestOf(file) !== sha256) throw notReadable(`${name} is not as it was made.`);
  }
  const facts = read(files, 'facts.json', (value) => value as Record<string, unknown>);
  const apart = APART.filter((name) => files[`${name}.json`] !== undefined).map((name) => [
    name,
    read(files, `${name}.json`, (value) => value),
  ]);
  const log = strFromU8(files[LOG] ?? new Uint8Array());
  const parts = supportParts.safeParse({
    ...facts,
    ...Object.fromEntries(apart),
    log: log.split('\n').filter((line) => line !== ''),
  });
  if (!parts.success) throw notReadable('Its contents are not of this version.');
  return { manifest, parts: parts.data };
}

function filesOf(parts: SupportParts): Record<string, Uint8Array> {
  const { log, ...rest } = parts;
  const facts = Object.entries(rest).filter(([name]) => !APART.some((each) => each === name));
  const apart = Object.entries(rest).filter(([name]) => APART.some((each) => each === name));
  return {
    'facts.json': json(Object.fromEntries(facts)),
    ...Object.fromEntries(apart.map(([name, value]) => [`${name}.json`, json(value)])),
    [LOG]: strToU8(log.map((line) => `${line}\n`).join('')),
  };
}

/** Refuses before it unpacks what says that it is large. */
function unpacked(bytes: Uint8Array): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes, {
      filter: ({ originalSize }) => {
        if (originalSize > SUPPORT_FILE_BYTES) throw tooLarge();
        return true;
      },
    });
  } catch (error) {
    if (error instanceof SupportError) throw error;
    throw notReadable('It is no ZIP archive.');
  }
}

function read<T>(files: Record<string, Uint8Array>, name: string, as: (value: unknown) => T): T {
  const file = files[name];
  if (file === undefined) throw notReadable(`It has no ${name}.`);
  try {
    return as(parseJson(strFromU8(file)));
  } catch {
    throw notReadable(`${name} cannot be read.`);
  }
}

function json(value: unknown): Uint8Array {
  return strToU8(`${JSON.stringify(value, null, 1)}\n`);
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function notReadable(why: string): SupportError {
  return new SupportError({
    code: 'support.not-readable',
    message: `This is no support archive that can be read. ${why} Fetch it again.`,
  });
}

function tooLarge(): SupportError {
  return new SupportError({
    code: 'support.too-large',
    message: 'The archive is larger than a support archive may be. It is not opened.',
  });
}
