/** What every dialect is told of where and when it speaks. */
export interface DialectContext {
  /** Time of the books, ms. */
  readonly now: () => number;
  /** Time that answers are signed at and merchants' signatures are checked against, ms. */
  readonly wireNow: () => number;
  /** Where the wallets listen, without a trailing slash. */
  readonly baseUrl: () => string;
}
