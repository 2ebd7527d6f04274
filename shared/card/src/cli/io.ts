import type { AbortSignalLike, Clock } from '../clock.ts';
import type { System } from './doctor/system.ts';
import type { Project } from './project.ts';
import type { OpenReaders, ReaderChoice } from './readers.ts';

/** All that the tool touches outside itself; tests hand in their own. */
export interface Io {
  /** One line or block to the person, or to the program that reads. */
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly files: Files;
  /** Asks the person and gives their line; undefined where there is none. Absent: nobody is there. */
  readonly ask?: (question: string) => Promise<string | undefined>;
  /** Ends `watch`. */
  readonly stopped: AbortSignalLike;
  readonly openReaders: (choice: ReaderChoice) => Promise<OpenReaders>;
  /** What `doctor` looks at. */
  readonly system: System;
  /** Absent where the tool was installed as a package. */
  readonly project?: Project | undefined;
}

export interface Files {
  /** The text, or undefined where there is no such file. */
  read(path: string): Promise<string | undefined>;
  /** Whole or not at all, and durable when it resolves; readable by the owner alone. */
  write(path: string, text: string): Promise<void>;
  remove(path: string): Promise<void>;
}
