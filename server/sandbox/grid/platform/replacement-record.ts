/** One replacement in the grid's book; it is never taken out again. */
export interface Replacement {
  readonly requestNo: string;
  readonly customerNo: string;
  readonly formerSerial: string;
  readonly serial: string;
  readonly count: number;
  readonly amountFen: number;
  readonly openOrderNo: string | null;
}
