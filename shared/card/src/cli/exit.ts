/** What the tool ends with; docs/card-tool.md lists them. */
export const EXIT = {
  /** Done, or shown. */
  done: 0,
  /** It looked and the answer is no: dumps differ, a replay is not equal, something is in the way of a reader. */
  no: 1,
  /** A command, an option or a file is not as it must be. Nothing was done. */
  usage: 2,
  /** No reader, no card, or more of them than one. */
  nothingThere: 3,
  /** The reader, the card or the rules of writing said no; the error's code says which. */
  refused: 4,
  /** A fault of the tool. */
  fault: 70,
} as const;
export type Exit = (typeof EXIT)[keyof typeof EXIT];
