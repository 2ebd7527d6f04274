/** What a remote's key means. Codes as `keydown` gives them: `key` is missing on old engines. */
export type Press =
  | { readonly type: 'move'; readonly direction: Direction }
  | { readonly type: 'ok' }
  | { readonly type: 'back' }
  | { readonly type: 'digit'; readonly digit: string }
  | { readonly type: 'erase' };
export type Direction = 'left' | 'up' | 'right' | 'down';

/** 19 to 22 are Android's own, which some boxes hand on. */
const MOVES: Readonly<Record<number, Direction>> = {
  37: 'left',
  38: 'up',
  39: 'right',
  40: 'down',
  19: 'up',
  20: 'down',
  21: 'left',
  22: 'right',
};
const OK = [13, 23];
/** By maker and province (docs/stb.md); what a WebView does not pass on comes as the shell's event. */
const BACK = [4, 8, 27, 640, 24, 399, 65_535];
/** Delete; 280 on boxes of ZTE. */
const ERASE = [46, 280];

export function pressOf(keyCode: number): Press | undefined {
  const direction = MOVES[keyCode];
  if (direction !== undefined) return { type: 'move', direction };
  if (OK.indexOf(keyCode) >= 0) return { type: 'ok' };
  if (BACK.indexOf(keyCode) >= 0) return { type: 'back' };
  if (ERASE.indexOf(keyCode) >= 0) return { type: 'erase' };
  const digit = digitOf(keyCode);
  return digit === undefined ? undefined : { type: 'digit', digit };
}

/** The row of digits, and those of a number pad. */
function digitOf(keyCode: number): string | undefined {
  if (keyCode >= 48 && keyCode <= 57) return String(keyCode - 48);
  if (keyCode >= 96 && keyCode <= 105) return String(keyCode - 96);
  return undefined;
}

/** Two presses closer together than this are one: remotes bounce. */
export const BOUNCE_MS = 100;

/** Lets a press through where it is not the bounce of the last one. */
export class Debounce {
  #last = -Infinity;

  /** `at`: ms on a monotonic clock. */
  accepts(at: number): boolean {
    if (at - this.#last < BOUNCE_MS) return false;
    this.#last = at;
    return true;
  }
}
