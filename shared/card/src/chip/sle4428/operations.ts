import type { Question } from '../dialect/question.ts';
import type { SiemensCommands } from '../siemens/commands.ts';

/** Bytes of memory, and where the reader tells it unasked, which of them are open (true) or protected for ever. */
export interface Reading {
  readonly data: Uint8Array;
  readonly open?: readonly boolean[];
}

/** The SLE4428's operations in one reader's words. */
export interface Sle4428Commands extends SiemensCommands {
  read(address: number, length: number): Question<Reading>;
  /** For each byte whether it is open; the answers of all commands in their order. */
  readProtection(address: number, length: number): readonly Question<readonly boolean[]>[];
}
