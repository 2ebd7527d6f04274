import { z } from 'zod';

/**
 * How a purchase reaches the electricity: by a card, or from afar, into the meter, which keeps the balance; or into the
 * customer's account, where the grid keeps it and switches the meter (远程费控).
 */
const GRID_DELIVERIES = ['card', 'remote', 'account'] as const;

/** Whether electricity flows to an account's meter, as the grid last heard of it. */
export const SUPPLIES = ['on', 'off'] as const;
const supply = z.enum(SUPPLIES);
export type Supply = z.infer<typeof supply>;

/** A month that was used first and is paid now (后付费). */
export const dueBill = z.object({
  /** The grid's own number of it, for ever. */
  billNo: z.string().regex(/^[0-9A-Za-z-]{1,32}$/),
  /** YYYY-MM. */
  period: z.string().regex(/^\d{4}-\d{2}$/),
  /** What is left of it to be paid, fen. */
  dueFen: z.int().min(1).max(99_999_999),
  dueOn: z.iso.date(),
  /** Whether a part of it may be paid: in whole yuan, or all that is left. */
  partly: z.boolean(),
});
export type DueBill = Readonly<z.infer<typeof dueBill>>;

/** Bills that are told of one customer at most. */
export const MOST_BILLS = 12;

/** What a grid that keeps accounts says of a customer besides; one that does not leaves all of it out. */
export const accountFacts = {
  /** Absent: as its cards and `remote` say. */
  delivery: z.enum(GRID_DELIVERIES).optional(),
  /** Of an account. */
  supply: supply.optional(),
  /** Not yet paid, the oldest first. */
  bills: z.array(dueBill).max(MOST_BILLS).optional(),
};
export type AccountFacts = Readonly<z.infer<z.ZodObject<typeof accountFacts>>>;

/** Money for an account, or for one of the customer's bills. */
export interface AccountRequest {
  readonly orderNo: string;
  readonly customerNo: string;
  readonly meterNo: string;
  readonly faceFen: number;
  readonly billNo?: string | undefined;
}

/** What an account has since; null where the grid does not say. */
export const accountStanding = z.object({
  /** Negative: overdrawn. */
  balanceFen: z.int().nullable(),
  supply: supply.nullable(),
});
export type AccountStanding = Readonly<z.infer<typeof accountStanding>>;
