import type { PrinterState } from '../../ipc/map.ts';

/**
 * What a printer says of itself. Bits as in Epson's ESC/POS reference, "DLE EOT" and "GS a" (the programmer's manuals of
 * the TM-T88 and TM-L60II print the same tables); printers that imitate it follow them.
 */

const DLE = 0x10;
const EOT = 0x04;
const GS = 0x1d;

/** DLE EOT 1 to 4: printer, why it is off-line, errors, paper. Answered at once, also while it is off-line. */
export const ASK_STATUS = [1, 2, 3, 4].map((n) => Uint8Array.of(DLE, EOT, n));
/** GS r 1: answered in its turn, so that the answer says that all before it was printed. */
export const ASK_WHEN_PRINTED = Uint8Array.of(GS, 0x72, 1);

/** Answers to DLE EOT have bits 1 and 4 on, bits 0 and 7 off. */
const isRealTime = (byte: number): boolean => (byte & 0x93) === 0x12;
/** Those to GS r have bits 4 and 7 off. */
const isInTurn = (byte: number): boolean => (byte & 0x90) === 0;

const OFF_LINE = 0x08;
const COVER_OPEN = 0x04;
const STOPPED_BY_PAPER_END = 0x20;
/** Cutter, unrecoverable, and recoverable by itself (a hot head). */
const ERRORS = 0x08 | 0x20 | 0x40;
/** Both bits of a sensor go together. */
const NEAR_END = 0x0c;
const PAPER_END = 0x60;

/** From the four answers to `ASK_STATUS`, in their order; a printer that gave none is `unknown`. */
export function stateOf(answers: readonly number[]): PrinterState {
  const [printer, offLine, errors, paper] = answers;
  if (printer === undefined || offLine === undefined || errors === undefined || paper === undefined) {
    return 'unknown';
  }
  if ((offLine & COVER_OPEN) !== 0) return 'cover-open';
  if ((paper & PAPER_END) !== 0 || (offLine & STOPPED_BY_PAPER_END) !== 0) return 'paper-out';
  if ((errors & ERRORS) !== 0 || (printer & OFF_LINE) !== 0) return 'error';
  return (paper & NEAR_END) !== 0 ? 'paper-low' : 'ready';
}

/** Whether it would print now. A printer that never answers is believed to. */
export function mayPrint(state: PrinterState): boolean {
  return state === 'ready' || state === 'paper-low' || state === 'unknown';
}

/** Automatic status back, which some printers send unasked: four bytes, the first with bit 4 on and bits 0, 1 and 7 off. */
export function stateOfAsb(bytes: readonly [number, number, number, number]): PrinterState | undefined {
  const [printer, errors, paper] = bytes;
  if (!startsAsb(printer)) return undefined;
  if ((printer & 0x20) !== 0) return 'cover-open';
  if ((paper & 0x0c) !== 0) return 'paper-out';
  if ((errors & (0x08 | 0x20 | 0x40)) !== 0 || (printer & OFF_LINE) !== 0) return 'error';
  return (paper & 0x03) !== 0 ? 'paper-low' : 'ready';
}

function startsAsb(byte: number): boolean {
  return (byte & 0x93) === 0x10;
}

export interface Heard {
  /** Answers to DLE EOT, in their order. */
  readonly realTime: readonly number[];
  /** Whether GS r was answered. */
  readonly printed: boolean;
  /** The newest state that it told of unasked. */
  readonly asb: PrinterState | undefined;
}

/** Sorts what came by the bits that tell one kind of answer from another. */
export function hear(bytes: Uint8Array): Heard {
  const realTime: number[] = [];
  let printed = false;
  let asb: PrinterState | undefined;
  for (let at = 0; at < bytes.length; at += 1) {
    const [a = 0, b, c, d] = bytes.subarray(at, at + 4);
    if (isRealTime(a)) realTime.push(a);
    else if (startsAsb(a) && b !== undefined && c !== undefined && d !== undefined) {
      asb = stateOfAsb([a, b, c, d]);
      at += 3;
    } else if (isInTurn(a)) printed = true;
  }
  return { realTime, printed, asb };
}
