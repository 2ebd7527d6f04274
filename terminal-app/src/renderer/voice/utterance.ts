import type { Language } from '@bianmin/purchase/api/language';
import { say } from '../../words/words.ts';
import { NUMBERS, spell } from './amounts.ts';
import { PHRASES } from './phrases.ts';
import type { Phrase } from './phrases.ts';
import type { Sentence } from './prompts.ts';

/** What one recording says. */
export interface Part {
  /** The phrase's key, `<key>.a` and `<key>.b` before and after its amount, or a number part. */
  readonly id: string;
  readonly text: string;
}

/** A prompt in a language: sentences of parts, in the order of speech. */
export interface Utterance {
  readonly language: Language;
  readonly sentences: readonly (readonly Part[])[];
}

/** An amount's place with its unit, which is part of the spoken amount. */
const AMOUNT = /\{yuan\}\s*(?:元|يۈەن|yuan)/;
const ENDS = /^[\s,.，。、،؛;:]+|[\s,.，。、،؛;:]+$/g;

/** Null where an amount cannot be said: then nothing of it is, since half a sentence misleads. */
export function utteranceOf(language: Language, sentences: readonly Sentence[]): Utterance | null {
  const spoken = sentences.map((sentence) => partsOf(language, sentence));
  return spoken.includes(null) ? null : { language, sentences: spoken.filter((parts) => parts !== null) };
}

/** As one would write it for a synthesiser. */
export function textOf({ language, sentences }: Utterance): string {
  const [between, stop] = language === 'zh-CN' ? ['', '。'] : [' ', '.'];
  const texts = sentences.map((parts) => parts.map(({ text }) => text).join(between));
  return texts.map((text) => (/[?？؟]$/.test(text) ? text : text + stop)).join(between);
}

/** Every part that a pack of this language has. */
export function allParts(language: Language): readonly Part[] {
  const numbers = Object.entries(NUMBERS[language]).map(([id, text]) => ({ id, text }));
  return [...PHRASES.flatMap((key) => Object.values(pieces(language, key))), ...numbers];
}

function partsOf(language: Language, { key, fen }: Sentence): readonly Part[] | null {
  const { whole, before, after } = pieces(language, key);
  if (whole) return [whole];
  const numbers = fen === null ? null : spell(language, fen);
  if (numbers === null) return null;
  const amount = numbers.map((id) => ({ id, text: NUMBERS[language][id] ?? '' }));
  return [...(before ? [before] : []), ...amount, ...(after ? [after] : [])];
}

function pieces(language: Language, key: Phrase): { whole?: Part; before?: Part; after?: Part } {
  const text = say(language, key);
  const [head = '', tail] = text.split(AMOUNT).map((piece) => piece.replace(ENDS, ''));
  if (tail === undefined) return { whole: { id: key, text: head } };
  return {
    ...(head && { before: { id: `${key}.a`, text: head } }),
    ...(tail && { after: { id: `${key}.b`, text: tail } }),
  };
}
