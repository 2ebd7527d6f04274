const HEADER = 5;
const STATUS = 2;

/**
 * Bytes of the answer to a short command, or to a TPDU of T=0, where the card gives all that is asked for; the status word is in it.
 */
export function answerLength(command: Uint8Array): number {
  const lc = command[HEADER - 1] ?? 0;
  if (command.length === HEADER) return whole(lc) + STATUS;
  return command.length === HEADER + lc + 1 ? whole(command.at(-1) ?? 0) + STATUS : STATUS;
}

function whole(le: number): number {
  return le === 0 ? 256 : le;
}
