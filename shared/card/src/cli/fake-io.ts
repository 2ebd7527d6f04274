import { toHex } from '../bytes/hex.ts';
import { Stop } from '../stop.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import type { System } from './doctor/system.ts';
import type { Io } from './io.ts';
import { main } from './main.ts';
import { openReaders } from './open-readers.ts';
import { PROJECT } from './project-tools.ts';
import type { ReaderChoice } from './readers.ts';
import type { SimulatedReaders } from './simulator.ts';

/** A machine that shows nothing. */
export const EMPTY_SYSTEM: System = {
  platform: 'linux',
  node: '20.19.0',
  list: () => [],
  text: () => undefined,
  link: () => undefined,
  stat: () => undefined,
  writable: () => false,
  run: () => Promise.resolve(undefined),
  loads: () => Promise.resolve(true),
  user: () => ({ name: 'clerk', uid: 1000, groups: ['clerk'] }),
  nameOf: () => undefined,
};

/** An `Io` in memory for tests: files are a map, what was said is kept. */
export class FakeIo implements Io {
  readonly said: string[] = [];
  readonly complained: string[] = [];
  readonly saved = new Map<string, string>();
  readonly stop = new Stop();
  readonly clock = new ManualClock();
  env: Io['env'] = { LANG: 'en_US.UTF-8', USER: 'tester' };
  system: System = EMPTY_SYSTEM;
  openReaders: (choice: ReaderChoice) => Promise<SimulatedReaders> = (choice) =>
    openReaders(choice, this.clock, PROJECT) as Promise<SimulatedReaders>;
  project: Io['project'] = PROJECT;

  readonly out = (text: string): void => {
    this.said.push(text);
  };
  readonly err = (text: string): void => {
    this.complained.push(text);
  };
  readonly files: Io['files'] = {
    read: (path) => Promise.resolve(this.saved.get(path)),
    write: (path, text) => {
      this.saved.set(path, text);
      return Promise.resolve();
    },
    remove: (path) => {
      this.saved.delete(path);
      return Promise.resolve();
    },
  };

  get stopped(): Io['stopped'] {
    return this.stop.signal;
  }

  /** Everything that got out: both outputs and every file. */
  get everything(): string {
    return [...this.said, ...this.complained, ...this.saved.values()].join('\n');
  }

  /** Runs one command line, arguments apart by spaces; gives the exit code and what that run said. */
  async run(line: string): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
    const [said, complained] = [this.said.length, this.complained.length];
    const code = await main(line === '' ? [] : line.split(' '), this);
    return { code, out: this.said.slice(said).join('\n'), err: this.complained.slice(complained).join('\n') };
  }
}

/** Whether a code stands in a text as hex, contiguous or spaced, at a byte's start; or in two hex words as `0x…`. */
export function holds(text: string, code: Uint8Array): boolean {
  const hex = toHex(code);
  const spaced = hex.match(/../g)?.join(' ') ?? hex;
  if (text.toUpperCase().includes(spaced)) return true;
  return [...text.toUpperCase().matchAll(/(?:[0-9A-F]{2}|XX)+/g)].some(([run]) => {
    for (let at = run.indexOf(hex); at >= 0; at = run.indexOf(hex, at + 1)) if (at % 2 === 0) return true;
    return false;
  });
}
