import { parseArgs, type ParseArgsConfig } from 'node:util';
import { CliError } from './error.ts';

type ParseArgsOptionsConfig = NonNullable<ParseArgsConfig['options']>;

const COMMON = {
  lang: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig;

const READERS = {
  simulate: { type: 'string' },
  sandbox: { type: 'string' },
  via: { type: 'string' },
  reader: { type: 'string' },
} as const satisfies ParseArgsOptionsConfig;

/** Each command's options beside the common ones, and how many files or names it takes. */
const COMMANDS = {
  readers: { options: READERS, takes: [0, 0] },
  identify: { options: READERS, takes: [0, 0] },
  dump: { options: READERS, takes: [0, 0] },
  diff: { options: {}, takes: [2, 2] },
  watch: { options: READERS, takes: [0, 0] },
  record: {
    options: { ...READERS, fixture: { type: 'string' }, by: { type: 'string' }, note: { type: 'string' } },
    takes: [0, 1],
  },
  replay: { options: {}, takes: [1, 1] },
  write: { options: { ...READERS, plan: { type: 'string' }, yes: { type: 'boolean' } }, takes: [0, 0] },
  'change-code': {
    options: {
      ...READERS,
      codes: { type: 'string' },
      yes: { type: 'boolean' },
      'i-know-it-can-brick': { type: 'boolean' },
    },
    takes: [0, 0],
  },
  doctor: { options: {}, takes: [0, 0] },
  models: { options: {}, takes: [0, 0] },
  accept: {
    options: { ...READERS, by: { type: 'string' }, key: { type: 'string' } },
    takes: [1, 1],
  },
} as const satisfies Record<
  string,
  { readonly options: ParseArgsOptionsConfig; readonly takes: readonly [least: number, most: number] }
>;

export type CommandName = keyof typeof COMMANDS;
export const COMMAND_NAMES = Object.keys(COMMANDS) as readonly CommandName[];

/** A command line taken apart; options that the command does not have are absent. */
export interface Args {
  readonly command: CommandName | 'help';
  readonly names: readonly string[];
  readonly text: Readonly<Record<string, string>>;
  readonly flags: ReadonlySet<string>;
}

/** Takes `argv` (without program and script) apart; `cli.usage` for what cannot be meant. */
export function parseCommand(argv: readonly string[]): Args {
  const [first, ...rest] = argv;
  if (first === undefined || first === 'help' || first === '--help' || first === '-h') {
    return split('help', parse(rest, COMMON));
  }
  const command = COMMAND_NAMES.find((name) => name === first);
  if (command === undefined) throw usage(`there is no command ${first}`);
  const { options, takes } = COMMANDS[command];
  const args = split(command, parse(rest, { ...COMMON, ...options }));
  if (args.flags.has('help')) return { ...args, command: 'help' };
  const [least, most] = takes;
  if (args.names.length < least || args.names.length > most) {
    throw usage(most === 0 ? `${command} takes options only` : `${command} takes ${most} file(s)`);
  }
  return args;
}

/** `cli.usage` with the reason in it. */
export function usage(reason: string): CliError {
  return new CliError({
    code: 'cli.usage',
    message: `The command is not understood: ${reason}. See bianmin-card help.`,
    context: { reason },
  });
}

interface Parsed {
  readonly values: Readonly<Record<string, unknown>>;
  readonly positionals: readonly string[];
}

function parse(rest: readonly string[], options: ParseArgsOptionsConfig): Parsed {
  try {
    return parseArgs({ args: [...rest], options, allowPositionals: true, strict: true });
  } catch (error) {
    // Node's sentence names the option and what is wrong with it, and goes on with advice.
    throw usage(error instanceof Error ? (error.message.split('. ')[0] ?? '') : '');
  }
}

function split(command: Args['command'], { values, positionals }: Parsed): Args {
  const text: Record<string, string> = {};
  const flags = new Set<string>();
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === 'string') text[name] = value;
    else if (value === true) flags.add(name);
  }
  return { command, names: positionals, text, flags };
}
