import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Language } from '@bianmin/purchase/api/language';
import type { PackManifest } from '../../../terminal-app/src/renderer/voice/manifest.ts';
import { allParts } from '../../../terminal-app/src/renderer/voice/utterance.ts';
import { readWav, rmsDbOf, trimmed, writeWav } from './wav.ts';

const run = promisify(execFile);

/**
 * espeak-ng's voice, and words a minute: a calm pace by each language's own reckoning. Plain `cmn` of 1.51 reads many
 * characters as English letters; `cmn-latn-pinyin` reads the same dictionary as Mandarin.
 */
const VOICES: Readonly<Record<Language, { readonly name: string; readonly pace: number }>> = {
  'zh-CN': { name: 'cmn-latn-pinyin', pace: 210 },
  ug: { name: 'ug', pace: 160 },
  en: { name: 'en-gb', pace: 155 },
};
/** A synthesiser's voice loses little at so low a rate, and three languages stay near a megabyte. One stream number, so
 * that a draft made again is the same file. */
const OPUS = ['--speech', '--bitrate', '8', '--framesize', '60', '--padding', '0', '--serial', '1'];

const LICENCE =
  'Synthesised speech of this project’s own words by espeak-ng. The synthesiser is GPL-3.0-or-later; what it says is not covered by that licence. Apache-2.0, as the project.';

/** Louder or quieter than the others by so much is a fault of the synthesis, dB of full scale. */
const LOUDNESS_DB = { least: -30, most: -8 } as const;

/**
 * Makes a language's draft anew, for where it is not recorded: needs `espeak-ng` and `opusenc`, which only one who
 * drafts has to have. Gives what was odd about the sound.
 */
export async function draftPack(language: Language, folder: string): Promise<string[]> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const voice = VOICES[language];
  const odd: string[] = [];
  const parts: Record<string, { file: string; text: string }> = {};
  const wav = join(folder, 'draft.wav');
  for (const { id, text } of allParts(language)) {
    await run('espeak-ng', ['-v', voice.name, '-s', String(voice.pace), '-w', wav, text]);
    const sound = trimmed(readWav(await readFile(wav)));
    const loudness = rmsDbOf(sound.samples);
    if (!(loudness > LOUDNESS_DB.least && loudness < LOUDNESS_DB.most))
      odd.push(`${id}: ${loudness.toFixed(1)} dB`);
    await writeFile(wav, writeWav(sound));
    const file = `${id}.opus`;
    await run('opusenc', ['--quiet', ...OPUS, wav, join(folder, file)]);
    parts[id] = { file, text };
  }
  await rm(wav);
  const { stdout } = await run('espeak-ng', ['--version']);
  const version = /\d+\.\d+(?:\.\d+)?/.exec(stdout)?.[0] ?? '';
  const manifest: PackManifest = {
    format: 1,
    language,
    kind: 'drafted',
    voice: `espeak-ng ${version}, ${voice.name}`,
    licence: LICENCE,
    parts,
  };
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return odd;
}
