import { systemClock } from '../node/system-clock.ts';
import { Stop } from '../stop.ts';
import { main } from './main.ts';
import { nodeFiles } from './node-files.ts';
import { nodeSystem } from './node-system.ts';
import { openReaders } from './open-readers.ts';

/** What a shell gives a program that Ctrl-C ended. */
const INTERRUPTED = 130;

/** The tool as a process of its own. */
export async function runProcess(): Promise<void> {
  const argv = process.argv.slice(2);
  const [command = ''] = argv;
  const stop = new Stop();
  let interrupts = 0;
  process.on('SIGINT', () => {
    interrupts += 1;
    stop.stop();
    // A write is safe to cut, but finishing it is better; `watch` ends by itself. A second Ctrl-C ends anything.
    const finishes = command === 'write' || command === 'change-code' || command === 'watch';
    if (!finishes || interrupts > 1) process.exit(INTERRUPTED);
  });
  const code = await main(argv, {
    out: (text) => process.stdout.write(`${text}\n`),
    err: (text) => process.stderr.write(`${text}\n`),
    env: process.env,
    clock: systemClock,
    files: nodeFiles,
    stopped: stop.signal,
    openReaders: (choice) => openReaders(choice, systemClock),
    system: nodeSystem(),
  });
  // Readers' libraries may hold the process; everything is closed by now, and output to a pipe is not yet.
  process.stdout.write('', () => process.exit(code));
}
