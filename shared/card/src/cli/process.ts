import { createInterface } from 'node:readline';
import { systemClock } from '../node/system-clock.ts';
import { Stop } from '../stop.ts';
import { tellError } from './ending.ts';
import { CliError } from './error.ts';
import { EXIT } from './exit.ts';
import type { Io } from './io.ts';
import { main } from './main.ts';
import { nodeFiles } from './node-files.ts';
import { nodeSystem } from './node-system.ts';
import { openReaders } from './open-readers.ts';
import type { Project } from './project.ts';
import { languageOf, wordsOf } from './words/words.ts';

/** What a shell gives a program that Ctrl-C ended. */
const INTERRUPTED = 130;

/** The tool as a process of its own; `project` where it runs in a clone. */
export async function runProcess(project?: Project): Promise<void> {
  const argv = process.argv.slice(2);
  const stop = new Stop();
  const io: Io = {
    out: (text) => process.stdout.write(`${text}\n`),
    err: (text) => process.stderr.write(`${text}\n`),
    env: process.env,
    clock: systemClock,
    files: nodeFiles,
    ...(process.stdin.isTTY ? { ask: askOnTerminal } : {}),
    stopped: stop.signal,
    openReaders: (choice) => openReaders(choice, systemClock, project),
    system: nodeSystem(),
    project,
  };
  endOnInterrupt(argv, io, stop);
  const end = await main(argv, io);
  // Readers' libraries may hold the process; everything is closed by now, and output to a pipe is not yet.
  leave(end);
}

/** What ends the tool from outside of the command: Ctrl-C, and a library that throws where nothing waits. */
function endOnInterrupt(argv: readonly string[], io: Io, stop: Stop): void {
  const [command = ''] = argv;
  const telling = {
    ...{ io, json: argv.includes('--json') },
    words: wordsOf(languageOf(undefined, io.env) ?? 'en'),
  };
  let interrupts = 0;
  process.on('SIGINT', () => {
    interrupts += 1;
    stop.stop();
    // A write is safe to cut, but finishing it is better; `watch` ends by itself. A second Ctrl-C ends anything.
    const finishes = command === 'write' || command === 'change-code' || command === 'watch';
    if (finishes && interrupts === 1) return;
    const message = 'Ctrl-C ended the tool; give the same command again.';
    if (telling.json) tellError(new CliError({ code: 'cli.interrupted', message }), telling);
    leave(INTERRUPTED);
  });
  process.on('uncaughtException', (error) => {
    tellError(error, telling);
    leave(EXIT.fault);
  });
}

let left = false;
/** Ends once what was said is out; what is said after it is not. */
function leave(code: number): void {
  if (left) return;
  left = true;
  process.stdout.write('', () => process.exit(code));
}

/** A question beside the output, which a program may read. Undefined where the person ends the input. */
async function askOnTerminal(question: string): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise((resolve) => {
      lines.once('close', () => resolve(undefined));
      // Ctrl-C is the process's own here, too.
      lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
      lines.question(`${question} `, resolve);
    });
  } finally {
    lines.close();
  }
}
