/**
 * How a one-time code reaches the household that a customer number belongs to: by a text to the phone that the grid
 * has on record. We never learn that phone's number. Whether a real grid offers this, and how it is called, differs
 * by province and is unproven: docs/unproven.md.
 */
export interface BindingCodes {
  /**
   * Asks the grid to text the code. Resolves alike whether the customer exists, has a phone on record or not: that is
   * the grid's to know. `requestNo` is ours, unique, at most 32 characters; the same one texts once. Fails with
   * `GridError`; after `grid.unknown` the text may be on its way, and another request is for the resident to make.
   */
  sendCode(request: {
    readonly requestNo: string;
    readonly customerNo: string;
    /** Six digits. */
    readonly code: string;
  }): Promise<void>;
}
