/** Money that a bank moved, as it was typed. */
export interface TopUp {
  readonly fen: number;
  /** The bank's. */
  readonly reference: string;
  /** YYYY-MM-DD; empty where it is not asked. */
  readonly paidOn: string;
  readonly reason: string;
}
