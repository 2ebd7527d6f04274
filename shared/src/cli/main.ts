import { codeOf } from '../errors.ts';
import { parseCommand, usage, type Args, type CommandName } from './args.ts';
import { changeCode } from './commands/change-code.ts';
import { diff } from './commands/diff.ts';
import { doctor } from './commands/doctor.ts';
import { dump } from './commands/dump.ts';
import { identify } from './commands/identify.ts';
import { readers } from './commands/readers.ts';
import { record } from './commands/record.ts';
import { replay } from './commands/replay.ts';
import { watch } from './commands/watch.ts';
import { write } from './commands/write.ts';
import { EXIT, type Exit } from './exit.ts';
import type { Io } from './io.ts';
import type { Command } from './run.ts';
import { languageOf, wordsOf } from './words/words.ts';

const COMMANDS: Readonly<Record<CommandName, Command>> = {
  ...{ readers, identify, dump, diff, watch, record, replay, write, doctor },
  'change-code': changeCode,
};

/** Codes of a card or reader that is not there, beside every `cli.no-…`. */
const NOTHING_THERE = [
  'cli.no-reader',
  'cli.which-reader',
  'reader.no-card',
  'pcsc.no-card',
  'pcsc.no-service',
];
const USAGE = ['cli.usage', 'cli.file', 'cli.bad-file', 'transcript.malformed'];

/** Runs one command line, without program and script; resolves to what the process ends with, and never rejects. */
export async function main(argv: readonly string[], io: Io): Promise<Exit> {
  let words = wordsOf(languageOf(undefined, io.env) ?? 'en');
  let json = argv.includes('--json');
  try {
    const args: Args = parseCommand(argv);
    const language = languageOf(args.text['lang'], io.env);
    if (language === undefined) throw usage('--lang takes en or zh-CN');
    words = wordsOf(language);
    json = args.flags.has('json');
    if (args.command === 'help') {
      io.out(words.say('help'));
      return EXIT.done;
    }
    return await COMMANDS[args.command]({ io, args, words, json });
  } catch (error) {
    const code = codeOf(error);
    if (json) io.out(JSON.stringify({ error: { code: code ?? 'fault', message: words.sentence(error) } }));
    else io.err(words.error(error));
    if (code === undefined) return EXIT.fault;
    if (USAGE.includes(code)) return EXIT.usage;
    return NOTHING_THERE.includes(code) ? EXIT.nothingThere : EXIT.refused;
  }
}
