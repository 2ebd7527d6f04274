import type { Args } from './args.ts';
import { usage } from './args.ts';
import { CliError } from './error.ts';
import type { Exit } from './exit.ts';
import type { Io } from './io.ts';
import { chooseSlot, VIAS, type FoundSlot, type OpenReaders, type ReaderChoice } from './readers.ts';
import type { Words } from './words/words.ts';

/** What a command is given. */
export interface Run {
  readonly io: Io;
  readonly args: Args;
  readonly words: Words;
  /** Whether a program reads: one JSON value on standard output, nothing else there. */
  readonly json: boolean;
}

export type Command = (run: Run) => Promise<Exit>;

/** For programs the value, for people the lines. */
export function give(run: Run, value: unknown, lines: readonly string[]): void {
  run.io.out(run.json ? JSON.stringify(value, null, 2) : lines.join('\n'));
}

/** The readers that the options name; `cli.usage` for options that name none. */
export function choiceOf({ text }: Args): ReaderChoice {
  const via = VIAS.find((each) => each === text['via']);
  if (text['via'] !== undefined && via === undefined) throw usage(`--via takes ${VIAS.join(', ')}`);
  const { simulate, sandbox } = text;
  if (sandbox !== undefined && !/^wss?:\/\/./.test(sandbox)) {
    throw usage('--sandbox takes ws://…/world/readers/NAME/usb');
  }
  return {
    ...(via === undefined ? {} : { via }),
    ...(sandbox === undefined ? {} : { sandbox }),
    ...(simulate === undefined ? {} : { simulate: simulated(simulate) }),
  };
}

/** Opens readers for `use` and closes them whatever comes. */
export async function withReaders<T>(run: Run, use: (readers: OpenReaders) => Promise<T>): Promise<T> {
  const readers = await run.io.openReaders(choiceOf(run.args));
  const used = await use(readers).catch(async (error: unknown) => {
    // What went wrong first is what a person has to know.
    await readers.close().catch(() => undefined);
    throw error;
  });
  // What was asked for is done, and stays done.
  await readers.close().catch((error: unknown) => {
    run.io.err(run.words.say('readers.not-closed', { why: run.words.reason(error) }));
  });
  return used;
}

/** The same for the one slot that is meant. */
export async function withSlot<T>(
  run: Run,
  use: (found: FoundSlot, readers: OpenReaders) => Promise<T>,
): Promise<T> {
  return withReaders(run, async (readers) =>
    use(await chooseSlot(readers, run.args.text['reader']), readers),
  );
}

/** The text of a file; `cli.file` where it cannot be read. */
export async function readFile(run: Run, path: string): Promise<string> {
  const text = await run.io.files.read(path);
  if (text !== undefined) return text;
  throw new CliError({
    code: 'cli.file',
    message: `The file ${path} cannot be read; check its name.`,
    context: { path },
  });
}

/** JSON of a file by its schema's `safeParse`; `cli.bad-file` says where it is wrong, never what stands there. */
export async function readJson<T>(
  run: Run,
  path: string,
  safeParse: (json: unknown) => { success: true; data: T } | { success: false; error: { issues: Issues } },
): Promise<T> {
  const text = await readFile(run, path);
  const bad = (where: string): CliError =>
    new CliError({
      code: 'cli.bad-file',
      message: `The file ${path} is not what this command takes (${where}).`,
      context: { path, where },
    });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The parser's own sentence quotes the text, and with it codes.
    throw bad('JSON');
  }
  const parsed = safeParse(json);
  if (parsed.success) return parsed.data;
  throw bad(`/${parsed.error.issues[0]?.path.map(String).join('/') ?? ''}`);
}

type Issues = readonly { readonly path: readonly PropertyKey[] }[];

function simulated(text: string): { chip: string; seed: number } {
  const [chip = '', seed = '1', ...more] = text.split(':');
  if (chip === '' || more.length > 0 || !/^\d{1,9}$/.test(seed))
    throw usage('--simulate takes CHIP or CHIP:SEED');
  return { chip: chip.toUpperCase(), seed: Number(seed) };
}
