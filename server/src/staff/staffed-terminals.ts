import type { WritingTerminal } from '../domain/card-writes.ts';
import { ProblemError } from '../http/problem.ts';
import type { TerminalStore } from '../store/terminals.ts';

/** Terminals that staff name: only an accepted one is given anything, sealed to its own key. */
export class StaffedTerminals {
  readonly #store: TerminalStore;

  constructor(store: TerminalStore) {
    this.#store = store;
  }

  /** Throws `request.not-found`. */
  async get(terminalId: string): Promise<WritingTerminal & { readonly name: string }> {
    const terminal = await this.#store.get(terminalId);
    if (terminal?.status !== 'accepted') {
      throw new ProblemError({ code: 'request.not-found', message: 'There is no such accepted terminal.' });
    }
    return { terminalId, sealKey: terminal.sealKey, name: terminal.name };
  }
}
