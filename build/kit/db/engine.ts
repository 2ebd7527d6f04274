import type { ProgramInit } from '../process/program.ts';

/** The databases that `openDatabase` knows, in the order in which it prefers them. */
export const ENGINE_NAMES = [
  'given',
  'mongod',
  'secantusd-rs',
  'mongod-download',
  'mongo-java-server',
] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** A way to run a database whose program is there. */
export interface Launch {
  readonly program: Omit<ProgramInit, 'name' | 'log'>;
  /** The connection string, from the match of the program's ready line. */
  uri(match: RegExpExecArray): string;
}

export interface Engine {
  readonly name: Exclude<EngineName, 'given'>;
  /** Whether an acknowledged write survives `kill -9`. */
  readonly durable: boolean;
  /** For people, after the name. */
  readonly note: string;
  /**
   * How to run it on data in `dir`, or why it cannot be had. May build or download, and then tells `progress`.
   * Must not throw for absence.
   */
  prepare(dir: string, progress: (line: string) => void): Promise<Launch | { readonly absent: string }>;
}
