import type { Atr } from './atr.ts';
import { DEFAULT_FI_DI, fiDiOf } from './fi-di.ts';

/** The conditions on the line: what was agreed on and the clock that the reader gives. */
export interface LineSpeed {
  /** In force now, coded as TA1: `DEFAULT_FI_DI` after reset in negotiable mode. */
  readonly fiDi: number;
  readonly clockHz: number;
}

/** Times of a card on a line, µs. */
export interface LineTimes {
  /** One elementary time unit. */
  readonly etu: number;
  /** T=0: longest pause between two characters of the card, WT (ISO/IEC 7816-3:2006 §10.2). */
  readonly wait: number;
  /** T=1: longest pause between two characters of a block, CWT (§11.4.3). */
  readonly characterWait: number;
  /** T=1: longest pause before a block of the card, BWT (§11.4.3). */
  readonly blockWait: number;
  /** Least time from one character's start to the next, towards the card, GT (§8.3). */
  readonly guard: number;
}

const MICROSECONDS = 1e6;

/** What a card allows and wants on a line; reserved Fi and Di count as 372 and 1, as they do on the line. */
export function timesOf(atr: Atr, speed: LineSpeed): LineTimes {
  const current = orDefault(speed.fiDi);
  const offered = orDefault(atr.fiDi);
  const cycle = MICROSECONDS / speed.clockHz;
  const etu = (current.fi / current.di) * cycle;
  // With T=15 in the answer, N counts units of the greatest speed, else of the speed in force (§8.3).
  const global = Object.entries(atr.interfaceBytes).some(
    ([name, td]) => name.startsWith('TD') && (td & 15) === 15,
  );
  const guardUnit = global ? (offered.fi / offered.di) * cycle : etu;
  const ownLeast = atr.protocol === 1 ? 11 : 12;
  return {
    etu,
    wait: atr.waitingInteger * 960 * offered.fi * cycle,
    characterWait: (11 + 2 ** atr.cwi) * etu,
    blockWait: 11 * etu + 2 ** atr.bwi * 960 * 372 * cycle,
    guard: atr.extraGuard === 255 ? ownLeast * etu : 12 * etu + atr.extraGuard * guardUnit,
  };
}

function orDefault(byte: number): { readonly fi: number; readonly di: number } {
  return fiDiOf(byte) ?? fiDiOf(DEFAULT_FI_DI) ?? { fi: 372, di: 1 };
}
