import { isSureUpTo } from './atr.ts';
import type { CardSession } from '../../reader/slot.ts';
import { ChipError } from '../error.ts';
import { statusOf } from '../response.ts';
import { readBinary, select } from './commands.ts';
import { CpuDriver } from './driver.ts';
import { DIALECTS } from './dialects.ts';
import { type CpuDialect, type CpuFile } from './dialect.ts';

/** Whether one byte of a file is there. */
interface Question {
  /** Identifier of the directory that the file is in. */
  readonly directory: number;
  readonly sfi: number;
  readonly offset: number;
}

/** `unknown`: the card did not say; it speaks for and against no dialect. */
type Answer = 'there' | 'not-there' | 'unknown';

/** Status words that say that the file or the byte does not exist: FMCOS 2.0 manual, ISO/IEC 7816-4 table 6. */
const NOT_THERE: readonly number[] = [0x6282, 0x6a82, 0x6a83, 0x6b00];
/** P2 is one byte: the last that can be asked for. */
const LAST_OFFSET = 0xff;

/**
 * Finds the dialect of a card by what is there: each file that a dialect names must exist up to its last byte and
 * end there; files that it does not name do not matter. Only SELECT and READ BINARY are sent, so that no try of any
 * key can be lost. `chip.ambiguous` where several dialects fit what the card says, `chip.unknown` where none does;
 * either way the card must be left alone. Leaves some directory selected.
 */
export async function probeDialect(
  session: CardSession,
  dialects: readonly CpuDialect[] = DIALECTS,
): Promise<CpuDialect> {
  let left = dialects.filter((dialect) => couldHaveSerial(dialect, session.atr));
  let selected: number | undefined;
  let exists = true;
  for (const question of questionsOf(left)) {
    if (!left.some((dialect) => isEnd(dialect, question))) continue;
    if (question.directory !== selected) {
      selected = question.directory;
      exists = statusOf(await session.transmit(select(selected))) === 0x9000;
    }
    const answer = exists ? await ask(session, question) : 'not-there';
    if (answer === 'unknown') continue;
    left = left.filter((dialect) => [answer, 'unknown'].includes(expected(dialect, question)));
  }
  return theOnly(left);
}

/** A driver for whichever dialect the card has. Fails as `probeDialect` does. */
export async function openCpuCard(
  session: CardSession,
  dialects: readonly CpuDialect[] = DIALECTS,
): Promise<CpuDriver> {
  const dialect = await probeDialect(session, dialects);
  return new CpuDriver(session, dialect, 'unknown');
}

/** The ends of all files of all dialects, directory by directory, each once. Only those of dialects left are asked. */
function questionsOf(dialects: readonly CpuDialect[]): readonly Question[] {
  const questions = new Map<string, Question>();
  const directories = new Set(dialects.flatMap((dialect) => Object.values(dialect.directories)));
  for (const directory of directories) {
    for (const dialect of dialects) {
      for (const { sfi, length } of filesIn(dialect, directory)) {
        for (const offset of endsOf(length)) {
          const question = { directory, sfi, offset };
          questions.set(JSON.stringify(question), question);
        }
      }
    }
  }
  return [...questions.values()];
}

/** Offsets of a file's last byte and of the one behind it, as far as P2 can name them. */
function endsOf(length: number): readonly number[] {
  return [length - 1, length].map((offset) => Math.min(offset, LAST_OFFSET));
}

function isEnd(dialect: CpuDialect, { directory, sfi, offset }: Question): boolean {
  return filesIn(dialect, directory).some((file) => file.sfi === sfi && endsOf(file.length).includes(offset));
}

function expected(dialect: CpuDialect, { directory, sfi, offset }: Question): Answer {
  const file = filesIn(dialect, directory).find((one) => one.sfi === sfi);
  if (file === undefined) return 'unknown';
  return offset < file.length ? 'there' : 'not-there';
}

function filesIn({ directories, files }: CpuDialect, id: number): readonly CpuFile[] {
  return files.filter(({ directory }) => directories[directory] === id);
}

async function ask(session: CardSession, { sfi, offset }: Question): Promise<Answer> {
  const sw = statusOf(await session.transmit(readBinary(sfi, offset, 1)));
  if (sw === 0x9000) return 'there';
  return NOT_THERE.includes(sw) ? 'not-there' : 'unknown';
}

function couldHaveSerial({ serial }: CpuDialect, atr: Uint8Array): boolean {
  return serial.in === 'file' || isSureUpTo(atr, serial.offset + serial.length);
}

function theOnly(left: readonly CpuDialect[]): CpuDialect {
  const [dialect, second] = left;
  if (dialect === undefined) {
    throw new ChipError({
      code: 'chip.unknown',
      message:
        'The files on this card are not those of an electricity card that is known here. Please ask the staff.',
    });
  }
  if (second === undefined) return dialect;
  throw new ChipError({
    code: 'chip.ambiguous',
    message: 'This card could be of several kinds and is left alone. Please ask the staff.',
    context: { dialects: left.map(({ id }) => id).join(' ') },
  });
}
