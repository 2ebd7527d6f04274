const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** What residents live by: times in ms, money in fen. Decisions of ours, listed with their reasons in docs/payer.md. */
export interface ResidentPolicy {
  /** A phone that is not used for this long is forgotten, with its bindings. */
  readonly sessionMs: number;
  readonly codeMs: number;
  /** Wrong codes that one code survives. */
  readonly codeTries: number;
  /** Between two texts to one customer number, whichever payer asks. */
  readonly resendMs: number;
  readonly codesPerCustomer: { readonly max: number; readonly windowMs: number };
  readonly codesPerPayer: { readonly max: number; readonly windowMs: number };
  /** Of one customer number, from one network: a stranger uses up their own, and the household's only for an hour. */
  readonly codesPerStranger: { readonly max: number; readonly windowMs: number };
  readonly codesPerAddress: { readonly max: number; readonly windowMs: number };
  /** New phones from one network address. */
  readonly sessionsPerAddress: { readonly max: number; readonly windowMs: number };
  readonly proofMs: number;
  /** Wrong digits that one proof survives, over all terminals; each has its own few. */
  readonly proofTries: number;
  /** Households that one phone may have. */
  readonly bindingsPerPayer: number;
  /** Phones that one household may have; one more takes the place of the one that was used least recently. */
  readonly payersPerCustomer: number;
  /** Households that one box may keep, and boxes that one household may be kept by. */
  readonly homesPerBox: number;
  readonly boxesPerCustomer: number;
  /** A household that a box does not buy for so long is forgotten by it. */
  readonly boxHomeMs: number;
  /** Of one binding, in one day of China's. */
  readonly daily: { readonly orders: number; readonly fen: number };
}

export const RESIDENT_POLICY: ResidentPolicy = {
  sessionMs: 180 * DAY_MS,
  codeMs: 5 * MINUTE_MS,
  codeTries: 5,
  resendMs: MINUTE_MS,
  codesPerCustomer: { max: 3, windowMs: HOUR_MS },
  codesPerStranger: { max: 10, windowMs: DAY_MS },
  codesPerPayer: { max: 10, windowMs: DAY_MS },
  codesPerAddress: { max: 20, windowMs: HOUR_MS },
  // A village, or a whole mobile network, may stand behind one address.
  sessionsPerAddress: { max: 120, windowMs: HOUR_MS },
  proofMs: 5 * MINUTE_MS,
  proofTries: 50,
  bindingsPerPayer: 8,
  payersPerCustomer: 5,
  homesPerBox: 5,
  boxesPerCustomer: 5,
  boxHomeMs: 180 * DAY_MS,
  daily: { orders: 5, fen: 100_000 },
};
