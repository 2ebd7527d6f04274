import process from 'node:process';
import { parseArgs, type ParseArgsConfig } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<T extends Options> = ReturnType<
  typeof parseArgs<{ options: T; allowPositionals: true; strict: true }>
>;

/** A person's mistake, as programs on Unix say it. */
export const EXIT_USAGE = 2;

export interface CommandLine<T extends Options> {
  /** Begins with "Usage: "; every option stands in it. */
  readonly usage: string;
  readonly options?: T;
  /** How many words it takes beside options; absent: none. */
  readonly words?: number;
  /** Absent: those of this process. */
  readonly args?: readonly string[];
}

/**
 * Takes a command line apart. `--help` prints the usage and ends the process with 0; what cannot be meant prints what is wrong
 * and the usage, and ends it with 2.
 */
export function readOptions<const T extends Options = Record<never, never>>(line: CommandLine<T>): Parsed<T> {
  const args = [...(line.args ?? process.argv.slice(2))];
  const { words = 0, usage } = line;
  // A user who asks for help has not got the rest right yet.
  if (asksForHelp(args)) {
    process.stdout.write(ended(usage));
    process.exit(0);
  }
  try {
    const options = line.options ?? ({} as T);
    const parsed = parseArgs({ args, options, allowPositionals: true, strict: true });
    const tooMany = parsed.positionals[words];
    if (tooMany !== undefined) failUsage(usage, `"${tooMany}" is one argument too many.`);
    return parsed;
  } catch (error) {
    failUsage(usage, reasonOf(error));
  }
}

/** Prints what is wrong and the usage, and ends the process with 2. */
export function failUsage(usage: string, reason: string): never {
  process.stderr.write(`${reason}\n${ended(usage)}`);
  process.exit(EXIT_USAGE);
}

interface NumberOption {
  readonly usage: string;
  /** Without its dashes. */
  readonly option: string;
  readonly least?: number;
  readonly most?: number;
}

/** The value of an option that takes a whole number; absent where the option is. */
export function wholeNumber(text: string, of: NumberOption): number;
export function wholeNumber(text: string | undefined, of: NumberOption): number | undefined;
export function wholeNumber(text: string | undefined, of: NumberOption): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  const { usage, option, least = 0, most = Number.MAX_SAFE_INTEGER } = of;
  if (!/^\d+$/.test(text) || number < least || number > most) {
    const range = of.most === undefined ? `of at least ${least}` : `from ${least} to ${most}`;
    failUsage(usage, `--${option} takes a whole number ${range}, not "${text}".`);
  }
  return number;
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).some((arg) => arg === '--help' || arg === '-h');
}

/** Node's sentence names the option and what is wrong with it, and goes on with advice. */
function reasonOf(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  return `${(said.split(/\.\s/)[0] ?? said).replace(/\.$/, '')}.`;
}

function ended(usage: string): string {
  return usage.endsWith('\n') ? usage : `${usage}\n`;
}
