import type { Language } from '@bianmin/purchase/api/language';
import { readIndex, readManifest } from './manifest.ts';
import type { PackIndex, PackKind, PackManifest } from './manifest.ts';
import type { Utterance } from './utterance.ts';

/** Recordings of each sentence's parts, as they are in their files. */
export type Clips = readonly (readonly ArrayBuffer[])[];

/**
 * The packs that lie beside the renderer. A file is read when it is first needed and kept as it is, since all of a
 * language are a few hundred kB; one that could not be read is asked for again the next time.
 */
export class PackShelf {
  readonly #read: (path: string) => Promise<ArrayBuffer>;
  readonly #files = new Map<string, Promise<ArrayBuffer>>();

  /** `read`: a file under `voice/`; rejects where there is none. */
  constructor(read: (path: string) => Promise<ArrayBuffer>) {
    this.#read = read;
  }

  /** All that the utterance needs from one pack, or null: never a sentence in two voices. */
  async clips(kind: PackKind, { language, sentences }: Utterance): Promise<Clips | null> {
    try {
      const manifest = await this.#manifest(language, kind);
      if (manifest === null) return null;
      const named = sentences.map((parts) =>
        parts.map(({ id, text }) => {
          const part = Object.hasOwn(manifest.parts, id) ? manifest.parts[id] : undefined;
          return part?.text === text ? part.file : null;
        }),
      );
      if (named.flat().includes(null)) return null;
      const folder = `${language}/${kind}`;
      return await Promise.all(
        named.map((files) => Promise.all(files.map((file) => this.#file(`${folder}/${file}`)))),
      );
    } catch {
      // A file that is not there is a pack that cannot say it.
      return null;
    }
  }

  async #manifest(language: Language, kind: PackKind): Promise<PackManifest | null> {
    const index: PackIndex = readIndex(await this.#json('packs.json'));
    if (!index[language]?.includes(kind)) return null;
    const manifest = readManifest(await this.#json(`${language}/${kind}/manifest.json`));
    return manifest?.language === language && manifest.kind === kind ? manifest : null;
  }

  async #json(path: string): Promise<unknown> {
    return JSON.parse(new TextDecoder().decode(await this.#file(path)));
  }

  #file(path: string): Promise<ArrayBuffer> {
    const kept = this.#files.get(path);
    if (kept !== undefined) return kept;
    const reading = this.#read(path);
    this.#files.set(path, reading);
    reading.catch(() => this.#files.delete(path));
    return reading;
  }
}
