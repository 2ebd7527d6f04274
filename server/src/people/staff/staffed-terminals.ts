import { covers, type Scope } from '../../kernel/scope.ts';
import { PROVINCE_PATH } from '../../kernel/org-path.ts';
import type { OrderingTerminal } from '../../orders/desk/order-maker.ts';
import type { WritingTerminal } from '../../orders/desk/card-writes.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { TerminalStore } from '../../fleet/store/terminals.ts';

/** Terminals that staff name: only one within their scope, and only an accepted one is given anything, sealed to its own key. */
export class StaffedTerminals {
  readonly #store: TerminalStore;

  constructor(store: TerminalStore) {
    this.#store = store;
  }

  /** Throws `request.not-found`. */
  async get(
    terminalId: string,
    scope: Scope,
  ): Promise<WritingTerminal & OrderingTerminal & { readonly name: string }> {
    const terminal = await this.#store.get(terminalId);
    if (terminal?.status !== 'accepted' || !covers(scope, terminal.orgPath)) {
      throw new ProblemError({ code: 'request.not-found', message: 'There is no such accepted terminal.' });
    }
    const { sealKey, name, orgPath = PROVINCE_PATH } = terminal;
    return { terminalId, sealKey, name, orgPath };
  }
}
