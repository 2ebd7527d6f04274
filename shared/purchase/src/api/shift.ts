import { z } from 'zod';
import { fen, timestamp } from './scalars.ts';

/** The notes and coins that a drawer is counted in, fen, the largest first. */
export const DENOMINATIONS = [10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10] as const;

/**
 * A clerk's turn at a counter's drawer: it begins when they sign in where a committee takes cash, and ends when the drawer is
 * counted. Whoever signs in again meanwhile goes on with it.
 */
export const shiftSums = z.object({
  /** In the drawer when it began, fen: what the shift before left there. */
  openingFen: fen,
  takenFen: fen,
  /** Households whose cash was taken. */
  times: z.int().min(0),
  /** Handed out over the counter, fen. */
  backFen: fen,
  backTimes: z.int().min(0),
  /** What should lie in the drawer: opening and taken, less handed out. Below 0 where more was handed out. */
  drawerFen: z.int(),
});
export type ShiftSums = z.infer<typeof shiftSums>;

export const openShift = shiftSums.extend({ id: z.uuid(), openedAt: timestamp });
export type OpenShift = z.infer<typeof openShift>;

/** So many notes or coins of one kind. */
export const counted = z.strictObject({
  fen: z.literal(DENOMINATIONS),
  pieces: z.int().min(0).max(9_999),
});
export type Counted = z.infer<typeof counted>;

/** Ends a shift. Repeated with the same shift it gives what there is. */
export const closeShiftRequest = z.strictObject({
  ticket: z.string().min(1).max(64),
  shift: z.uuid(),
  /** Each kind once at most; kinds that are not named were not there. */
  counted: z.array(counted).max(DENOMINATIONS.length),
  /** What of it stays in the drawer for the next shift, fen; the rest goes with the clerk. */
  leftFen: fen,
});
export type CloseShiftRequest = z.infer<typeof closeShiftRequest>;

export const closedShift = openShift.extend({
  /** Their staff number, or the name they sign in with. */
  staff: z.string(),
  committee: z.string(),
  terminalId: z.string(),
  closedAt: timestamp,
  counted: z.array(counted),
  countedFen: fen,
  /** Counted less what should have been there: above 0 too much, below too little. Not 0 is a case. */
  differenceFen: z.int(),
  leftFen: fen,
  /** What the clerk takes along to hand in. */
  handedInFen: fen,
});
export type ClosedShift = z.infer<typeof closedShift>;

/** The shift of whoever asks; null where they have none open here. */
export const shiftNow = z.object({ shift: openShift.nullable() });

/** Shifts of a day in Beijing; absent: today. */
export const floatShiftsQuery = z.strictObject({ day: z.iso.date().optional() });
/** A float's shifts, as finance sees them: those that are open, and those that were closed on a day; each the newest first. */
export const floatShifts = z.object({
  open: z.array(openShift.extend(closedShift.pick({ staff: true, terminalId: true }).shape)),
  closed: z.array(closedShift),
});
export type FloatShifts = z.infer<typeof floatShifts>;
