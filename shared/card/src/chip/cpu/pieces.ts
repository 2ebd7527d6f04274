import type { Region } from '../region.ts';
import type { CpuFile } from './dialect.ts';

/** One command's share of a region: bytes from the file's start. */
export interface Piece {
  readonly offset: number;
  readonly length: number;
}

/**
 * A region of a file cut into commands of at most `max` bytes, ascending. A whole file that its source takes in
 * pieces is taken in the same ones: what is known to work on real cards.
 */
export function piecesOf(
  file: CpuFile,
  { offset, length }: Omit<Region, 'zone'>,
  max: number,
): readonly Piece[] {
  const whole = offset === 0 && length === file.length;
  const known = whole ? file.pieces : undefined;
  const pieces: Piece[] = [];
  for (let done = 0; done < length;) {
    const wanted = known?.[pieces.length] ?? max;
    const piece = { offset: offset + done, length: Math.min(wanted, max, length - done) };
    pieces.push(piece);
    done += piece.length;
  }
  return pieces;
}
