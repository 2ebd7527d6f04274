import { codeOf } from '../errors.ts';
import { EXIT, type Exit } from './exit.ts';
import type { Io } from './io.ts';
import type { Words } from './words/words.ts';

/** Codes of a card or reader that is not there. */
const NOTHING_THERE = [
  'cli.no-reader',
  'cli.which-reader',
  'reader.no-card',
  'pcsc.no-card',
  'pcsc.no-service',
];
const USAGE = ['cli.usage', 'cli.file', 'cli.bad-file', 'transcript.malformed'];

/** Where and how an error is told. */
interface Telling {
  readonly io: Pick<Io, 'out' | 'err'>;
  readonly words: Words;
  readonly json: boolean;
}

/** Tells an error, as one JSON value on standard output or as a sentence beside it, and gives what to end with. */
export function tellError(error: unknown, { io, words, json }: Telling): Exit {
  const code = codeOf(error);
  if (json) io.out(JSON.stringify({ error: { code: code ?? 'fault', message: words.sentence(error) } }));
  else io.err(words.error(error));
  if (code === undefined) return EXIT.fault;
  if (USAGE.includes(code)) return EXIT.usage;
  return NOTHING_THERE.includes(code) ? EXIT.nothingThere : EXIT.refused;
}
