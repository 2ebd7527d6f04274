/** Each language's texts by key. */
type Catalogue<Spoken extends string> = Readonly<Record<Spoken, Readonly<Record<string, string>>>>;
type Marks = readonly [before: string, after: string];

export interface WordRules<Spoken extends string> {
  /** How the face says a key. */
  readonly say: (language: Spoken, key: string, values: Readonly<Record<string, string>>) => string;
  /** What stands around a value in a right-to-left language; absent: isolates. */
  readonly marks?: Marks;
  /** Keys that say nothing on purpose. */
  readonly mayBeEmpty?: readonly string[];
  /** Keys that name another language in its own letters. */
  readonly foreign?: readonly string[];
}

const ISOLATES: Marks = ['\u2068', '\u2069'];
const ANY_MARK = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
/** Would be mirrored among letters that run to the left. */
const VALUE = '-3.05';

/**
 * What is wrong with a catalogue, a sentence each: a key, a place or a text that a language lacks or has alone, letters of
 * another language, and a value that is not kept apart where lines run to the left.
 */
export function catalogueFaults<Spoken extends string>(
  catalogue: Catalogue<Spoken>,
  rules: WordRules<Spoken>,
): string[] {
  const languages = Object.keys(catalogue) as Spoken[];
  const [first] = languages;
  if (first === undefined) return ['No language at all.'];
  const original = catalogue[first];
  const keys = Object.keys(original);
  return languages.flatMap((language) => {
    const words = catalogue[language];
    const own = Object.keys(words);
    if (own.join() !== keys.join()) {
      const odd = [...keys.filter((key) => !own.includes(key)), ...own.filter((key) => !keys.includes(key))];
      return [`${language}: other keys, or in another order: ${odd.join(', ')}`];
    }
    return keys.flatMap((key) =>
      [
        ...textFaults(language, words[key] ?? '', {
          empty: rules.mayBeEmpty?.includes(key) === true,
          foreign: rules.foreign?.includes(key) === true,
        }),
        ...placeFaults(placesIn(words[key] ?? ''), placesIn(original[key] ?? '')),
        ...valueFaults(catalogue, { language, key, rules }),
      ].map((fault) => `${language} ${key}: ${fault}`),
    );
  });
}

function textFaults(language: string, text: string, may: { empty: boolean; foreign: boolean }): string[] {
  const letters = [
    ...(language === 'zh-CN' || !/\p{Script=Han}/u.test(text) ? [] : ['Chinese letters']),
    ...(language === 'ug' || !/\p{Script=Arabic}/u.test(text) ? [] : ['Arabic letters']),
  ];
  return [
    ...(text.trim() === '' && !may.empty ? ['no text'] : []),
    ...(may.foreign ? [] : letters),
    ...(ANY_MARK.test(text) ? ['a mark of direction, which is the mechanism’s to set'] : []),
  ];
}

function placesIn(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, place = '']) => place).sort();
}

function placeFaults(places: readonly string[], wanted: readonly string[]): string[] {
  return places.join() === wanted.join() ? [] : [`places ${places.join()} in place of ${wanted.join()}`];
}

function valueFaults<Spoken extends string>(
  catalogue: Catalogue<Spoken>,
  of: { language: Spoken; key: string; rules: WordRules<Spoken> },
): string[] {
  const { language, key, rules } = of;
  const text = catalogue[language][key] ?? '';
  const places = placesIn(text);
  if (places.length === 0) return [];
  const values = Object.fromEntries(places.map((place) => [place, VALUE]));
  const said = rules.say(language, key, values);
  const [before, after] = language === 'ug' ? (rules.marks ?? ISOLATES) : ['', ''];
  const wanted = text.replace(/\{\w+\}/g, `${before}${VALUE}${after}`);
  return said === wanted ? [] : [`said as ${JSON.stringify(said)}`];
}
