/** What an account owes, fen. */
export interface Debt {
  /** Once, from as many sales as it takes. */
  readonly arrearsFen: number;
  /** With each sale. */
  readonly feeFen: number;
}

/** What a meter gets of every sale at least, fen. */
const LEAST_CREDIT_FEN = 100;
const NONE: Debt = { arrearsFen: 0, feeFen: 0 };

/** The fake grid's arrears and fees, by meter: taken from a sale before its meter gets the rest, and owed again once it is undone. */
export class FakeDebts {
  readonly #owed = new Map<string, Debt>();

  owe(meterNo: string, debt: Debt): void {
    this.#owed.set(meterNo, debt);
  }

  arrearsOf(meterNo: string): number {
    return this.#of(meterNo).arrearsFen;
  }

  takeFrom({
    meterNo,
    faceFen,
  }: {
    meterNo: string;
    faceFen: number;
  }): Debt & { readonly creditFen: number } {
    const debt = this.#of(meterNo);
    const feeFen = Math.min(debt.feeFen, faceFen - LEAST_CREDIT_FEN);
    const arrearsFen = Math.min(debt.arrearsFen, faceFen - feeFen - LEAST_CREDIT_FEN);
    this.#owed.set(meterNo, { ...debt, arrearsFen: debt.arrearsFen - arrearsFen });
    return { creditFen: faceFen - feeFen - arrearsFen, arrearsFen, feeFen };
  }

  undo({ meterNo, arrearsFen }: { meterNo: string; arrearsFen: number }): void {
    const debt = this.#of(meterNo);
    this.#owed.set(meterNo, { ...debt, arrearsFen: debt.arrearsFen + arrearsFen });
  }

  #of(meterNo: string): Debt {
    return this.#owed.get(meterNo) ?? NONE;
  }
}
