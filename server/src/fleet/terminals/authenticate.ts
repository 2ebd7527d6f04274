import type { Context } from 'koa';
import type { Clock } from '@bianmin/card/clock';
import type { Principal } from '../../kernel/principal.ts';
import { PROVINCE_PATH } from '../../kernel/org-path.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { Terminal, TerminalStore } from '../store/terminals.ts';
import { PROOF_WINDOW_S, refuse, verifyProof } from './dpop.ts';
import type { ReplayGuard } from './replay.ts';
import { assertAccepted, type TerminalTokens } from './tokens.ts';

/** How long a terminal's record is believed without asking again: within it a rejection takes hold. */
const RECORD_TTL_MS = 5000;
const RECORDS_MAX = 10_000;

/** Proves who calls a terminal's endpoint: token, proof of its key, no replay, and still accepted. */
export class TerminalAuthenticator {
  readonly #init: {
    tokens: TerminalTokens;
    terminals: TerminalStore;
    replay: ReplayGuard;
    clock: Clock;
  };
  readonly #records = new Map<string, { terminal: Terminal | null; until: number }>();

  constructor(init: { tokens: TerminalTokens; terminals: TerminalStore; replay: ReplayGuard; clock: Clock }) {
    this.#init = init;
  }

  /** Throws `auth.required`, `auth.expired`, `terminal.bad-proof`, `terminal.pending`, `terminal.rejected`, `terminal.suspended` or `terminal.retired`. */
  readonly authenticate = async (ctx: Context): Promise<Principal> => {
    const accessToken = /^DPoP ([\w.-]+)$/.exec(ctx.get('authorization'))?.[1];
    if (accessToken === undefined) {
      ctx.set('WWW-Authenticate', 'DPoP algs="ES256"');
      throw new ProblemError({
        code: 'auth.required',
        message: 'Send an access token in `Authorization: DPoP …` and a proof in `DPoP`.',
      });
    }
    const { terminalId, jkt, marked } = await this.#init.tokens.verify(accessToken);
    const proof = await verifyProof({
      proof: ctx.get('dpop'),
      method: ctx.method,
      path: ctx.path,
      accessToken,
      nowMs: this.#init.clock.now(),
    });
    if (proof.jkt !== jkt) throw refuse('The access token belongs to another key. Get a new one.');
    const [terminal, first] = await Promise.all([
      this.#terminal(terminalId),
      this.#init.replay.first(`dpop:${jkt}`, proof.jti, 2 * PROOF_WINDOW_S + 1, marked),
    ]);
    if (!first) throw refuse('It has been used before.');
    if (terminal === null) throw new ProblemError({ code: 'auth.required', message: 'Enrol first.' });
    assertAccepted(terminal);
    const { kind: device, sealKey, orgPath = PROVINCE_PATH } = terminal;
    return { kind: 'terminal', terminalId, device, sealKey, orgPath };
  };

  /** Forgets what is believed about a terminal, after a decision about it in this process. */
  forget(terminalId: string): void {
    this.#records.delete(terminalId);
  }

  async #terminal(id: string): Promise<Terminal | null> {
    const now = this.#init.clock.monotonic();
    const known = this.#records.get(id);
    if (known !== undefined && known.until > now) return known.terminal;
    const terminal = await this.#init.terminals.get(id);
    if (this.#records.size >= RECORDS_MAX) this.#records.clear();
    this.#records.set(id, { terminal, until: now + RECORD_TTL_MS });
    return terminal;
  }
}
