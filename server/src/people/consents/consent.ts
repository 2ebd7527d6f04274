import type { ConsentState } from '@bianmin/purchase/api/consent';
import type { MaskedHousehold } from '@bianmin/purchase/api/household';
import { chinaDay, dayPlus, startOfDay } from '../../kernel/china-time.ts';

/** Days from the one on which a consent is recorded to its last one, at most. */
const MOST_DAYS = 365;
/** What holds nothing any more is still looked at for so long: what was taken for never made may come after all. */
const FORGOTTEN_AFTER_MS = 24 * 3_600_000;

/** What an order takes of its month, set aside before the order is made. */
export interface ConsentHold {
  /** Whose key, and which, the order has or will have. */
  readonly terminalId: string;
  readonly key: string;
  /** Of Beijing's calendar: `2026-01`. */
  readonly month: string;
  readonly fen: number;
  readonly at: Date;
}

/** At most so much, fen: for one purchase, and in one month of Beijing's calendar. */
export interface ConsentLimits {
  readonly perPurchaseFen: number;
  readonly perMonthFen: number;
}

/** What the household has signed. */
export interface ConsentTerms extends ConsentLimits {
  readonly form: string;
  /** The last day on which it is good, in Beijing: `2026-12-31`. */
  readonly endsOn: string;
}

/** That the staff of a community may buy for a household: one document for both, whichever consent is in force. */
export interface StoredConsent extends ConsentTerms {
  /** Random: says nothing about the household. */
  readonly _id: string;
  readonly grid: string;
  /** The customer number, sealed. */
  readonly customer: string;
  /** The community. */
  readonly org: string;
  /** What screens show; nothing else of the household is kept. */
  readonly masked: Readonly<MaskedHousehold>;
  /** A digest of who held the account when it was recorded; absent: the grid did not say. */
  readonly holder?: string;
  readonly terminalId: string;
  /** A user's id. */
  readonly recordedBy: string;
  readonly recordedAt: Date;
  /** When it ends, or has ended. */
  readonly expiresAt: Date;
  /** Why it ended before its last day; absent: it did not. */
  readonly ended?: Exclude<ConsentState, 'live' | 'over'>;
  /** Of this month and the one before; they go on where a consent follows another, so that nobody has a month twice. */
  readonly holds: readonly ConsentHold[];
  /** Grows with every change. */
  readonly version: number;
}

export function monthOf(at: Date): string {
  return chinaDay(at).slice(0, 7);
}

/** The moment at which a consent is over whose last day this is. */
export function endOf(endsOn: string): Date {
  return startOfDay(dayPlus(endsOn, 1));
}

export function stateOf(
  { ended, expiresAt }: Pick<StoredConsent, 'ended' | 'expiresAt'>,
  now: Date,
): ConsentState {
  if (ended !== undefined) return ended;
  return expiresAt > now ? 'live' : 'over';
}

/** What a household may let others buy at most; a consent that says more gives as much. */
export function within(terms: ConsentLimits, bounds: ConsentLimits): ConsentLimits {
  return {
    perPurchaseFen: Math.min(terms.perPurchaseFen, bounds.perPurchaseFen),
    perMonthFen: Math.min(terms.perMonthFen, bounds.perMonthFen),
  };
}

/** The most that one more purchase may be, fen, where so much of the month is used. */
export function roomOf({ perPurchaseFen, perMonthFen }: ConsentLimits, usedFen: number): number {
  return Math.max(0, Math.min(perPurchaseFen, perMonthFen - usedFen));
}

/** Which of what was asked for nobody may consent to, and why. */
export function faultsOf(
  terms: ConsentTerms,
  { bounds, customerNo, now }: { bounds: ConsentLimits; customerNo: string; now: Date },
): { pointer: string; detail: string }[] {
  const { perPurchaseFen, perMonthFen, endsOn, form } = terms;
  const today = chinaDay(now);
  const last = dayPlus(today, MOST_DAYS);
  const of = (field: string, isWrong: boolean, detail: string) =>
    isWrong ? [{ pointer: `/body/${field}`, detail }] : [];
  return [
    ...of('perPurchaseFen', perPurchaseFen > bounds.perPurchaseFen, `is at most ${bounds.perPurchaseFen}`),
    ...of('perMonthFen', perMonthFen > bounds.perMonthFen, `is at most ${bounds.perMonthFen}`),
    ...of('perMonthFen', perMonthFen < perPurchaseFen, 'is less than one purchase may be'),
    ...of('endsOn', endsOn < today || endsOn > last, `is from ${today} to ${last}`),
    // It is kept in clear.
    ...of('form', form.includes(customerNo), 'has the customer number in it'),
  ];
}

/** Whether both are the same paper, so that what is recorded twice is one fact. */
export function isSamePaper(a: ConsentTerms, b: ConsentTerms): boolean {
  return (
    a.form === b.form &&
    a.endsOn === b.endsOn &&
    a.perPurchaseFen === b.perPurchaseFen &&
    a.perMonthFen === b.perMonthFen
  );
}

/** A hold, and whether its order still counts. */
export interface LookedAt {
  readonly hold: ConsentHold;
  readonly counts: boolean;
}

/** What of a month is used, fen. */
export function usedFenOf(all: readonly LookedAt[], month: string): number {
  return all.reduce((sum, { hold, counts }) => sum + (counts && hold.month === month ? hold.fen : 0), 0);
}

/**
 * The holds with one more, and what of the month they take; that of the same key gives way to it, and its sum where that was larger:
 * an order for it may be on its way. Two clocks may be in two months, so that the month before is kept, too.
 */
export function withHold(
  all: readonly LookedAt[],
  hold: ConsentHold,
): { readonly holds: ConsentHold[]; readonly usedFen: number } {
  const { month, at } = hold;
  const isOwn = ({ terminalId, key }: ConsentHold): boolean =>
    terminalId === hold.terminalId && key === hold.key;
  const own = all.find((each) => isOwn(each.hold));
  const others = all.filter((each) => !isOwn(each.hold));
  const fen = Math.max(hold.fen, own?.hold.fen ?? 0);
  const before = monthOf(new Date(startOfDay(`${month}-01`).getTime() - 1));
  const kept = others.filter(
    ({ hold: each, counts }) =>
      each.month >= before && (counts || at.getTime() - each.at.getTime() < FORGOTTEN_AFTER_MS),
  );
  return {
    holds: [...kept.map((each) => each.hold), { ...hold, fen }],
    usedFen: usedFenOf(others, month) + fen,
  };
}
