import type { MeterCard } from '@bianmin/card/testing/meter-files';
import type { ReaderFaults } from '@bianmin/card/testing/sim-faults';
import type { Fate } from '@bianmin/card/testing/vscard-card';

/** By its name among those that are known, of answers or of notices. */
export interface Lie {
  readonly of: 'answers' | 'notices';
  readonly name: string;
  readonly seed: number;
}

/** What the guest asks of the host: its hardware, its cards, its meters. A JSON object a line. */
export interface HostRequests {
  /** What it does wrong: at seat 2 alone. */
  plug: { readonly seat: number; readonly lie?: Lie; readonly faults?: ReaderFaults };
  unplug: { readonly seat: number };
  /** A household's card with a sale that waits: `samplePurchase(…)`, which the guest makes alike. Not put in yet. */
  card: {
    readonly seat: number;
    readonly of: MeterCard;
    readonly seed: number;
    readonly protocol: 'T0' | 'T1';
  };
  insert: { readonly seat: number };
  remove: { readonly seat: number };
  /** Presses a key of the device at seat 2 and lets it go. */
  'press-key': Record<string, never>;
  /** What becomes of the nth command from the insertion on; once. */
  /** Of one command after the card was put in, or of each. */
  fate: { readonly seat: number; readonly at: number | 'each'; readonly fate: Fate };
  /** The answer that was held back leaves now. */
  'answer-now': { readonly seat: number };
  /** How many commands the card has had since it was put in. */
  commands: { readonly seat: number };
  /** Takes the card to its meter. */
  meter: { readonly seat: number };
  row: { readonly row: Readonly<Record<string, unknown>> };
  end: Record<string, never>;
}

export interface HostAnswers {
  plug: null;
  unplug: null;
  card: null;
  insert: null;
  remove: null;
  'press-key': null;
  fate: null;
  'answer-now': null;
  commands: number;
  meter: { readonly creditedFen: number; readonly error: string | null };
  row: null;
  end: null;
}

export interface HostAnswer {
  readonly id: number;
  readonly ok?: unknown;
  readonly error?: string;
}
