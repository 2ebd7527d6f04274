import type { Question } from '../dialect/question.ts';
import type { SiemensCommands } from '../siemens/commands.ts';

/** The SLE4442's operations in one reader's words. */
export interface Sle4442Commands extends SiemensCommands {
  read(address: number, length: number): Question<Uint8Array>;
  /** The 4 bytes of protection memory: bit n of byte m guards address 8·m + n, 0 is protected. */
  readProtection(): Question<Uint8Array>;
}
