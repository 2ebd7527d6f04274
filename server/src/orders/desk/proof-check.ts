/** A resident's one-time proof, shown at a terminal, that they may buy for a customer number there. */
export interface ProofCheck {
  /**
   * Whether the proof entitles this terminal to this customer. A proof may be shown for `describe` any number of
   * times while it lasts; `order` uses it up, and is asked when nothing else stands in the way of the order. It is not
   * asked again for an idempotency key whose order exists.
   */
  check(shown: {
    readonly proof: string;
    readonly terminalId: string;
    readonly customerNo: string;
    readonly use: 'describe' | 'order';
  }): Promise<boolean>;
}

/** Where nothing gives proofs, nothing is proven: customer numbers alone buy nothing at a terminal. */
export const NO_PROOFS: ProofCheck = { check: () => Promise.resolve(false) };
