import { z } from 'zod';
import { fen, orderNo, terminalId, timestamp } from './scalars.ts';

const reason = z.string().min(3).max(500);
/** The committee's name in the books. */
const floatId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, { error: 'must be 1 to 32 of a-z, 0-9, dash' });

/** A sum of refunds' cash. */
export const cashSum = z.object({ fen: z.int(), times: z.int() });
export type CashSum = z.infer<typeof cashSum>;

/** Six digits; not all the same, and no plain row. */
export const staffPin = z
  .string()
  .regex(/^\d{6}$/, { error: 'must be six digits' })
  .refine((pin) => !/^(\d)\1{5}$/u.test(pin) && !'01234567890 09876543210'.includes(pin), {
    error: 'is too easy to guess',
  });
export const setPinRequest = z.strictObject({ password: z.string().min(1).max(256), pin: staffPin });
/** What staff type at a kiosk, whose keypad has no letters, in place of the name they sign in with. */
export const staffNumber = z.string().regex(/^\d{6}$/, { error: 'must be six digits' });
/** The number is given with the first PIN and stays. */
export const setPinResponse = z.object({ staffNumber });

/** Who somebody is: their staff number or the name they sign in with, and their PIN. */
export const staffPinEntry = z.strictObject({
  staff: z.string().min(1).max(64),
  pin: z.string().regex(/^\d{6}$/, { error: 'must be six digits' }),
});

/**
 * Who takes the cash: whose shift it is, by its ticket (`pin` where `staff.pin-needed` asked for it); or staff number and PIN, at a
 * terminal of a version before shifts.
 */
export const cashOfferRequest = z.union([
  staffPinEntry,
  z.strictObject({ shift: z.string().min(1).max(64), pin: staffPinEntry.shape.pin.optional() }),
]);
export type CashOfferRequest = z.infer<typeof cashOfferRequest>;

/** What staff are told before they take the cash. Nothing is taken and nothing is held by it. */
export const cashOffer = z.object({
  /** Stands for the PIN while this order's cash is taken at this terminal, for five minutes. */
  ticket: z.string(),
  committee: z.string(),
  /** Who takes it: the name they sign in with. */
  staff: z.string(),
  takeFen: fen,
  /** In the committee's float now. */
  balanceFen: fen,
  /** What the float may still pay today, fen; its balance may be less. */
  leftTodayFen: fen,
});
export type CashOffer = z.infer<typeof cashOffer>;

/** Staff have taken the cash, and say who they are: by an offer's ticket, or by name and PIN. */
export const takeCashRequest = z.union([
  staffPinEntry,
  z.strictObject({ ticket: z.string().min(1).max(64) }),
]);
export type TakeCashRequest = z.infer<typeof takeCashRequest>;

/** What is put on paper for a payer of cash. */
export const cashReceipt = z.object({
  orderNo,
  receiptCode: z.string(),
  committee: z.string(),
  /** Who took it: the name they sign in with. */
  staff: z.string(),
  takenFen: fen,
  takenAt: timestamp,
  /** Not 0: the sale came to nothing, the float has it back, and this much cash has still to be handed back. */
  handBackFen: fen,
});
export type CashReceipt = z.infer<typeof cashReceipt>;

export const adminFloat = z.object({
  id: z.string(),
  name: z.string(),
  terminals: z.array(z.string()),
  balanceFen: z.int(),
  dayLimitFen: z.int(),
  /** Taken today in Beijing, less what was given back. */
  takenTodayFen: z.int(),
  /** Takes no cash until it is no longer. */
  frozen: z.boolean(),
  /** Refunds whose money it has back and whose cash waits at its counters. */
  waiting: cashSum,
});
export type AdminFloat = z.infer<typeof adminFloat>;
export const floatList = z.object({ floats: z.array(adminFloat) });
export const floatParam = z.strictObject({ id: floatId });

/** Opens a committee's float, or changes its terminals or limit, or freezes it. The balance is not touched. */
export const floatRequest = z.strictObject({
  id: floatId,
  name: z.string().min(1).max(64),
  terminals: z.array(terminalId).max(64),
  dayLimitFen: fen.min(1),
  /** Takes no cash; absent: it does. */
  frozen: z.boolean().optional(),
  reason,
});
export type FloatRequest = z.infer<typeof floatRequest>;

export const topUpRequest = z.strictObject({
  fen: fen.min(1),
  /** The bank's reference of the money that came. */
  reference: z.string().min(3).max(64),
  reason,
});
export type TopUpRequest = z.infer<typeof topUpRequest>;

/** Which top-up, by its entry's id, and why it is undone. */
export const topUpParam = z.strictObject({ id: floatId, topUp: z.string().regex(/^topup-[0-9a-f-]{1,64}$/) });
export const topUpUndoRequest = z.strictObject({ reason });
export type TopUpUndoRequest = z.infer<typeof topUpUndoRequest>;

export const floatEntry = z.object({
  id: z.string(),
  kind: z.enum(['taken', 'given-back', 'handed-out', 'top-up', 'top-up-undone', 'closed', 'shift-closed']),
  fen,
  debit: z.string(),
  credit: z.string(),
  by: z.string(),
  orderNo: orderNo.nullable(),
  /** Of a top-up the bank's; of cash handed out the slip's number. */
  reference: z.string().nullable(),
  /** Of a reversal: the top-up's id. */
  undoes: z.string().nullable(),
  at: timestamp,
});
export type FloatEntryView = z.infer<typeof floatEntry>;
/** Newest first. */
export const floatEntries = z.object({ entries: z.array(floatEntry) });
