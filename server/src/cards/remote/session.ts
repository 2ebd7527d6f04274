import type { ChipName } from '@bianmin/card/chip/contract';
import type { CardSessionEnd, CardSessionKind } from '@bianmin/purchase/api/card-session';
import type { StepAsked } from '@bianmin/purchase/remote-card/step-check';

/** Who drives the card. */
export interface Asker {
  readonly kind: 'staff' | 'grid';
  readonly id: string;
  readonly name: string;
}

/** The grid's task that a session was opened for. */
export interface GridTask {
  /** The grid's own number. */
  readonly no: string;
  /** All that the grid said it may ask. */
  readonly commands: readonly string[];
}

/** One step, without a byte of the card, a code or a plan. */
export interface SessionStep {
  readonly n: number;
  readonly asked: StepAsked;
  readonly askedAt: Date;
  readonly answer?: StepAnswer;
}

export interface StepAnswer {
  readonly at: Date;
  /** `done`, or the code of the error. */
  readonly outcome: string;
  /** SHA-256 of the whole answer: the same one again is the same answer. */
  readonly repeat: string;
  readonly chip?: ChipName;
  readonly serial?: string | null;
  /** `id` of the layout that its terminal reads it by; null: none. Absent: it did not say. */
  readonly layout?: string | null;
  readonly tries?: { readonly left: number; readonly full: number };
  /** SHA-256 (hex) of what was read; of a card its image's digest. */
  readonly digest?: string;
  /** A write waits for its next stage, or is done. */
  readonly write?: 'waits' | 'written';
  /** Headers and status words; data hidden. */
  readonly exchanges: readonly (readonly [string, string])[];
  readonly more: number;
}

/** One remote card session: `open` until the person at the terminal says yes, `working`, `closed`. */
export interface RemoteSession {
  readonly _id: string;
  /** Every change is a compare-and-set on it. */
  readonly version: number;
  readonly kind: CardSessionKind;
  readonly state: 'open' | 'working' | 'closed';
  readonly terminalId: string;
  /** Of its terminal; absent in old ones: the province's. */
  readonly orgPath?: readonly string[];
  /** The terminal while the session is not closed; unique: a terminal is driven by one session. */
  readonly busyTerminal?: string;
  readonly asker: Asker;
  readonly reason: string;
  /** Hex, 16 digits: the only card that may be driven; null: any. */
  readonly serial: string | null;
  /** What a write is for: order number, or a replacement's request number. */
  readonly subject: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly consentedAt?: Date;
  /** What the session's keys are derived with; gone when it closes, and the keys with it. */
  readonly salt?: string;
  readonly steps: readonly SessionStep[];
  readonly gridTask?: GridTask;
  /** The grid does not know yet how the session of its task ended. */
  readonly untold?: true;
  readonly end?: { readonly how: CardSessionEnd; readonly at: Date; readonly failure?: string };
}

/** The step that waits for its answer. */
export function outstanding(session: RemoteSession): SessionStep | undefined {
  const last = session.steps.at(-1);
  return last?.answer === undefined ? last : undefined;
}

/** The newest step that has its answer; 0: none. */
export function answeredSteps({ steps }: Pick<RemoteSession, 'steps'>): number {
  return steps.filter(({ answer }) => answer !== undefined).length;
}

/** Whether a card was in the terminal's hands: once one was identified, its leaving ends the session. */
export function holdsCard({ steps }: Pick<RemoteSession, 'steps'>): boolean {
  return steps.some(({ asked, answer }) => asked.do === 'identify' && answer?.outcome === 'done');
}

export function closed(
  session: RemoteSession,
  end: { how: CardSessionEnd; at: Date; failure?: string },
): RemoteSession {
  const { busyTerminal: _, salt: __, ...rest } = session;
  return { ...rest, version: session.version + 1, state: 'closed', end };
}
