/** The least that a drawer is counted in, fen. */
const JIAO_FEN = 10;

/**
 * What of a sum can be laid down in notes and coins (抹零), fen: whole jiao, and never more than the sum, since asking for more
 * than the price is not allowed.
 */
export const inNotes = (fen: number): number => fen - (fen % JIAO_FEN);
