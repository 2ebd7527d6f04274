import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Language } from '@bianmin/purchase/api/language';
import { readManifest } from '../../../terminal-app/src/renderer/voice/manifest.ts';
import { allParts } from '../../../terminal-app/src/renderer/voice/utterance.ts';
import { durationOf } from './duration.ts';

export interface PackReport {
  readonly faults: readonly string[];
  readonly parts: number;
  readonly bytes: number;
  readonly seconds: number;
}

/** A part takes so long, s: shorter is a slip of the scissors, longer is two takes in one file. */
const SHORTEST_S = 0.1;
const LONGEST_S = 15;
/** Seconds a letter or character beyond a first half second: no voice speaks faster or slower than these. */
const [FASTEST_S, SLOWEST_S] = [0.02, 0.6];

/** Whether a pack can be shipped: every part has its file, says today's words, and is as long as such words are. */
export async function checkPack(folder: string): Promise<PackReport> {
  const files = (await readdir(folder)).filter((file) => file !== 'manifest.json').sort();
  const manifest = readManifest(await json(join(folder, 'manifest.json')));
  if (manifest === null) return { faults: ['manifest.json is not as voice/manifest.ts has it'], ...NOTHING };
  const faults: string[] = [];
  const wanted = allParts(manifest.language);
  const known = new Set(wanted.map(({ id }) => id));
  for (const { id, text } of wanted) {
    const part = manifest.parts[id];
    if (part === undefined) faults.push(`${id} is missing: ${text}`);
    else if (part.text !== text) faults.push(`${id} says "${part.text}", the screen says "${text}"`);
  }
  let [bytes, seconds] = [0, 0];
  const used = new Set<string>();
  for (const [id, { file, text }] of Object.entries(manifest.parts)) {
    if (!known.has(id)) faults.push(`${id} is nothing that a screen says`);
    if (used.has(file)) faults.push(`${file} is of two parts`);
    used.add(file);
    if (!files.includes(file)) {
      faults.push(`${file} is not there`);
      continue;
    }
    const sound = await readFile(join(folder, file));
    bytes += sound.length;
    try {
      const length = durationOf(sound);
      seconds += length;
      const odd = oddLength(length, text);
      if (odd) faults.push(`${file} takes ${length.toFixed(1)} s for "${text}": too ${odd}`);
    } catch (error) {
      faults.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  for (const file of files) if (!used.has(file)) faults.push(`${file} belongs to no part`);
  return { faults, parts: Object.keys(manifest.parts).length, bytes, seconds };
}

const NOTHING = { parts: 0, bytes: 0, seconds: 0 };

function oddLength(seconds: number, text: string): 'short' | 'long' | null {
  if (seconds < Math.max(SHORTEST_S, text.length * FASTEST_S)) return 'short';
  return seconds > Math.min(LONGEST_S, 0.5 + text.length * SLOWEST_S) ? 'long' : null;
}

async function json(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return null;
  }
}

/** What a speaker reads from: every part of a language, one a line. */
export function script(language: Language): string {
  return allParts(language)
    .map(({ id, text }) => `${id}\t${text}\n`)
    .join('');
}
