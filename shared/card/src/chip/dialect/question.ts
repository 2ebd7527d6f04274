/** A command, and what the data of its answer says; `parse` gives undefined for data that cannot be its answer. */
export interface Question<T> {
  readonly apdu: Uint8Array;
  readonly parse: (data: Uint8Array) => T | undefined;
}
