import { LANGUAGES, type Language } from '@bianmin/purchase/api/language';

/** Of `manifest.json`; another one is not read. */
const PACK_FORMAT = 1;

/** Recorded: a person's voice. Drafted: a synthesiser's, for where there is neither a person's nor the system's. */
const PACK_KINDS = ['recorded', 'drafted'] as const;
export type PackKind = (typeof PACK_KINDS)[number];

/** What a pack has: `voice/<language>/<kind>/manifest.json`, its files beside it. */
export interface PackManifest {
  readonly format: typeof PACK_FORMAT;
  readonly language: Language;
  readonly kind: PackKind;
  /** Who speaks, for people. */
  readonly voice: string;
  readonly licence: string;
  /** By part id. `text` is what the file says: where the words have changed since, the file is not played. */
  readonly parts: Readonly<Record<string, { readonly file: string; readonly text: string }>>;
}

/** `packs.json`: which packs there are, so that none is asked for in vain. */
export type PackIndex = Readonly<Partial<Record<Language, readonly PackKind[]>>>;

/** A plain name with an ending that every shell plays: no path leads out of the pack. */
const FILE = /^[\w-]+(?:\.[\w-]+)*\.(?:opus|ogg|mp3)$/;

export function readManifest(value: unknown): PackManifest | null {
  if (!isRecord(value)) return null;
  const { format, language, kind, voice, licence, parts } = value;
  if (format !== PACK_FORMAT || !isOneOf(LANGUAGES, language) || !isOneOf(PACK_KINDS, kind)) return null;
  if (typeof voice !== 'string' || typeof licence !== 'string' || !isRecord(parts)) return null;
  const read: Record<string, { file: string; text: string }> = {};
  for (const [id, part] of Object.entries(parts)) {
    if (!isRecord(part) || typeof part['text'] !== 'string') return null;
    if (typeof part['file'] !== 'string' || !FILE.test(part['file'])) return null;
    read[id] = { file: part['file'], text: part['text'] };
  }
  return { format, language, kind, voice, licence, parts: read };
}

/** What is not understood is left out: then that pack is not there. */
export function readIndex(value: unknown): PackIndex {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    LANGUAGES.map((language) => {
      const kinds = value[language];
      return [language, PACK_KINDS.filter((kind) => Array.isArray(kinds) && kinds.includes(kind))];
    }),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOneOf<T extends string>(all: readonly T[], value: unknown): value is T {
  return all.some((each) => each === value);
}
