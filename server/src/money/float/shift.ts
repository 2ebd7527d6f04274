import type { Counted } from '@bianmin/purchase/api/shift';
import { inNotes } from '../../kernel/cash.ts';

/** A clerk's turn at a counter's drawer that is not counted yet. Its sums change in the same write as the entries that make them. */
export interface Shift {
  readonly id: string;
  /** A user's id. */
  readonly staff: string;
  /** As they are shown: their staff number, or the name they sign in with. */
  readonly number: string;
  readonly terminalId: string;
  /** The terminal's: who may see a case about it. */
  readonly orgPath: readonly string[];
  readonly openedAt: Date;
  /** In the drawer when it began, fen: what the shifts before left there. */
  readonly openingFen: number;
  readonly takenFen: number;
  /** Households whose cash was taken. */
  readonly times: number;
  /** Handed out over the counter, fen. */
  readonly backFen: number;
  readonly backTimes: number;
}

/** A shift before anything was taken in it. */
export type NewShift = Pick<Shift, 'id' | 'staff' | 'number' | 'terminalId' | 'orgPath'>;

/** What was counted at its end, and what of it stays in the drawer, fen. */
export interface Count {
  readonly counted: readonly Counted[];
  readonly leftFen: number;
}

/** A shift that is over, as it was counted. Nothing of it changes any more. */
export interface CountedShift extends Shift, Count {
  /** The committee's name then. */
  readonly committee: string;
  readonly closedAt: Date;
  readonly countedFen: number;
  /** Counted less what should have been there, fen. */
  readonly differenceFen: number;
}

/** What lies in a terminal's drawer while nobody has a shift there, fen. */
interface Left {
  readonly terminalId: string;
  readonly fen: number;
}

/** What a float knows of the drawers at its terminals. Absent: nobody had a shift there yet. */
export interface Drawers {
  /** Those that are open, the oldest first. One person has one at a terminal. */
  readonly shifts?: readonly Shift[];
  readonly left?: readonly Left[];
}

/** Of an entry, what its shift's sums follow from. */
interface Moving {
  readonly kind: string;
  readonly fen: number;
  readonly shift?: string;
  readonly counted?: CountedShift;
}

/** A shift is closed under this in the float's entries: once, however often it is asked for. */
export const closedShiftId = (shiftId: string): string => `shift-${shiftId}`;

/** What should lie in the drawer, fen; below 0 where more was handed out than was there. */
export function drawerFen({
  openingFen,
  takenFen,
  backFen,
}: Pick<Shift, 'openingFen' | 'takenFen' | 'backFen'>): number {
  return openingFen + takenFen - backFen;
}

export function sumOfCount(counted: readonly Counted[]): number {
  return counted.reduce((sum, { fen, pieces }) => sum + fen * pieces, 0);
}

export function shiftOf({ shifts = [] }: Drawers, id: string): Shift | undefined {
  return shifts.find((each) => each.id === id);
}

/** The one that this person has open at this terminal. */
export function openShiftOf(
  { shifts = [] }: Drawers,
  { staff, terminalId }: Pick<Shift, 'staff' | 'terminalId'>,
): Shift | undefined {
  return shifts.find((each) => each.staff === staff && each.terminalId === terminalId);
}

/** As it begins: with what was left in its drawer. */
export function begun({ left = [] }: Drawers, fresh: NewShift, openedAt: Date): Shift {
  const openingFen = left.find(({ terminalId }) => terminalId === fresh.terminalId)?.fen ?? 0;
  return { ...fresh, openedAt, openingFen, takenFen: 0, times: 0, backFen: 0, backTimes: 0 };
}

/** With one that begins: its opening is nobody else's from then on. */
export function withShift({ shifts = [], left = [] }: Drawers, shift: Shift): Required<Drawers> {
  return {
    shifts: [...shifts, shift],
    left: left.filter(({ terminalId }) => terminalId !== shift.terminalId),
  };
}

/** What a shift comes to that is counted now. */
export function countedShift(shift: Shift, count: Count, of: { committee: string; at: Date }): CountedShift {
  const countedFen = sumOfCount(count.counted);
  return {
    ...{ ...shift, ...count, committee: of.committee, closedAt: of.at, countedFen },
    differenceFen: countedFen - drawerFen(shift),
  };
}

/** What an entry changes of the drawers, which have notes and coins alone; `shift.none`: it is of a shift that is not open. */
export function drawersAfter(drawers: Drawers, entry: Moving): Drawers | 'shift.none' {
  const { shift: id } = entry;
  if (id === undefined) return {};
  const shift = shiftOf(drawers, id);
  if (shift === undefined) return 'shift.none';
  const fen = inNotes(entry.fen);
  switch (entry.kind) {
    case 'taken':
      return withSums(drawers, { ...shift, takenFen: shift.takenFen + fen, times: shift.times + 1 });
    case 'handed-out':
      return withSums(drawers, { ...shift, backFen: shift.backFen + fen, backTimes: shift.backTimes + 1 });
    case 'shift-closed':
      return without(drawers, shift, entry.counted?.leftFen ?? 0);
    default:
      return {};
  }
}

function withSums({ shifts = [] }: Drawers, changed: Shift): Drawers {
  return { shifts: shifts.map((each) => (each.id === changed.id ? changed : each)) };
}

/** What others left in the same drawer stays there. */
function without({ shifts = [], left = [] }: Drawers, { id, terminalId }: Shift, fen: number): Drawers {
  const there = left.find((each) => each.terminalId === terminalId)?.fen ?? 0;
  const others = left.filter((each) => each.terminalId !== terminalId);
  return {
    shifts: shifts.filter((each) => each.id !== id),
    left: there + fen === 0 ? others : [...others, { terminalId, fen: there + fen }],
  };
}
