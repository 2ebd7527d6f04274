import { parseCommand, usage, type Args, type CommandName } from './args.ts';
import { accept } from './commands/accept.ts';
import { changeCode } from './commands/change-code.ts';
import { diff } from './commands/diff.ts';
import { doctor } from './commands/doctor.ts';
import { dump } from './commands/dump.ts';
import { identify } from './commands/identify.ts';
import { models } from './commands/models.ts';
import { readers } from './commands/readers.ts';
import { record } from './commands/record.ts';
import { replay } from './commands/replay.ts';
import { watch } from './commands/watch.ts';
import { write } from './commands/write.ts';
import { tellError } from './ending.ts';
import { EXIT, type Exit } from './exit.ts';
import type { Io } from './io.ts';
import { give, type Command } from './run.ts';
import { languageOf, wordsOf } from './words/words.ts';

const COMMANDS: Readonly<Record<CommandName, Command>> = {
  ...{ readers, identify, dump, diff, watch, record, replay, write, doctor, models, accept },
  'change-code': changeCode,
};

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
      const text =
        io.project === undefined ? words.say('help') : `${words.say('help')}\n${words.say('help.project')}`;
      give({ io, args, words, json }, { help: text }, [text]);
      return EXIT.done;
    }
    return await COMMANDS[args.command]({ io, args, words, json });
  } catch (error) {
    return tellError(error, { io, words, json });
  }
}
