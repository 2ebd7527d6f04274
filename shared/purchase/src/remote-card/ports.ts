import type { CardSlot } from '@bianmin/card/reader/slot';
import type { TerminalCardSession, TerminalEnd } from '../api/card-session.ts';
import type { EcPublicJwk } from '../api/terminal.ts';

/** What a terminal asks of the server about its remote card session. Each call may be repeated. */
export interface RemoteCardApi {
  /**
   * The session of this terminal that is not closed, with the step that waits; null: none. With `id` that very one,
   * also once it is closed.
   */
  cardSession(id?: string): Promise<TerminalCardSession | null>;
  consent(id: string, yes: boolean): Promise<TerminalCardSession>;
  stepResult(id: string, result: { n: number; sealed: string }): Promise<TerminalCardSession>;
  endCardSession(id: string, end: TerminalEnd): Promise<TerminalCardSession>;
}

/** The readers, lent by whatever else uses them. */
export interface SlotLender {
  /** False where a resident is being served: then nothing is lent. */
  lend(): boolean;
  giveBack(): void;
  /** The lent slots; none before `lend`. */
  slots(): readonly CardSlot[];
}

/** Seals to a key: JWE compact, ECDH-ES with A256GCM. */
export type Seal = (clear: string, key: EcPublicJwk) => Promise<string>;
